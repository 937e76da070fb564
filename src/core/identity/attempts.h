#pragma once

// Failed log-ins: counting, locking, throttling. A name that does not exist is counted and locked
// like one that does, so that the answer tells nothing.

#include "base/clock.h"
#include "base/result.h"
#include "core/identity/policy.h"

#include <string_view>

namespace db {
class Transaction;
}

namespace identity {

/// Refuses with identity.locked or identity.too_many_attempts.
base::Result<> check_may_try(
    db::Transaction&, std::string_view login, std::string_view address, base::Instant now,
    const Policy&);

/// Counts a failure, and locks the account when it was one too many.
void note_failure(
    db::Transaction&, std::string_view login, std::string_view address, base::Instant now,
    const Policy&);

void forget_failures(db::Transaction&, std::string_view login);

} // namespace identity
