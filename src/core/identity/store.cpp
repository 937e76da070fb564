#include "core/identity/store.h"

#include "base/assert.h"
#include "db/database.h"

namespace identity {
namespace {

constexpr auto insert_one_user = R"sql(
    INSERT INTO identity_users
        (login, name, org_id, phone, disabled, must_change_password, password_hash,
         password_changed_at, totp_secret, totp_enabled, totp_last_step, expires_at, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?)
    RETURNING id
)sql";

constexpr auto update_user_row = R"sql(
    UPDATE identity_users
    SET login = ?, name = ?, org_id = ?, phone = ?, disabled = ?, expires_at = ?
    WHERE id = ?
)sql";

constexpr auto select_user = "SELECT * FROM identity_users WHERE id = ?";
constexpr auto select_user_by_login = "SELECT * FROM identity_users WHERE login = ?";

constexpr auto update_password = R"sql(
    UPDATE identity_users
    SET password_hash = ?, password_changed_at = ?, must_change_password = ?
    WHERE id = ?
)sql";

constexpr auto insert_old_password = R"sql(
    INSERT INTO identity_passwords (user_id, hash, replaced_at)
    SELECT id, password_hash, CAST(? AS BIGINT) FROM identity_users WHERE id = ?
)sql";

constexpr auto select_old_passwords = R"sql(
    SELECT hash FROM identity_passwords WHERE user_id = ? ORDER BY id DESC LIMIT ?
)sql";

constexpr auto update_totp = R"sql(
    UPDATE identity_users SET totp_secret = ?, totp_enabled = ?, totp_last_step = ? WHERE id = ?
)sql";

constexpr auto insert_one_grant = R"sql(
    INSERT INTO identity_grants
        (user_id, role, org_id, site_id, column_id, expires_at, granted_by, granted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto select_grants = "SELECT * FROM identity_grants WHERE user_id = ? ORDER BY id";

constexpr auto save_one_lock = R"sql(
    INSERT INTO identity_locks (login_hash, until) VALUES (?, ?)
    ON CONFLICT (login_hash) DO UPDATE SET until = excluded.until
)sql";

constexpr auto count_by_login =
    "SELECT COUNT(*) AS n FROM identity_failures WHERE login_hash = ? AND at > ?";
constexpr auto count_by_address =
    "SELECT COUNT(*) AS n FROM identity_failures WHERE address = ? AND at > ?";

constexpr auto insert_one_session = R"sql(
    INSERT INTO identity_sessions
        (token_hash, user_id, csrf, address, agent, started_at, seen_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

User read_user(const db::Row& row)
{
    User user;
    user.id = row.id<base::UserId>("id");
    user.login = row.text("login");
    user.name = row.text("name");
    user.org = row.id<base::OrgId>("org_id");
    user.phone = row.text("phone");
    user.state = row.flag("disabled") ? UserState::Disabled : UserState::Active;
    user.must_change_password = row.flag("must_change_password");
    user.totp_enabled = row.flag("totp_enabled");
    user.locked_until = row.optional_instant("locked_until");
    user.last_login_at = row.optional_instant("last_login_at");
    user.expires_at = row.optional_instant("expires_at");
    user.password_changed_at = row.optional_instant("password_changed_at");
    return user;
}

std::optional<User> read_at_most_one(const db::Rows& rows)
{
    VERIFY(rows.size() <= 1);
    return rows.empty() ? std::nullopt : std::optional(read_user(rows.front()));
}

Grant read_grant(const db::Row& row)
{
    Grant grant;
    grant.id = row.integer("id");
    grant.role = row.text("role");
    grant.scope.org = row.id<base::OrgId>("org_id");
    grant.scope.site = row.id<base::SiteId>("site_id");
    grant.scope.column = row.id<base::ColumnId>("column_id");
    grant.expires_at = row.optional_instant("expires_at");
    return grant;
}

Session read_session(const db::Row& row)
{
    return {row.integer("id"),     row.id<base::UserId>("user_id"),
            row.text("csrf"),      row.text("address"),
            row.text("agent"),     row.instant("started_at"),
            row.instant("seen_at")};
}

void require_one(std::int64_t changed) { VERIFY(changed == 1); }

struct Condition {
    std::string sql = " WHERE 1 = 1";
    std::vector<db::Value> arguments;
};

std::string escape_like(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!')
            escaped += '!';
        escaped += c;
    }
    return escaped;
}

/// Padded to a power of two, so that few different statements are ever prepared.
void add_orgs(Condition& condition, std::vector<base::OrgId> orgs)
{
    std::size_t size = 1;
    while (size < orgs.size())
        size *= 2;
    orgs.resize(size, orgs.back());
    condition.sql += " AND org_id IN (";
    for (std::size_t i = 0; i < orgs.size(); ++i) {
        condition.sql += i == 0 ? "?" : ", ?";
        condition.arguments.push_back(db::to_value(orgs[i]));
    }
    condition.sql += ")";
}

