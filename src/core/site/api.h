#pragma once

// Sites and columns for the console.

#include "base/clock.h"
#include "base/id.h"
#include "core/site/column.h"
#include "http/route.h"

#include <boost/json/fwd.hpp>
#include <functional>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace site {

/// Was anything ever released in that column? Known to publish/release, which stands above this
/// room: plugged in.
using HasReleases = std::function<bool(db::Transaction&, base::ColumnId)>;

/// What publish/release adds to a column's answer: how much stands in it, and since when.
using ColumnDecorator = std::function<void(
    db::Transaction&, const Column&, base::Instant now, boost::json::object& answer)>;

http::Routes routes(db::Database&, HasReleases, ColumnDecorator = {});

} // namespace site
