#pragma once

// Release over HTTP, for the console (web/openapi.yaml, tag release).

#include "base/clock.h"
#include "http/route.h"

#include <boost/json/fwd.hpp>

namespace db {
class Database;
class Transaction;
} // namespace db
namespace site {
struct Column;
}

namespace release {

http::Routes routes(db::Database&);

/// What stands in a column and since when, whether it is blank or overdue, for core/site's answers.
void decorate_column(
    db::Transaction&, const site::Column&, base::Instant now, boost::json::object& answer);

} // namespace release
