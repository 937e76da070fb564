#pragma once

// UTF-8 as bytes in a std::string, which is the only form of text inside the program. What comes
// from outside is checked or repaired here first; everything behind may assume valid UTF-8.
// "Repair" follows the Encoding Standard: every maximal subpart of an ill-formed sequence becomes
// one U+FFFD, as in browsers, so that positions agree with what a person sees there. No function
// here throws.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace text {

constexpr char32_t REPLACEMENT_CHARACTER = 0xFFFD;
constexpr std::string_view REPLACEMENT_UTF8 = "\xEF\xBF\xBD";

/// The offset of the first byte that is not part of a well-formed sequence; nullopt when all is
/// well. Surrogates, overlong forms and everything above U+10FFFF are ill-formed.
std::optional<std::size_t> find_invalid_utf8(std::string_view bytes);

bool is_valid_utf8(std::string_view bytes);

/// The same text with every ill-formed part replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);

struct CodePoint {
    char32_t value;     // U+FFFD for an ill-formed part.
    std::size_t length; // Bytes it took, at least 1.
    bool valid;
};

/// The code point that begins at `offset`. Requires: offset < bytes.size().
CodePoint decode_utf8(std::string_view bytes, std::size_t offset);

/// Appends the UTF-8 form. A surrogate or a value above U+10FFFF is appended as U+FFFD.
void append_utf8(std::string& to, char32_t code_point);
std::string utf8_from(std::u32string_view code_points);
std::u32string to_code_points(std::string_view utf8);

/// Counts code points of valid UTF-8: what the rules of publishing call 字数.
std::size_t count_code_points(std::string_view utf8);

/// The longest prefix of at most `code_points_max` code points; never cuts a character in two.
std::string_view truncate_code_points(std::string_view utf8, std::size_t code_points_max);

/// The longest prefix of at most `bytes_max` bytes that does not cut a character in two.
std::string_view truncate_bytes(std::string_view utf8, std::size_t bytes_max);

/// May this character stand in stored text? No: C0 and C1 controls except tab and newline, DEL,
/// non-characters, surrogates, and the bidirectional embeddings, overrides and isolates, which let
/// a text show something else than it says.
bool is_storable(char32_t code_point);

/// Valid UTF-8 with CR LF and CR as LF and every character that is not storable as U+FFFD.
std::string normalise_controls(std::string_view bytes);

/// Unicode normalisation form C. Ill-formed parts become U+FFFD.
std::string to_nfc(std::string_view utf8);

/// Full-width forms (Ａ １ ＠ and the ideographic space) as their half-width ASCII.
std::string to_half_width(std::string_view utf8);
/// ASCII 0x21–0x7E as full-width forms and the space as U+3000.
std::string to_full_width(std::string_view utf8);
char32_t half_width(char32_t code_point);

/// ASCII letters in lower case; other characters as they are.
std::string to_lower_ascii(std::string_view utf8);

/// A Chinese character (汉字): the unified and compatibility ideographs, 〇 and 々.
bool is_han(char32_t code_point);

/// Without white space at both ends, including U+3000, U+00A0 and U+FEFF.
std::string_view trim(std::string_view utf8);
bool is_blank(char32_t code_point);

} // namespace text
