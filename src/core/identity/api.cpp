#include "core/identity/api.h"

#include "core/identity/ability.h"
#include "core/identity/json.h"
#include "core/identity/refusals.h"
#include "core/identity/session_api.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "db/database.h"
#include "http/json.h"

#include <algorithm>
#include <iterator>

namespace identity {
namespace {

constexpr std::size_t password_max = 300;
constexpr std::int64_t page_max = 1'000'000;

/// The organisations whose people the actor may see: those of his grants, and his own.
std::optional<std::vector<base::OrgId>> visible_orgs(
    db::Transaction& tx, const base::Actor& actor, base::Instant now)
{
    auto found = Authority::load(tx, actor.user, now).orgs_of(ability::org_read);
    if (found.everywhere)
        return std::nullopt;
    for (const auto org : org::list_subtree(tx, actor.org))
        found.orgs.push_back(org);
    std::sort(found.orgs.begin(), found.orgs.end());
    found.orgs.erase(std::unique(found.orgs.begin(), found.orgs.end()), found.orgs.end());
    return found.orgs;
}

std::vector<base::OrgId> intersect(
    std::vector<base::OrgId> some, const std::optional<std::vector<base::OrgId>>& others)
{
    if (!others)
        return some;
    std::sort(some.begin(), some.end());
    std::vector<base::OrgId> both;
    std::set_intersection(
        some.begin(), some.end(), others->begin(), others->end(), std::back_inserter(both));
    return both;
}

/// An empty list of the filter means "all", so "none" is said with an organisation that isn't.
std::vector<base::OrgId> never_empty(std::vector<base::OrgId> orgs)
{
    if (orgs.empty())
        orgs.push_back(base::OrgId{-1});
    return orgs;
}

std::optional<base::Instant> read_expiry(http::FieldReader& fields)
{
    const auto text = fields.find_text("expires_at", 40);
    if (!text || text->empty())
        return std::nullopt;
    const auto instant = base::instant_from(*text);
    if (!instant)
        fields.complain("expires_at", "时间应写作 2026-11-22 或 2026-11-22 09:30");
    return instant;
}

/// Fills what the form says into `user`. A masked number is the one that was shown: left as it is.
base::Result<> read_user(http::FieldReader& fields, User& user)
{
    user.login = fields.need_text("login", 40);
    user.name = fields.need_text("name", 50);
    user.org = {fields.need_integer("org_id", 1, INT64_MAX)};
    const auto phone = fields.find_text("phone", 30);
    if (phone && phone->find('*') == phone->npos)
        user.phone = *phone;
    const auto state = fields.find_text("state", 20);
    if (state && *state != "active" && *state != "disabled")
        fields.complain("state", "请选择状态");
    if (state)
        user.state = *state == "disabled" ? UserState::Disabled : UserState::Active;
    user.expires_at = read_expiry(fields);
    return {};
}

base::Result<Grant> read_grant(const http::Request& request)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader fields(body);
    Grant grant;
    grant.role = fields.need_text("role", 40);
    grant.scope.org = {fields.find_integer("org_id", 0, INT64_MAX).value_or(0)};
    grant.scope.site = {fields.find_integer("site_id", 0, INT64_MAX).value_or(0)};
    grant.scope.column = {fields.find_integer("column_id", 0, INT64_MAX).value_or(0)};
    grant.expires_at = read_expiry(fields);
    TRY(fields.finish("identity.invalid"));
    return grant;
}

class Api {
public:
    Api(db::Database& database, const Policy& policy)
        : database_(database)
        , policy_(policy)
    {
    }

    http::Reply list(const http::Request& request) const
    {
        UserFilter filter;
        filter.text = std::string(request.query_value("q").value_or(""));
        filter.role = std::string(request.query_value("role").value_or(""));
        const auto state = request.query_value("state").value_or("");
        if (state == "active" || state == "disabled")
            filter.state = state == "active" ? UserState::Active : UserState::Disabled;
        const auto org = TRY(request.query_number("org", 0, 0, INT64_MAX));
        const auto page = TRY(request.query_number("page", 1, 1, page_max));
        const auto size = TRY(request.query_number("size", 20, 1, 100));
        http::json::array items;
        const auto total = database_.read([&](db::Transaction& tx) {
            const auto visible = visible_orgs(tx, request.actor, request.now);
            if (org > 0)
                filter.orgs =
                    never_empty(intersect(org::list_subtree(tx, base::OrgId{org}), visible));
            else if (visible)
                filter.orgs = never_empty(*visible);
            const auto offset = static_cast<int>((page - 1) * size);
            for (const auto& user : list_users(tx, filter, offset, static_cast<int>(size)))
                items.push_back(to_json(user, list_grants(tx, user.id)));
            return count_users(tx, filter);
        });
        return http::json_response({{"total", total}, {"items", std::move(items)}});
    }

