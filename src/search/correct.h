#pragma once

// What a reader may have meant. The counts of character pairs in the index itself are the language
// model: pinyin is read as the characters whose pairs occur most, a wrong character is replaced by
// one that fits both neighbours, of the same sound first (most typing errors are homophones picked
// in an input method). So what is suggested is always something that can be found.

#include "search/parse.h"
#include "search/segment.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace search {

/// How often characters follow each other in the index. Does not change once built.
class Neighbours {
public:
    struct Pair {
        char32_t first = 0;
        char32_t second = 0;
        std::uint32_t documents = 0;
    };

    explicit Neighbours(std::span<const Part> parts);

    /// All pairs with this first character, by the second.
    std::span<const Pair> after(char32_t first) const;
    std::uint64_t count(char32_t first, char32_t second) const;

private:
    std::vector<Pair> pairs_;
};

/// Queries that may find more, most likely first, a handful at most.
std::vector<std::string> corrections(const Neighbours& neighbours, std::string_view query);

} // namespace search
