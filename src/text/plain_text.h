#pragma once

// Text and HTML, both ways: HTML as readable lines for indexing, proofreading and summaries, and
// text escaped for a place in HTML. Reading takes any HTML, not only our own.

#include <cstddef>
#include <string>
#include <string_view>

namespace text {

/// Every block on a line of its own, table cells separated by tabs, blanks collapsed as a browser
/// shows them (kept in <pre>), scripts and styles left out. No line is empty, none ends in a blank.
std::string plain_text(std::string_view html);

/// The beginning of the readable text on one line, at most `characters_max` characters; "…" stands
/// where it was cut (and counts).
std::string excerpt(std::string_view html, std::size_t characters_max);

/// For text between tags: & < >.
std::string escape_html(std::string_view utf8);
/// For a double-quoted attribute value: also quotes and the backtick.
std::string escape_attribute(std::string_view utf8);

} // namespace text
