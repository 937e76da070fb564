#pragma once

// Review over HTTP, for the console (web/openapi.yaml, tag review).

#include "http/route.h"
#include "publish/library/api.h"

namespace db {
class Database;
}

namespace review {

http::Routes routes(db::Database&);

/// The open flow of an item and why its last version came back, for library's answers.
void decorate_item(db::Transaction&, const library::Item&, boost::json::object& answer);

} // namespace review
