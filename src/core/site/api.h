#pragma once

// Sites and columns for the console.

#include "base/id.h"
#include "http/route.h"

#include <functional>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace site {

/// Was anything ever released in that column? Known to publish/release, which stands above this
/// room: plugged in.
using HasReleases = std::function<bool(db::Transaction&, base::ColumnId)>;

http::Routes routes(db::Database&, HasReleases);

} // namespace site
