#pragma once

// Official text that nobody wrote: documents and queries for measuring search, the same on every
// run. Words follow Zipf's law: the head are words of real official writing, the tail is made of
// the 3,755 common characters of GB 2312, so that rare words and accidental neighbours occur as
// they do in real text.

#include "search/index.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace search::bench {

class Corpus {
public:
    explicit Corpus(std::uint64_t seed = 20260101);

    /// The document `id`: about 2 KB. Depends on nothing but the seed and the id.
    Document document(std::int64_t id) const;

    /// The words of the same text, separated by spaces, for engines that need them cut.
    std::string spaced(std::int64_t id) const;

    /// Query `number` of a realistic mix: 2-4 characters mostly, half of them frequent words, some
    /// of two words, some whole titles.
    std::string query(std::uint64_t number) const;

    const std::vector<std::string>& words() const { return words_; }

private:
    std::size_t rank(std::mt19937_64& random) const;

    std::uint64_t seed_;
    std::vector<std::string> words_;
    std::vector<double> cumulated_;
};

} // namespace search::bench