Condition condition_of(const UserFilter& filter)
{
    Condition condition;
    if (!filter.text.empty()) {
        const auto pattern = "%" + escape_like(filter.text) + "%";
        condition.sql += " AND (login LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')";
        condition.arguments.insert(condition.arguments.end(), 2, db::to_value(pattern));
    }
    if (!filter.orgs.empty())
        add_orgs(condition, filter.orgs);
    if (!filter.role.empty()) {
        condition.sql += " AND EXISTS (SELECT 1 FROM identity_grants"
                         " WHERE user_id = identity_users.id AND role = ?)";
        condition.arguments.push_back(db::to_value(filter.role));
    }
    if (filter.state) {
        condition.sql += " AND disabled = ?";
        condition.arguments.push_back(db::to_value(*filter.state == UserState::Disabled));
    }
    return condition;
}

} // namespace

base::UserId insert_user(
    db::Transaction& tx, const User& user, std::string_view password_hash, base::Instant now)
{
    const auto rows = tx.query(
        insert_one_user, user.login, user.name, user.org, user.phone,
        user.state == UserState::Disabled, user.must_change_password, password_hash, now,
        user.expires_at, now);
    return rows.front().id<base::UserId>("id");
}

void save_user(db::Transaction& tx, const User& user)
{
    require_one(tx.execute(
        update_user_row, user.login, user.name, user.org, user.phone,
        user.state == UserState::Disabled, user.expires_at, user.id));
}

std::optional<User> find_user(db::Transaction& tx, base::UserId id)
{
    return read_at_most_one(tx.query(select_user, id));
}

std::optional<User> find_user_by_login(db::Transaction& tx, std::string_view login)
{
    return read_at_most_one(tx.query(select_user_by_login, login));
}

std::vector<User> list_users(db::Transaction& tx, const UserFilter& filter, int offset, int limit)
{
    auto condition = condition_of(filter);
    condition.arguments.push_back(db::to_value(limit));
    condition.arguments.push_back(db::to_value(offset));
    std::vector<User> users;
    for (const auto& row : tx.query_with(
             "SELECT * FROM identity_users" + condition.sql + " ORDER BY login LIMIT ? OFFSET ?",
             condition.arguments))
        users.push_back(read_user(row));
    return users;
}

std::int64_t count_users(db::Transaction& tx, const UserFilter& filter)
{
    const auto condition = condition_of(filter);
    const auto rows = tx.query_with(
        "SELECT COUNT(*) AS total FROM identity_users" + condition.sql, condition.arguments);
    return rows.front().integer("total");
}

std::optional<Secrets> find_secrets(db::Transaction& tx, base::UserId id)
{
    const auto rows = tx.query(select_user, id);
    if (rows.empty())
        return std::nullopt;
    const auto& row = rows.front();
    return Secrets{
        row.text("password_hash"), row.instant("password_changed_at"), row.text("totp_secret"),
        row.flag("totp_enabled"), row.integer("totp_last_step")};
}

void save_password(
    db::Transaction& tx, base::UserId id, std::string_view hash, bool must_change,
    base::Instant now)
{
    require_one(tx.execute(insert_old_password, now, id));
    require_one(tx.execute(update_password, hash, now, must_change, id));
}

void save_rehashed_password(db::Transaction& tx, base::UserId id, std::string_view hash)
{
    require_one(tx.execute("UPDATE identity_users SET password_hash = ? WHERE id = ?", hash, id));
}

void save_totp(
    db::Transaction& tx, base::UserId id, std::string_view secret, bool enabled,
    std::int64_t last_step)
{
    require_one(tx.execute(update_totp, secret, enabled, last_step, id));
}

void save_locked_until(db::Transaction& tx, base::UserId id, std::optional<base::Instant> until)
{
    require_one(tx.execute("UPDATE identity_users SET locked_until = ? WHERE id = ?", until, id));
}

void save_login_time(db::Transaction& tx, base::UserId id, base::Instant now)
{
    require_one(tx.execute("UPDATE identity_users SET last_login_at = ? WHERE id = ?", now, id));
}

std::vector<std::string> list_old_passwords(db::Transaction& tx, base::UserId id, int limit)
{
    std::vector<std::string> hashes;
    for (const auto& row : tx.query(select_old_passwords, id, limit))
        hashes.push_back(row.text("hash"));
    return hashes;
}

