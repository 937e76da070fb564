#pragma once

// Release over HTTP, for the console (web/openapi.yaml, tag release).

#include "http/route.h"

namespace db {
class Database;
}

namespace release {

http::Routes routes(db::Database&);

} // namespace release
