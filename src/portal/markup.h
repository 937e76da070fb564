#pragma once

// Small certainties about HTML and addresses that every page needs.

#include <string>
#include <string_view>

namespace portal {

/// Appends `text` with & < > " ' escaped: safe as text and inside a quoted attribute.
void append_escaped(std::string& out, std::string_view text);
std::string escaped(std::string_view text);

/// Whether an address may stand in href or src: site-relative, fragment, query, http(s), mailto or
/// tel. Everything with another scheme (javascript:, data:) may not, also when it is written with
/// blanks or control characters.
bool is_safe_address(std::string_view address);

/// Percent-encodes everything but the unreserved characters of RFC 3986.
std::string percent_encoded(std::string_view text);

/// The first `length_max` characters of text, with … when there was more. Never cuts a character.
std::string shortened(std::string_view text, std::size_t length_max);

/// Length in Unicode code points of valid UTF-8.
std::size_t character_count(std::string_view text);

} // namespace portal
