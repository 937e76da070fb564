#pragma once

// The workbench (工作台): what waits for me over all sites, what I started, which of my columns are
// overdue. Composed here because no room below knows all of it.

#include "http/route.h"

namespace db {
class Database;
}

namespace app {

http::Routes workbench_routes(db::Database&);

} // namespace app
