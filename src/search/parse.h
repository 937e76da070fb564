#pragma once

// From what a reader typed to what is looked up. There is no query language: quotation marks make
// words stand in a row, spaces separate, everything else is text. Linear in the length of the
// query.

#include "search/terms.h"

#include <string>
#include <string_view>
#include <vector>

namespace search {

/// One word that must occur.
struct Word {
    std::string text;          // Folded.
    std::vector<Key> keys;     // In Field::Text; all of them must occur. Empty: see `single`.
    char32_t single = 0;       // A word of one Han character: any pair that begins with it.
    bool spaced_before = true; // Something stood between it and the word before.
};

struct Parsed {
    std::vector<Word> words;
    std::vector<Key> neighbours;      // Pairs across words: not needed, but better with them.
    std::vector<std::string> phrases; // Quoted, folded: must stand like this.
    std::string bare;                 // The whole query, folded, without separators.
    bool empty() const { return words.empty(); }
};

/// Requires: valid or broken UTF-8 of bounded length.
Parsed parse(std::string_view text);

/// Characters of a query, broken bytes counted singly.
std::size_t character_count(std::string_view text);

} // namespace search
