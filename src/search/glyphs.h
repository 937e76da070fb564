#pragma once

// Text as the index sees it: characters with their place in the UTF-8 they came from, folded so
// that what a reader takes for the same is the same (full width and half, capital and small,
// traditional and simplified). Broken UTF-8 becomes a separator, never an error.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct Glyph {
    char32_t character = 0; // Folded; 0 separates (space, punctuation, control, broken bytes).
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Every character of `text`, at most `count_max`.
std::vector<Glyph> glyphs_of(std::string_view text, std::size_t count_max);

/// Reads one character at `at` and moves on by at least one byte; 0 for what is not UTF-8.
char32_t next_character(std::string_view text, std::size_t& at);

void append_utf8(std::string& text, char32_t character);

bool is_han(char32_t character);

/// Letters and digits of scripts that put spaces between words.
bool is_word_character(char32_t character);

/// One character folded; 0 when it separates.
char32_t fold(char32_t character);

/// Folded and without separators: two titles that differ in spaces and brackets only are one.
std::string bare(std::string_view text);

} // namespace search
