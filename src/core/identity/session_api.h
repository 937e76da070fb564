#pragma once

#include "core/identity/policy.h"
#include "http/route.h"

namespace db {
class Database;
}

namespace identity {

/// The half of routes() about the own session and account.
http::Routes session_routes(db::Database&, const Policy&);

} // namespace identity
