#pragma once

// Percent-decoding of targets and forms. Path confusion is refused, never normalised: what one
// server in a chain reads as a slash or a dot segment and the next does not, is nobody's page.

#include "http/request.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace http {

/// Shortest forms only, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// The decoded path, written to `path`. False for: no leading slash, a bad or truncated escape, an
/// escaped slash, backslash or dot, a raw backslash, control characters, invalid UTF-8, an empty
/// segment other than the last, "." and "..".
bool decode_path(std::string_view raw, std::string& path);

/// name=value&… with + for space, of a query or an urlencoded form, appended to `pairs`. False for
/// a bad escape, NUL, invalid UTF-8, more than `count_max` pairs.
bool decode_pairs(std::string_view raw, std::size_t count_max, Pairs& pairs);

/// %XX decoded, nothing else checked; nothing on a bad escape.
std::optional<std::string> percent_decoded(std::string_view raw);

} // namespace http
