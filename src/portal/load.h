#pragma once

// From the database to the facts of a page. Each function reads in the given snapshot, with a
// number of queries that does not grow with what is stored.

#include "base/result.h"
#include "portal/facts.h"

#include <optional>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace portal {

inline constexpr int column_page_size = 20;
inline constexpr int feed_length = 50;
inline constexpr int sitemap_length = 50'000; // Addresses; the limit of the sitemap protocol.

HomeFacts load_home(db::Transaction&, const SiteFacts&);

/// A list shows its own items and those of its sub-columns.
std::vector<base::ColumnId> columns_listed_by(const SiteFacts&, const site::Column&);

/// Nothing when there is no page of that number. `page` from 1.
std::optional<ColumnFacts> load_column_page(
    db::Transaction&, const SiteFacts&, const site::Column&, int page);

ItemFacts load_item_page(db::Transaction&, const SiteFacts&, release::Shown);

/// The shown column at this path ("/zwgk/zcwj/").
const site::Column* find_column_at(const SiteFacts&, std::string_view path);

} // namespace portal
