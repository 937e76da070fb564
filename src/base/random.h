#pragma once

#include <cstddef>
#include <string>

namespace base {

/// `count` bytes from the operating system's generator. Throws std::runtime_error when it fails.
std::string random_bytes(std::size_t count);

/// Random text of `length` characters out of 0-9 a-z without the look-alikes i, l, o, u: query
/// codes that a citizen reads over the telephone, request ids, session tokens (5 bits a character).
std::string random_code(std::size_t length);

} // namespace base
