#pragma once

#include <string_view>

namespace identity {

/// The text of data/weak-passwords.txt, put into the program by the build.
extern const std::string_view weak_passwords;

} // namespace identity
