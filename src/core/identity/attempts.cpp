#include "core/identity/attempts.h"

#include "core/identity/digest.h"
#include "core/identity/refusals.h"
#include "core/identity/store.h"

namespace identity {

base::Result<> check_may_try(
    db::Transaction& tx, std::string_view login, std::string_view address, base::Instant now,
    const Policy& policy)
{
    const auto until = find_lock(tx, sha256_hex(login));
    if (until && *until > now)
        return locked(base::to_minute_text(*until));
    const auto since = now - policy.failures_window;
    if (count_failures_of_address(tx, address, since) >= policy.address_failures_max)
        return too_many_attempts();
    return {};
}

void note_failure(
    db::Transaction& tx, std::string_view login, std::string_view address, base::Instant now,
    const Policy& policy)
{
    const auto login_hash = sha256_hex(login);
    const auto since = now - policy.failures_window;
    delete_failures_before(tx, since);
    insert_failure(tx, login_hash, address, now);
    if (count_failures_of_login(tx, login_hash, since) < policy.failures_max)
        return;
    const auto until = now + policy.lock_time;
    save_lock(tx, login_hash, until);
    if (const auto user = find_user_by_login(tx, login))
        save_locked_until(tx, user->id, until);
}

void forget_failures(db::Transaction& tx, std::string_view login)
{
    const auto login_hash = sha256_hex(login);
    clear_failures_of_login(tx, login_hash);
    clear_lock(tx, login_hash);
}

} // namespace identity
