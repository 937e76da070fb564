#pragma once

// What a reader sees of a hit: the title and the passage that shows most of the query, with the
// matching places marked.

#include "search/index.h"
#include "search/parse.h"

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace search {

class Marker {
public:
    explicit Marker(const Parsed& parsed);

    /// The whole text with marks.
    Marked whole(std::string_view text) const;

    /// The best window of at most snippet_length_max characters; the beginning when nothing
    /// matches.
    Marked snippet(std::string_view text) const;

private:
    std::vector<Occurrence> occurrences(const std::vector<Glyph>& glyphs) const;

    std::unordered_set<Key> keys_;
    std::unordered_set<char32_t> singles_;
};

} // namespace search
