#pragma once

// The audit trail for the console. Read only; looking at it and exporting it leave records too.

#include "base/actor.h"
#include "base/clock.h"
#include "http/route.h"

#include <functional>
#include <optional>
#include <vector>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace audit {

/// Of which organisations' people may the actor see the records? nullopt: of all. This room stands
/// below core/identity, so the answer is plugged in (identity::visible_audit_orgs).
using VisibleOrgs = std::function<std::optional<std::vector<base::OrgId>>(
    db::Transaction&, const base::Actor&, base::Instant now)>;

http::Routes routes(db::Database&, VisibleOrgs);

} // namespace audit