void replace_recovery_codes(
    db::Transaction& tx, base::UserId id, const std::vector<std::string>& hashes)
{
    tx.execute("DELETE FROM identity_recovery_codes WHERE user_id = ?", id);
    for (const auto& hash : hashes)
        tx.execute("INSERT INTO identity_recovery_codes (user_id, hash) VALUES (?, ?)", id, hash);
}

bool take_recovery_code(db::Transaction& tx, base::UserId id, std::string_view hash)
{
    return tx.execute(
               "DELETE FROM identity_recovery_codes WHERE user_id = ? AND hash = ?", id, hash)
           == 1;
}

Grant insert_grant(
    db::Transaction& tx, base::UserId user, const Grant& grant, base::UserId granted_by,
    base::Instant now)
{
    const auto rows = tx.query(
        insert_one_grant, user, grant.role, grant.scope.org, grant.scope.site, grant.scope.column,
        grant.expires_at, granted_by, now);
    Grant made = grant;
    made.id = rows.front().integer("id");
    return made;
}

bool delete_grant(db::Transaction& tx, base::UserId user, std::int64_t grant)
{
    return tx.execute("DELETE FROM identity_grants WHERE user_id = ? AND id = ?", user, grant) == 1;
}

std::vector<Grant> list_grants(db::Transaction& tx, base::UserId user)
{
    std::vector<Grant> grants;
    for (const auto& row : tx.query(select_grants, user))
        grants.push_back(read_grant(row));
    return grants;
}

void insert_failure(
    db::Transaction& tx, std::string_view login_hash, std::string_view address, base::Instant now)
{
    tx.execute(
        "INSERT INTO identity_failures (login_hash, address, at) VALUES (?, ?, ?)", login_hash,
        address, now);
}

std::int64_t count_failures_of_login(
    db::Transaction& tx, std::string_view login_hash, base::Instant since)
{
    return tx.query(count_by_login, login_hash, since).front().integer("n");
}

std::int64_t count_failures_of_address(
    db::Transaction& tx, std::string_view address, base::Instant since)
{
    return tx.query(count_by_address, address, since).front().integer("n");
}

void delete_failures_before(db::Transaction& tx, base::Instant before)
{
    tx.execute("DELETE FROM identity_failures WHERE at <= ?", before);
    tx.execute("DELETE FROM identity_locks WHERE until <= ?", before);
}

void clear_failures_of_login(db::Transaction& tx, std::string_view login_hash)
{
    tx.execute("DELETE FROM identity_failures WHERE login_hash = ?", login_hash);
}

std::optional<base::Instant> find_lock(db::Transaction& tx, std::string_view login_hash)
{
    const auto rows = tx.query("SELECT until FROM identity_locks WHERE login_hash = ?", login_hash);
    return rows.empty() ? std::nullopt : std::optional(rows.front().instant("until"));
}

void save_lock(db::Transaction& tx, std::string_view login_hash, base::Instant until)
{
    tx.execute(save_one_lock, login_hash, until);
}

void clear_lock(db::Transaction& tx, std::string_view login_hash)
{
    tx.execute("DELETE FROM identity_locks WHERE login_hash = ?", login_hash);
}

std::int64_t insert_session(
    db::Transaction& tx, const Session& session, std::string_view token_hash)
{
    const auto rows = tx.query(
        insert_one_session, token_hash, session.user, session.csrf, session.address, session.agent,
        session.started_at, session.seen_at);
    return rows.front().integer("id");
}

std::optional<Session> find_session_by_hash(db::Transaction& tx, std::string_view token_hash)
{
    const auto rows = tx.query("SELECT * FROM identity_sessions WHERE token_hash = ?", token_hash);
    return rows.empty() ? std::nullopt : std::optional(read_session(rows.front()));
}

std::vector<Session> list_sessions_of(db::Transaction& tx, base::UserId user)
{
    std::vector<Session> sessions;
    for (const auto& row :
         tx.query("SELECT * FROM identity_sessions WHERE user_id = ? ORDER BY id DESC", user))
        sessions.push_back(read_session(row));
    return sessions;
}

void save_session_seen(db::Transaction& tx, std::int64_t session, base::Instant now)
{
    tx.execute("UPDATE identity_sessions SET seen_at = ? WHERE id = ?", now, session);
}

bool delete_session(db::Transaction& tx, base::UserId user, std::int64_t session)
{
    return tx.execute("DELETE FROM identity_sessions WHERE user_id = ? AND id = ?", user, session)
           == 1;
}

std::int64_t delete_sessions_of(db::Transaction& tx, base::UserId user, std::int64_t except)
{
    return tx.execute("DELETE FROM identity_sessions WHERE user_id = ? AND id <> ?", user, except);
}

void delete_sessions_before(db::Transaction& tx, base::Instant started_before)
{
    tx.execute("DELETE FROM identity_sessions WHERE started_at <= ?", started_before);
}

} // namespace identity
