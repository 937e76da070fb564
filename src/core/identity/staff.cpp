#include "core/identity/staff.h"

#include "core/audit/audit.h"
#include "core/identity/attempts.h"
#include "core/identity/hashing.h"
#include "core/identity/password.h"
#include "core/identity/refusals.h"
#include "core/identity/store.h"
#include "core/org/org.h"
#include "db/database.h"

#include <algorithm>
#include <fmt/format.h>

namespace identity {
namespace {

constexpr std::size_t login_length_min = 2;
constexpr std::size_t login_length_max = 40;

bool is_login(std::string_view login)
{
    const auto is_fit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return login.size() >= login_length_min && login.size() <= login_length_max
           && std::all_of(login.begin(), login.end(), is_fit);
}

bool is_phone(std::string_view phone)
{
    return phone.size() <= 30 && std::all_of(phone.begin(), phone.end(), [](char c) {
               return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == ' ';
           });
}

base::Result<> check_fields(db::Transaction& tx, const User& user)
{
    std::vector<base::FieldError> errors;
    if (!is_login(user.login))
        errors.push_back({"login", "登录名由 2 至 40 位小写字母、数字、. _ - 组成"});
    if (user.name.find_first_not_of(" \t\r\n") == user.name.npos)
        errors.push_back({"name", "姓名不能为空"});
    if (!is_phone(user.phone))
        errors.push_back({"phone", "电话由数字、空格、+ 和 - 组成"});
    if (!org::load_org(tx, user.org))
        errors.push_back({"org_id", "机构不存在"});
    if (!errors.empty())
        return base::refuse_fields("identity.invalid", std::move(errors));
    const auto same = find_user_by_login(tx, user.login);
    if (same && same->id != user.id)
        return login_taken();
    return {};
}

/// Of the audit trail: what changed, without telephone numbers.
std::string to_text(const User& user)
{
    return fmt::format(
        R"({{"login":"{}","org_id":{},"state":"{}","expires_at":{}}})", user.login, user.org.value,
        user.state == UserState::Active ? "active" : "disabled",
        user.expires_at ? "\"" + base::to_iso_text(*user.expires_at) + "\"" : "null");
}

void note(
    db::Transaction& tx, const base::Actor& actor, std::string_view action, const User& user,
    std::string verb, base::Instant now)
{
    audit::record(
        tx, actor,
        {.action = action,
         .subject_kind = "user",
         .subject = user.id.value,
         .summary = std::move(verb) + "：" + user.login + "（" + user.name + "）"},
        now);
}

/// The person, if the actor may do `ability` to him; "not found" when he may do it elsewhere only.
base::Result<User> find_within_reach(
    db::Transaction& tx, const base::Actor& actor, base::UserId id, std::string_view ability,
    base::Instant now)
{
    if (!is_system(actor)) {
        const auto authority = Authority::load(tx, actor.user, now);
        if (!authority.may(ability))
            return forbidden(ability);
        const auto user = find_user(tx, id);
        if (!user || !authority.may(ability, {.org = user->org}))
            return user_not_found();
    }
    auto user = find_user(tx, id);
    if (!user)
        return user_not_found();
    return std::move(*user);
}

base::Result<> check_not_used_before(
    db::Transaction& tx, base::UserId user, std::string_view password, const Policy& policy)
{
    auto hashes = list_old_passwords(tx, user, policy.password_history - 1);
    hashes.push_back(find_secrets(tx, user).value().password_hash);
    for (const auto& hash : hashes)
        if (TRY(is_password(hash, password, policy.hash_cost)))
            return password_used_before("password", policy.password_history);
    return {};
}

std::string name_of(std::string_view role) { return find_role(role)->name; }

base::Result<> check_exclusion(
    db::Transaction& tx, base::UserId user, std::string_view role, base::Instant now)
{
    for (const auto& grant : list_grants(tx, user)) {
        const bool over = grant.expires_at && *grant.expires_at <= now;
        if (!over && exclude_each_other(role, grant.role))
            return roles_exclude_each_other(name_of(role), name_of(grant.role));
    }
    return {};
}

bool same_scope(const Scope& one, const Scope& other)
{
    return one.org == other.org && one.site == other.site && one.column == other.column;
}

std::string describe(const Grant& grant)
{
    std::string text = name_of(grant.role);
    if (grant.scope.org)
        text += fmt::format("，机构 {}", grant.scope.org.value);
    if (grant.scope.site)
        text += fmt::format("，网站 {}", grant.scope.site.value);
    if (grant.scope.column)
        text += fmt::format("，栏目 {}", grant.scope.column.value);
    if (grant.expires_at)
        text += "，至 " + base::to_minute_text(*grant.expires_at);
    return text;
}

std::string to_text(const Grant& grant)
{
    return fmt::format(
        R"({{"id":{},"role":"{}","org_id":{},"site_id":{},"column_id":{}}})", grant.id, grant.role,
        grant.scope.org.value, grant.scope.site.value, grant.scope.column.value);
}

/// What a grant must be before anybody asks who gives it.
base::Result<> check_grant(
    db::Transaction& tx, base::UserId user, const Grant& wanted, base::Instant now)
{
    if (!find_role(wanted.role))
        return unknown_role();
    std::vector<base::FieldError> errors;
    if (wanted.scope.org && !org::load_org(tx, wanted.scope.org))
        errors.push_back({"org_id", "机构不存在"});
    if (wanted.expires_at && *wanted.expires_at <= now)
        errors.push_back({"expires_at", "到期时间应在现在之后"});
    if (!errors.empty())
        return base::refuse_fields("identity.invalid", std::move(errors));
    TRY(check_exclusion(tx, user, wanted.role, now));
    for (const auto& grant : list_grants(tx, user))
        if (grant.role == wanted.role && same_scope(grant.scope, wanted.scope)
            && grant.expires_at == wanted.expires_at)
            return already_granted();
    return {};
}

} // namespace

base::Result<User> create_user(
    db::Transaction& tx, const base::Actor& actor, const User& wanted, std::string_view password,
    base::Instant now, const Policy& policy)
{
    tx.lock("identity");
    TRY(require_of(tx, actor, ability::staff_manage, {.org = wanted.org}, now));
    User user = wanted;
    user.id = {};
    TRY(check_fields(tx, user));
    if (auto weakness = find_weakness(password, user.login, policy))
        return weak_password("password", std::move(*weakness));
    const auto hash = TRY(hash_password(password, policy.hash_cost));
    user.id = insert_user(tx, user, hash, now);
    user.password_changed_at = now;
    note(tx, actor, "identity.create_user", user, "新建人员", now);
    return user;
}

base::Result<User> update_user(
    db::Transaction& tx, const base::Actor& actor, const User& wanted, base::Instant now)
{
    tx.lock("identity");
    const auto before = TRY(find_within_reach(tx, actor, wanted.id, ability::staff_manage, now));
    if (wanted.org != before.org)
        TRY(require_of(tx, actor, ability::staff_manage, {.org = wanted.org}, now));
    if (wanted.id == actor.user && !may_work(wanted, now))
        return not_own_account();
    TRY(check_fields(tx, wanted));
    save_user(tx, wanted);
    if (!may_work(wanted, now))
        delete_sessions_of(tx, wanted.id, 0);
    audit::record(
        tx, actor,
        {.action = "identity.update_user",
         .subject_kind = "user",
         .subject = wanted.id.value,
         .summary = "修改人员：" + wanted.login + "（" + wanted.name + "）",
         .before = to_text(before),
         .after = to_text(wanted)},
        now);
    return load_user(tx, wanted.id);
}

base::Result<> reset_password(
    db::Transaction& tx, const base::Actor& actor, base::UserId id, std::string_view password,
    base::Instant now, const Policy& policy)
{
    tx.lock("identity");
    const auto user = TRY(find_within_reach(tx, actor, id, ability::staff_manage, now));
    if (id == actor.user)
        return not_own_account();
    if (auto weakness = find_weakness(password, user.login, policy))
        return weak_password("password", std::move(*weakness));
    TRY(check_not_used_before(tx, id, password, policy));
    const auto hash = TRY(hash_password(password, policy.hash_cost));
    save_password(tx, id, hash, true, now);
    delete_sessions_of(tx, id, 0);
    note(tx, actor, "identity.reset_password", user, "重置口令", now);
    return {};
}

base::Result<> unlock_user(
    db::Transaction& tx, const base::Actor& actor, base::UserId id, base::Instant now)
{
    auto user = find_within_reach(tx, actor, id, ability::staff_grant, now);
    if (!user)
        user = find_within_reach(tx, actor, id, ability::staff_manage, now);
    const auto unlocked = TRY(std::move(user));
    forget_failures(tx, unlocked.login);
    save_locked_until(tx, id, std::nullopt);
    note(tx, actor, "identity.unlock_user", unlocked, "解除锁定", now);
    return {};
}

base::Result<User> load_user(db::Transaction& tx, base::UserId id)
{
    auto user = find_user(tx, id);
    if (!user)
        return user_not_found();
    return std::move(*user);
}

base::Result<Grant> grant_role(
    db::Transaction& tx, const base::Actor& actor, base::UserId id, const Grant& wanted,
    base::Instant now)
{
    tx.lock("identity");
    if (actor.signed_in() && id == actor.user)
        return not_own_role();
    const auto user = TRY(find_within_reach(tx, actor, id, ability::staff_grant, now));
    // A grant may reach no further than the one who gives it.
    TRY(require_of(tx, actor, ability::staff_grant, {.org = wanted.scope.org}, now));
    TRY(check_grant(tx, id, wanted, now));
    const auto grant = insert_grant(tx, id, wanted, actor.user, now);
    audit::record(
        tx, actor,
        {.action = "identity.grant_role",
         .subject_kind = "user",
         .subject = id.value,
         .summary = "授予 " + user.login + "（" + user.name + "）角色：" + describe(grant),
         .after = to_text(grant)},
        now);
    return grant;
}

base::Result<> revoke_role(
    db::Transaction& tx, const base::Actor& actor, base::UserId id, std::int64_t grant_id,
    base::Instant now)
{
    tx.lock("identity");
    if (actor.signed_in() && id == actor.user)
        return not_own_role();
    const auto user = TRY(find_within_reach(tx, actor, id, ability::staff_grant, now));
    const auto grants = list_grants(tx, id);
    const auto found = std::find_if(
        grants.begin(), grants.end(), [&](const Grant& one) { return one.id == grant_id; });
    if (found == grants.end())
        return grant_not_found();
    TRY(require_of(tx, actor, ability::staff_grant, {.org = found->scope.org}, now));
    delete_grant(tx, id, grant_id);
    audit::record(
        tx, actor,
        {.action = "identity.revoke_role",
         .subject_kind = "user",
         .subject = id.value,
         .summary = "收回 " + user.login + "（" + user.name + "）的角色：" + describe(*found),
         .before = to_text(*found)},
        now);
    return {};
}

} // namespace identity
