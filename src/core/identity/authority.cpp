#include "core/identity/ability.h"

#include "core/identity/refusals.h"
#include "core/identity/staff.h"
#include "core/identity/store.h"
#include "core/org/org.h"
#include "db/database.h"

#include <algorithm>
#include <set>

namespace identity {
namespace {

bool gives(const Grant& grant, std::string_view ability)
{
    const Role* const role = find_role(grant.role);
    return role
           && std::find(role->abilities.begin(), role->abilities.end(), ability)
                  != role->abilities.end();
}

bool contains(const std::vector<base::OrgId>& orgs, base::OrgId org)
{
    return std::find(orgs.begin(), orgs.end(), org) != orgs.end();
}

/// Every part that the scope names must fit; a part that the place lacks fits none.
bool covers(const Scope& scope, const std::vector<base::OrgId>& subtree, const Place& where)
{
    if (scope.org && !contains(subtree, where.org))
        return false;
    if (scope.site && scope.site != where.site)
        return false;
    if (!scope.column)
        return true;
    const auto step = "/" + std::to_string(scope.column.value) + "/";
    return where.column_path.find(step) != where.column_path.npos;
}

} // namespace

bool may_work(const User& user, base::Instant now)
{
    return user.state == UserState::Active && (!user.expires_at || *user.expires_at > now);
}

Authority Authority::load(db::Transaction& tx, base::UserId id, base::Instant now)
{
    Authority authority;
    const auto user = find_user(tx, id);
    if (!user || !may_work(*user, now))
        return authority;
    for (auto& grant : list_grants(tx, id)) {
        if (grant.expires_at && *grant.expires_at <= now)
            continue;
        auto subtree =
            grant.scope.org ? org::list_subtree(tx, grant.scope.org) : std::vector<base::OrgId>();
        authority.grants_.push_back(std::move(grant));
        authority.org_subtrees_.push_back(std::move(subtree));
    }
    return authority;
}

bool Authority::may(std::string_view ability) const
{
    return std::any_of(
        grants_.begin(), grants_.end(), [&](const Grant& grant) { return gives(grant, ability); });
}

bool Authority::may(std::string_view ability, const Place& where) const
{
    for (std::size_t i = 0; i < grants_.size(); ++i)
        if (gives(grants_[i], ability) && covers(grants_[i].scope, org_subtrees_[i], where))
            return true;
    return false;
}

std::vector<Scope> Authority::scopes_of(std::string_view ability) const
{
    std::vector<Scope> scopes;
    for (const auto& grant : grants_)
        if (gives(grant, ability))
            scopes.push_back(grant.scope);
    return scopes;
}

Authority::Orgs Authority::orgs_of(std::string_view ability) const
{
    std::set<base::OrgId> orgs;
    for (std::size_t i = 0; i < grants_.size(); ++i) {
        const auto& scope = grants_[i].scope;
        if (!gives(grants_[i], ability) || scope.site || scope.column)
            continue;
        if (!scope.org)
            return {.everywhere = true, .orgs = {}};
        orgs.insert(org_subtrees_[i].begin(), org_subtrees_[i].end());
    }
    return {.everywhere = false, .orgs = {orgs.begin(), orgs.end()}};
}

std::vector<std::string> Authority::abilities() const
{
    std::set<std::string> all;
    for (const auto& grant : grants_)
        if (const Role* const role = find_role(grant.role))
            all.insert(role->abilities.begin(), role->abilities.end());
    return {all.begin(), all.end()};
}

base::Result<> require(const Authority& authority, std::string_view ability, const Place& where)
{
    if (!authority.may(ability, where))
        return forbidden(ability);
    return {};
}

bool is_system(const base::Actor& actor) { return !actor.signed_in() && actor.address == "-"; }

base::Result<> require_of(
    db::Transaction& tx, const base::Actor& actor, std::string_view ability, const Place& where,
    base::Instant now)
{
    if (is_system(actor))
        return {};
    if (!actor.signed_in())
        return not_signed_in();
    return require(Authority::load(tx, actor.user, now), ability, where);
}

} // namespace identity
