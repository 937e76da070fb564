#pragma once

// Log-in, log-out, and the sessions between (会话). Checking a password takes time and memory, so
// these verbs open their transactions themselves and hash outside of them.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/identity/policy.h"
#include "core/identity/staff.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace identity {

struct Session {
    std::int64_t id = 0;
    base::UserId user;
    std::string csrf; // What the page must send back with every change.
    std::string address;
    std::string agent;
    base::Instant started_at;
    base::Instant seen_at;
};

struct LoginAttempt {
    std::string login;
    std::string password;
    std::string code; // TOTP or recovery code; "" when none was given.
    std::string address;
    std::string agent;
    std::string request_id;
};

struct Login {
    std::string token; // For the cookie; kept nowhere.
    Session session;
    User user;
};

/// Refuses with identity.wrong_credentials (unknown name, wrong password or code: the same words
/// and work), identity.totp_needed (the password was right), identity.account_disabled,
/// identity.locked, identity.too_many_attempts, identity.busy.
base::Result<Login> log_in(
    db::Database&, const LoginAttempt&, base::Instant now, const Policy& = default_policy());

void log_out(db::Database&, const base::Actor&, std::int64_t session, base::Instant now);

struct SignedIn {
    Session session;
    User user;
};

/// nullopt: unknown, idle too long, too old, or the account may not work any more.
std::optional<SignedIn> find_session(
    db::Transaction&, std::string_view token, base::Instant now, const Policy& = default_policy());

/// Notes that the session is in use; writes at most once a minute.
void keep_alive(db::Database&, const Session&, base::Instant now);

std::vector<Session> list_own_sessions(
    db::Transaction&, base::UserId, base::Instant now, const Policy& = default_policy());

/// Refuses with identity.session_not_found.
base::Result<> end_own_session(
    db::Transaction&, const base::Actor&, std::int64_t session, base::Instant now);

/// Ends all other sessions and gives this one a new token. Refuses with identity.wrong_password,
/// identity.weak_password, identity.password_used_before, identity.locked, identity.busy.
base::Result<Login> change_own_password(
    db::Database&, const base::Actor&, const Session& current, std::string_view old_password,
    std::string_view new_password, base::Instant now, const Policy& = default_policy());

struct TotpSecret {
    std::string secret; // Base32, shown once.
    std::string uri;    // otpauth://…
};
/// Begins to bind an authenticator. Refuses with identity.totp_enabled.
base::Result<TotpSecret> start_totp(db::Transaction&, const base::Actor&, base::Instant now);
/// Returns ten recovery codes, shown once. Refuses with identity.totp_not_started,
/// identity.totp_enabled, identity.totp_wrong.
base::Result<std::vector<std::string>> confirm_totp(
    db::Transaction&, const base::Actor&, std::string_view code, base::Instant now);
/// Refuses with identity.wrong_password, identity.locked, identity.busy.
base::Result<> remove_totp(
    db::Database&, const base::Actor&, std::string_view password, base::Instant now,
    const Policy& = default_policy());

} // namespace identity
