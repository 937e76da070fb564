#pragma once

#include "search/correct.h"
#include "search/index.h"
#include "search/segment.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace search {

/// What is asked: the parts of one state, and on demand what corrects a query.
struct Source {
    std::span<const Part> parts;
    std::function<std::shared_ptr<const Neighbours>()> neighbours;
};

/// Index::search.
base::Result<Results> answer(const Source& source, const Query& query);

/// Index::suggest.
std::vector<std::string> titles_for(const Source& source, std::string_view prefix, int limit);

} // namespace search
