#pragma once

// What the program says of itself: its contract and its health.

#include "http/route.h"

namespace db {
class Database;
}

namespace app {

http::Routes system_routes(db::Database&);

} // namespace app
