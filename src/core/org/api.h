#pragma once

// Organisations for the console. Everybody who is signed in may read them: they are public
// knowledge. Changing them needs org.manage at the place where they stand.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/route.h"

#include <functional>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace org {

/// May the actor manage organisations at and below `where` (0: at the top)? This room stands below
/// core/identity, so the answer is plugged in (identity::may_manage_org).
using MayManage = std::function<base::Result<>(
    db::Transaction&, const base::Actor&, base::OrgId where, base::Instant now)>;

http::Routes routes(db::Database&, MayManage);

} // namespace org