    http::Reply show(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::UserId>("id"));
        auto found = database_.read([&](db::Transaction& tx) -> base::Result<http::json::object> {
            const auto user = TRY(load_user(tx, id));
            const auto visible = visible_orgs(tx, request.actor, request.now);
            if (visible && !std::binary_search(visible->begin(), visible->end(), user.org))
                return user_not_found();
            const auto grants = list_grants(tx, id);
            auto object = to_json(user, grants);
            object["grants"] = to_json(grants);
            object["abilities"] = to_json(Authority::load(tx, id, request.now).abilities());
            return object;
        });
        return http::json_response(TRY(std::move(found)));
    }

    http::Reply create(const http::Request& request) const
    {
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        User wanted;
        TRY(read_user(fields, wanted));
        const auto password = fields.need_text("password", password_max);
        TRY(fields.finish("identity.invalid"));
        wanted.must_change_password = true; // The administrator knows it.
        auto created = database_.write([&](db::Transaction& tx) {
            return create_user(tx, request.actor, wanted, password, request.now, policy_);
        });
        return http::json_response(to_json(TRY(std::move(created)), {}), 201);
    }

    http::Reply update(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::UserId>("id"));
        const auto body = TRY(http::json_body(request));
        auto updated =
            database_.write([&](db::Transaction& tx) -> base::Result<http::json::object> {
                auto wanted = TRY(load_user(tx, id));
                http::FieldReader fields(body);
                TRY(read_user(fields, wanted));
                TRY(fields.finish("identity.invalid"));
                const auto user = TRY(update_user(tx, request.actor, wanted, request.now));
                return to_json(user, list_grants(tx, id));
            });
        return http::json_response(TRY(std::move(updated)));
    }

    http::Reply reset(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::UserId>("id"));
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        const auto password = fields.need_text("password", password_max);
        TRY(fields.finish("identity.invalid"));
        auto done = database_.write([&](db::Transaction& tx) {
            return reset_password(tx, request.actor, id, password, request.now, policy_);
        });
        TRY(std::move(done));
        return http::no_content();
    }

    http::Reply unlock(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::UserId>("id"));
        auto done = database_.write(
            [&](db::Transaction& tx) { return unlock_user(tx, request.actor, id, request.now); });
        TRY(std::move(done));
        return http::no_content();
    }

    http::Reply grant(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::UserId>("id"));
        const auto wanted = TRY(read_grant(request));
        auto granted = database_.write([&](db::Transaction& tx) {
            return grant_role(tx, request.actor, id, wanted, request.now);
        });
        return http::json_response(to_json(TRY(std::move(granted))), 201);
    }

    http::Reply revoke(const http::Request& request) const
    {
        struct GrantId {
            std::int64_t value = 0;
        };
        const auto id = TRY(request.id<base::UserId>("id"));
        const auto grant = TRY(request.id<GrantId>("grant"));
        auto revoked = database_.write([&](db::Transaction& tx) {
            return revoke_role(tx, request.actor, id, grant.value, request.now);
        });
        TRY(std::move(revoked));
        return http::no_content();
    }

private:
    db::Database& database_;
    Policy policy_;
};

http::Reply show_roles(const http::Request&)
{
    http::json::array array;
    for (const auto& role : list_roles())
        array.push_back(to_json(role));
    return http::json_response(array);
}

} // namespace

http::Routes routes(db::Database& database, const Policy& policy)
{
    using http::Method;
    using http::Request;
    const Api api(database, policy);
    const auto may_read = http::needs(ability::org_read);
    const auto may_manage = http::needs(ability::staff_manage);
    const auto may_grant = http::needs(ability::staff_grant);
    auto all = session_routes(database, policy);
    const http::Routes staff = {
        {Method::Get, "/api/users", may_read,
         [api](const Request& request) { return api.list(request); }},
        {Method::Post, "/api/users", may_manage,
         [api](const Request& request) { return api.create(request); }},
        {Method::Get, "/api/users/{id}", may_read,
         [api](const Request& request) { return api.show(request); }},
        {Method::Put, "/api/users/{id}", may_manage,
         [api](const Request& request) { return api.update(request); }},
        {Method::Post, "/api/users/{id}/password", may_manage,
         [api](const Request& request) { return api.reset(request); }},
        {Method::Post, "/api/users/{id}/unlock", may_grant,
         [api](const Request& request) { return api.unlock(request); }},
        {Method::Post, "/api/users/{id}/grants", may_grant,
         [api](const Request& request) { return api.grant(request); }},
        {Method::Delete, "/api/users/{id}/grants/{grant}", may_grant,
         [api](const Request& request) { return api.revoke(request); }},
        {Method::Get, "/api/roles", http::signed_in, show_roles},
    };
    all.insert(all.end(), staff.begin(), staff.end());
    return all;
}

base::Result<> may_manage_org(
    db::Transaction& tx, const base::Actor& actor, base::OrgId where, base::Instant now)
{
    return require_of(tx, actor, ability::org_manage, {.org = where}, now);
}

std::optional<std::vector<base::OrgId>> visible_audit_orgs(
    db::Transaction& tx, const base::Actor& actor, base::Instant now)
{
    auto found = Authority::load(tx, actor.user, now).orgs_of(ability::audit_read);
    if (found.everywhere)
        return std::nullopt;
    return std::move(found.orgs);
}

} // namespace identity
