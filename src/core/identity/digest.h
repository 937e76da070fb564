#pragma once

// Small cryptographic helpers: how tokens, codes and names are kept.

#include <string>
#include <string_view>

namespace identity {

/// SHA-256 in 64 hex digits. For random tokens and codes only, never for passwords.
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha1(std::string_view key, std::string_view message); // 20 bytes.
std::string to_hex(std::string_view bytes);

/// In a time that does not tell where they differ.
bool equal_in_constant_time(std::string_view one, std::string_view other);

} // namespace identity
