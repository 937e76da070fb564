#pragma once

// What a reader may have meant. The counts of character pairs in the index itself are the language
// model: pinyin is read as the characters whose pairs occur most, a wrong character is replaced by
// one that fits both neighbours, of the same sound first (most typing errors are homophones picked
// in an input method). So what is suggested is always something that can be found.

#include "search/parse.h"
#include "search/segment.h"

#include <span>
#include <string>
#include <vector>

namespace search {

/// Queries that may find more, most likely first, a handful at most.
std::vector<std::string> corrections(std::span<const Part> parts, std::string_view query);

} // namespace search
