#include "core/identity/session.h"

#include "base/random.h"
#include "core/audit/audit.h"
#include "core/identity/attempts.h"
#include "core/identity/digest.h"
#include "core/identity/hashing.h"
#include "core/identity/password.h"
#include "core/identity/refusals.h"
#include "core/identity/store.h"
#include "core/identity/totp.h"
#include "db/database.h"

#include <algorithm>

namespace identity {
namespace {

constexpr std::size_t token_bytes = 32; // 256 bits.
constexpr std::chrono::minutes seen_interval{1};

/// What the database knows of the one who wants in.
struct Candidate {
    std::optional<User> user;
    Secrets secrets;
};

base::Actor actor_of(const LoginAttempt& attempt, const std::optional<User>& user)
{
    return {
        .user = user ? user->id : base::UserId{},
        .org = user ? user->org : base::OrgId{},
        .name = user ? user->name : std::string("未登录"),
        .address = attempt.address,
        .request_id = attempt.request_id};
}

/// A name that does not exist may be a password typed into the wrong field: it is not written down.
void note_login(
    db::Transaction& tx, const LoginAttempt& attempt, const std::optional<User>& user,
    audit::Outcome outcome, const std::string& why, base::Instant now)
{
    const auto who = user ? user->login : std::string("账号不存在");
    const bool done = outcome == audit::Outcome::Done;
    audit::record(
        tx, actor_of(attempt, user),
        {.action = "identity.log_in",
         .subject_kind = "user",
         .subject = user ? user->id.value : 0,
         .summary = done ? "登录：" + who : "登录失败：" + who + "，" + why,
         .outcome = outcome},
        now);
}

base::Result<Candidate> find_candidate(
    db::Transaction& tx, const LoginAttempt& attempt, base::Instant now, const Policy& policy)
{
    TRY(check_may_try(tx, attempt.login, attempt.address, now, policy));
    Candidate candidate;
    candidate.user = find_user_by_login(tx, attempt.login);
    if (candidate.user)
        candidate.secrets = find_secrets(tx, candidate.user->id).value();
    return candidate;
}

enum class CodeCheck { Good, Absent, Wrong };

/// The authenticator's code or a recovery code; either is used up.
CodeCheck take_code(
    db::Transaction& tx, base::UserId user, std::string_view code, base::Instant now)
{
    const auto secrets = find_secrets(tx, user).value(); // As they are now: two may try at once.
    if (!secrets.totp_enabled)
        return CodeCheck::Good;
    if (code.empty())
        return CodeCheck::Absent;
    const auto step = find_totp_step(secrets.totp_secret, code, secrets.totp_last_step, now);
    if (step) {
        save_totp(tx, user, secrets.totp_secret, true, *step);
        return CodeCheck::Good;
    }
    return take_recovery_code(tx, user, sha256_hex(code)) ? CodeCheck::Good : CodeCheck::Wrong;
}

bool is_password_too_old(const User& user, base::Instant now, const Policy& policy)
{
    return policy.password_age_max.count() > 0 && user.password_changed_at
           && *user.password_changed_at + policy.password_age_max <= now;
}

bool is_over(const Session& session, base::Instant now, const Policy& policy)
{
    return session.seen_at + policy.session_idle_max <= now
           || session.started_at + policy.session_age_max <= now;
}

struct Opened {
    std::string token;
    Session session;
};

Opened open_session(db::Transaction& tx, Session session, const Policy& policy)
{
    const auto token = to_hex(base::random_bytes(token_bytes));
    delete_sessions_before(tx, session.started_at - policy.session_age_max);
    const auto present = list_sessions_of(tx, session.user);
    for (std::size_t i = static_cast<std::size_t>(policy.sessions_per_user_max) - 1;
         i < present.size(); ++i)
        delete_session(tx, session.user, present[i].id);
    session.id = insert_session(tx, session, sha256_hex(token));
    return {token, session};
}

/// Everything after the password was found right, in one transaction. The outer Result is what is
/// kept whatever it says: a refusal is written down too.
base::Result<Login> admit(
    db::Transaction& tx, const LoginAttempt& attempt, User user, base::Instant now,
    const Policy& policy)
{
    const auto code = take_code(tx, user.id, attempt.code, now);
    if (code == CodeCheck::Absent)
        return totp_needed();
    if (code == CodeCheck::Wrong) {
        note_failure(tx, attempt.login, attempt.address, now, policy);
        note_login(tx, attempt, user, audit::Outcome::Refused, "动态口令不正确", now);
        return wrong_credentials();
    }
    if (!may_work(user, now)) {
        note_login(tx, attempt, user, audit::Outcome::Refused, "账号已停用或到期", now);
        return account_disabled();
    }
    forget_failures(tx, attempt.login);
    save_locked_until(tx, user.id, std::nullopt);
    save_login_time(tx, user.id, now);
    Session session;
    session.user = user.id;
    session.csrf = to_hex(base::random_bytes(token_bytes));
    session.address = attempt.address;
    session.agent = attempt.agent;
    session.started_at = now;
    session.seen_at = now;
    auto opened = open_session(tx, std::move(session), policy);
    note_login(tx, attempt, user, audit::Outcome::Done, "", now);
    user.last_login_at = now;
    user.must_change_password = user.must_change_password || is_password_too_old(user, now, policy);
    return Login{std::move(opened.token), std::move(opened.session), std::move(user)};
}

/// A refusal that the transaction must outlive: wrapped, so that db::Database keeps it.
template <typename T>
struct Kept {
    base::Result<T> result;
};

/// Is it the person's own password? A wrong one counts like a failed log-in, so that a stolen
/// session gives no way to guess it.
base::Result<> prove_password(
    db::Database& database, const base::Actor& actor, std::string_view password,
    std::string_view field, base::Instant now, const Policy& policy)
{
    struct Facts {
        User user;
        Secrets secrets;
    };
    auto read = database.read([&](db::Transaction& tx) -> base::Result<Facts> {
        auto user = TRY(load_user(tx, actor.user));
        TRY(check_may_try(tx, user.login, actor.address, now, policy));
        return Facts{std::move(user), find_secrets(tx, actor.user).value()};
    });
    const auto facts = TRY(std::move(read));
    if (TRY(is_password(facts.secrets.password_hash, password, policy.hash_cost)))
        return {};
    database.write([&](db::Transaction& tx) {
        note_failure(tx, facts.user.login, actor.address, now, policy);
        audit::record(
            tx, actor,
            {.action = "identity.prove_password",
             .subject_kind = "user",
             .subject = actor.user.value,
             .summary = "口令核对失败：" + facts.user.login,
             .outcome = audit::Outcome::Refused},
            now);
    });
    return wrong_password(std::string(field));
}

base::Result<> check_history(
    db::Database& database, base::UserId user, std::string_view password, const Policy& policy)
{
    const auto hashes = database.read([&](db::Transaction& tx) {
        auto all = list_old_passwords(tx, user, policy.password_history - 1);
        all.push_back(find_secrets(tx, user).value().password_hash);
        return all;
    });
    for (const auto& hash : hashes)
        if (TRY(is_password(hash, password, policy.hash_cost)))
            return password_used_before("new_password", policy.password_history);
    return {};
}

} // namespace

base::Result<Login> log_in(
    db::Database& database, const LoginAttempt& attempt, base::Instant now, const Policy& policy)
{
    auto read = database.read(
        [&](db::Transaction& tx) { return find_candidate(tx, attempt, now, policy); });
    const auto candidate = TRY(std::move(read));
    const bool good =
        TRY(is_password(candidate.secrets.password_hash, attempt.password, policy.hash_cost));
    const auto& hash = candidate.secrets.password_hash;
    std::string better_hash;
    if (good && is_of_other_cost(hash, policy.hash_cost))
        better_hash = TRY(hash_password(attempt.password, policy.hash_cost));
    auto kept = database.write([&](db::Transaction& tx) -> Kept<Login> {
        // Asked again: others may have failed meanwhile, and their failures count for all.
        if (auto may_try = check_may_try(tx, attempt.login, attempt.address, now, policy); !may_try)
            return {tl::unexpected(std::move(may_try).error())};
        if (!good || !candidate.user) {
            note_failure(tx, attempt.login, attempt.address, now, policy);
            note_login(
                tx, attempt, candidate.user, audit::Outcome::Refused, "登录名或口令不正确", now);
            return {wrong_credentials()};
        }
        auto user = find_user(tx, candidate.user->id);
        const auto secrets = find_secrets(tx, candidate.user->id);
        if (!user || secrets->password_hash != hash)
            return {wrong_credentials()}; // Changed in this very moment.
        if (!better_hash.empty())
            save_rehashed_password(tx, user->id, better_hash);
        return {admit(tx, attempt, std::move(*user), now, policy)};
    });
    return std::move(kept.result);
}

void log_out(
    db::Database& database, const base::Actor& actor, std::int64_t session, base::Instant now)
{
    database.write([&](db::Transaction& tx) {
        if (!delete_session(tx, actor.user, session))
            return;
        audit::record(
            tx, actor,
            {.action = "identity.log_out",
             .subject_kind = "user",
             .subject = actor.user.value,
             .summary = "退出"},
            now);
    });
}

std::optional<SignedIn> find_session(
    db::Transaction& tx, std::string_view token, base::Instant now, const Policy& policy)
{
    if (token.size() != 2 * token_bytes)
        return std::nullopt;
    auto session = find_session_by_hash(tx, sha256_hex(token));
    if (!session || is_over(*session, now, policy))
        return std::nullopt;
    auto user = find_user(tx, session->user);
    if (!user || !may_work(*user, now))
        return std::nullopt;
    user->must_change_password =
        user->must_change_password || is_password_too_old(*user, now, policy);
    return SignedIn{std::move(*session), std::move(*user)};
}

void keep_alive(db::Database& database, const Session& session, base::Instant now)
{
    if (now - session.seen_at < seen_interval)
        return;
    database.write([&](db::Transaction& tx) { save_session_seen(tx, session.id, now); });
}

std::vector<Session> list_own_sessions(
    db::Transaction& tx, base::UserId user, base::Instant now, const Policy& policy)
{
    auto sessions = list_sessions_of(tx, user);
    std::erase_if(sessions, [&](const Session& one) { return is_over(one, now, policy); });
    return sessions;
}

base::Result<> end_own_session(
    db::Transaction& tx, const base::Actor& actor, std::int64_t session, base::Instant now)
{
    if (!delete_session(tx, actor.user, session))
        return session_not_found();
    audit::record(
        tx, actor,
        {.action = "identity.end_session",
         .subject_kind = "user",
         .subject = actor.user.value,
         .summary = "结束自己的一个会话"},
        now);
    return {};
}

base::Result<Login> change_own_password(
    db::Database& database, const base::Actor& actor, const Session& current,
    std::string_view old_password, std::string_view new_password, base::Instant now,
    const Policy& policy)
{
    TRY(prove_password(database, actor, old_password, "old_password", now, policy));
    auto loaded = database.read([&](db::Transaction& tx) { return load_user(tx, actor.user); });
    auto user = TRY(std::move(loaded));
    if (auto weakness = find_weakness(new_password, user.login, policy))
        return weak_password("new_password", std::move(*weakness));
    TRY(check_history(database, actor.user, new_password, policy));
    const auto hash = TRY(hash_password(new_password, policy.hash_cost));
    return database.write([&](db::Transaction& tx) -> base::Result<Login> {
        save_password(tx, user.id, hash, false, now);
        delete_sessions_of(tx, user.id, 0);
        Session renewed = current;
        renewed.started_at = now;
        renewed.seen_at = now;
        auto opened = open_session(tx, renewed, policy);
        audit::record(
            tx, actor,
            {.action = "identity.change_password",
             .subject_kind = "user",
             .subject = user.id.value,
             .summary = "修改自己的口令"},
            now);
        user.must_change_password = false;
        user.password_changed_at = now;
        return Login{std::move(opened.token), std::move(opened.session), user};
    });
}

base::Result<> remove_totp(
    db::Database& database, const base::Actor& actor, std::string_view password, base::Instant now,
    const Policy& policy)
{
    TRY(prove_password(database, actor, password, "password", now, policy));
    database.write([&](db::Transaction& tx) {
        save_totp(tx, actor.user, "", false, 0);
        replace_recovery_codes(tx, actor.user, {});
        audit::record(
            tx, actor,
            {.action = "identity.remove_totp",
             .subject_kind = "user",
             .subject = actor.user.value,
             .summary = "解除动态口令"},
            now);
    });
    return {};
}

} // namespace identity
