#pragma once

// From a parsed query to ranked matches and the counts of all of them. Each part is asked for
// itself: lists are intersected from the rarest on, filters applied, facets counted, the best kept.

#include "search/index.h"
#include "search/parse.h"
#include "search/segment.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace search {

struct Match {
    double rank = 0;     // Score, or time of publication.
    std::int64_t id = 0; // Of equals the newer first, so that pages follow each other.
    std::uint32_t part = 0;
    std::uint32_t document = 0;
};

struct Matches {
    std::vector<Match> best; // In order.
    std::size_t total = 0;
    bool total_is_exact = true;
    bool found_elsewhere = false; // Something matches but for the filters.
    Facets facets;
};

enum class Need { AllWords, SomeWords };

/// The documents of `parts` that match. `keep`: how many of the best are wanted.
Matches find_matches(
    std::span<const Part> parts, const Query& query, const Parsed& parsed, Need need,
    std::size_t keep);

/// In how many documents a term occurs, the dead included.
std::uint64_t frequency(std::span<const Part> parts, Key key);

} // namespace search
