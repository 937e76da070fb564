#pragma once

// The tables of staff, grants, sessions and failed log-ins.

#include "core/identity/session.h"
#include "core/identity/staff.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace identity {

/// What a person proves himself with.
struct Secrets {
    std::string password_hash;
    base::Instant password_changed_at;
    std::string totp_secret;
    bool totp_enabled = false;
    std::int64_t totp_last_step = 0;
};

base::UserId insert_user(
    db::Transaction&, const User&, std::string_view password_hash, base::Instant now);
void save_user(db::Transaction&, const User&);
std::optional<User> find_user(db::Transaction&, base::UserId);
std::optional<Secrets> find_secrets(db::Transaction&, base::UserId);
void save_password(
    db::Transaction&, base::UserId, std::string_view hash, bool must_change, base::Instant now);
void save_rehashed_password(db::Transaction&, base::UserId, std::string_view hash);
void save_totp(
    db::Transaction&, base::UserId, std::string_view secret, bool enabled, std::int64_t last_step);
void save_locked_until(db::Transaction&, base::UserId, std::optional<base::Instant>);
void save_login_time(db::Transaction&, base::UserId, base::Instant now);
std::vector<std::string> list_old_passwords(db::Transaction&, base::UserId, int limit);

void replace_recovery_codes(db::Transaction&, base::UserId, const std::vector<std::string>& hashes);
/// Uses it up. False: there is no such code (any more).
bool take_recovery_code(db::Transaction&, base::UserId, std::string_view hash);

Grant insert_grant(
    db::Transaction&, base::UserId, const Grant&, base::UserId granted_by, base::Instant now);
bool delete_grant(db::Transaction&, base::UserId, std::int64_t grant);

void insert_failure(
    db::Transaction&, std::string_view login_hash, std::string_view address, base::Instant now);
std::int64_t count_failures_of_login(
    db::Transaction&, std::string_view login_hash, base::Instant since);
std::int64_t count_failures_of_address(
    db::Transaction&, std::string_view address, base::Instant since);
void delete_failures_before(db::Transaction&, base::Instant before);
void clear_failures_of_login(db::Transaction&, std::string_view login_hash);
std::optional<base::Instant> find_lock(db::Transaction&, std::string_view login_hash);
void save_lock(db::Transaction&, std::string_view login_hash, base::Instant until);
void clear_lock(db::Transaction&, std::string_view login_hash);

std::int64_t insert_session(db::Transaction&, const Session&, std::string_view token_hash);
std::optional<Session> find_session_by_hash(db::Transaction&, std::string_view token_hash);
std::vector<Session> list_sessions_of(db::Transaction&, base::UserId); // Newest first.
void save_session_seen(db::Transaction&, std::int64_t session, base::Instant now);
bool delete_session(db::Transaction&, base::UserId, std::int64_t session);
/// Returns how many.
std::int64_t delete_sessions_of(db::Transaction&, base::UserId, std::int64_t except);
void delete_sessions_before(db::Transaction&, base::Instant started_before);

} // namespace identity
