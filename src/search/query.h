#pragma once

#include "search/index.h"
#include "search/segment.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace search {

/// Answers a query over the parts of one state: Index::search.
base::Result<Results> answer(std::span<const Part> parts, const Query& query);

/// Index::suggest.
std::vector<std::string> titles_for(
    std::span<const Part> parts, std::string_view prefix, int limit);

} // namespace search
