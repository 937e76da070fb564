#pragma once

// Log-in, the own account, staff and roles for the console; and the answers that rooms below this
// one have plugged in.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/identity/policy.h"
#include "http/route.h"

#include <optional>
#include <vector>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace identity {

http::Routes routes(db::Database&, const Policy& = default_policy());

/// For org::routes: org.manage at that organisation (0: at the top, without bounds).
base::Result<> may_manage_org(
    db::Transaction&, const base::Actor&, base::OrgId where, base::Instant now);

/// For audit::routes: the organisations of the actor's audit.read; nullopt: all.
std::optional<std::vector<base::OrgId>> visible_audit_orgs(
    db::Transaction&, const base::Actor&, base::Instant now);

} // namespace identity
