#pragma once

// A hundred sites and any number of items, the same on every run, for the benchmarks: the
// demonstration's government with more departments, each with a site of eight columns and a home
// page that shows five of them.

#include "base/actor.h"
#include "core/identity/ability.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "publish/library/item.h"

#include <stdexcept>
#include <utility>
#include <vector>

namespace app {
class Instance;
}
namespace search {
struct Document;
}

namespace bench {

inline constexpr std::size_t sites_total = 100;

/// The value, or an end of the program: a benchmark whose set-up is refused measures nothing.
template <typename T>
T must(base::Result<T> result)
{
    if (!result)
        throw std::runtime_error(result.error().code + ": " + result.error().message);
    return std::move(*result);
}

struct Place {
    site::Site site;
    std::vector<site::Column> columns; // That take items.
};

struct Town {
    std::vector<Place> places;
    base::Actor publisher;
    identity::Authority authority;
};

/// Loads the demonstration into an empty directory and builds the rest of the sites.
Town build_town(app::Instance&);
/// The town of a directory that has one.
Town find_town(app::Instance&);

/// The item of a document of the corpus, about 2 KB of text, for one column of one site.
library::Content content_of(const search::Document&, const Town&);

} // namespace bench
