#include "core/site/api.h"

#include "core/identity/ability.h"
#include "core/org/org.h"
#include "core/site/column.h"
#include "core/site/forms.h"
#include "core/site/json.h"
#include "core/site/places.h"
#include "core/site/refusals.h"
#include "core/site/site.h"
#include "db/database.h"
#include "http/json.h"

namespace site {
namespace {

using identity::Authority;
using identity::Place;

http::json::array to_may(const Authority& authority, const Place& where)
{
    http::json::array may;
    for (const auto& ability : authority.abilities())
        if (authority.may(ability, where))
            may.emplace_back(ability);
    return may;
}

http::json::object to_full_json(const Site& site, const Authority& authority)
{
    auto object = to_json(site);
    http::json::array warnings;
    for (const auto& warning : list_warnings(site))
        warnings.emplace_back(warning);
    object["warnings"] = std::move(warnings);
    object["may"] = to_may(authority, place_of(site));
    return object;
}

http::json::object to_full_json(const Column& column, const Site& site, const Authority& authority)
{
    auto object = to_json(column);
    object["may"] = to_may(authority, place_of(column, site));
    return object;
}

/// The government that an organisation belongs to: itself, or the nearest above.
base::OrgId government_of(db::Transaction& tx, base::OrgId id)
{
    auto org = org::load_org(tx, id);
    while (org && org->kind != org::OrgKind::Government && org->parent)
        org = org::load_org(tx, org->parent);
    return org ? org->id : base::OrgId{};
}

/// Writers and publishers choose columns on all sites of their own government and below it
/// (信息同源、分发同时, R-061): names of sites and of shown columns, which are public knowledge.
/// Settings and persons need site.read; a neighbour county's sites are none of their business.
bool chooses_columns(
    db::Transaction& tx, const Authority& authority, const base::Actor& actor, const Site& site)
{
    namespace ability = identity::ability;
    const bool writes = authority.may(ability::library_write)
                        || authority.may(ability::library_contribute)
                        || authority.may(ability::release_publish);
    const auto government = writes ? government_of(tx, actor.org) : base::OrgId{};
    return government && org::is_within(tx, site.sponsor_org, government);
}

base::Result<Site> load_visible(db::Transaction& tx, const Authority& authority, base::SiteId id)
{
    auto site = TRY(load_site(tx, id));
    if (!is_visible(tx, authority, site))
        return site_not_found();
    return site;
}

class Api {
public:
    Api(db::Database& database, HasReleases has_releases, ColumnDecorator decorate)
        : database_(database)
        , has_releases_(std::move(has_releases))
        , decorate_(std::move(decorate))
    {
    }

    http::Reply list(const http::Request& request) const
    {
        http::json::array items;
        database_.read([&](db::Transaction& tx) {
            const auto authority = Authority::load(tx, request.actor.user, request.now);
            for (const auto& site : list_sites(tx))
                if (is_visible(tx, authority, site)
                    || chooses_columns(tx, authority, request.actor, site))
                    items.push_back(http::json::object{
                        {"id", site.id.value},
                        {"code", site.code},
                        {"name", site.name},
                        {"kind", to_string(site.kind)},
                        {"state", to_string(site.state)},
                        {"primary_domain", site.primary_domain},
                        {"sponsor_org_id", site.sponsor_org.value},
                        {"may", to_may(authority, place_of(site))}});
        });
        return http::json_response(items);
    }

    http::Reply show(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::SiteId>("id"));
        auto found = database_.read([&](db::Transaction& tx) -> base::Result<http::json::object> {
            const auto authority = Authority::load(tx, request.actor.user, request.now);
            const auto site = TRY(load_visible(tx, authority, id));
            return to_full_json(site, authority);
        });
        return http::json_response(TRY(std::move(found)));
    }

    http::Reply create(const http::Request& request) const
    {
        const auto wanted = TRY(read_site(request, {}));
        auto made = database_.write([&](db::Transaction& tx) -> base::Result<http::json::object> {
            const auto site = TRY(create_site(tx, request.actor, wanted, request.now));
            return to_full_json(site, Authority::load(tx, request.actor.user, request.now));
        });
        return http::json_response(TRY(std::move(made)), 201);
    }

    http::Reply update(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::SiteId>("id"));
        auto saved = database_.write([&](db::Transaction& tx) -> base::Result<http::json::object> {
            const auto authority = Authority::load(tx, request.actor.user, request.now);
            const auto before = TRY(load_visible(tx, authority, id));
            const auto wanted = TRY(read_site(request, before));
            const auto site = TRY(update_site(tx, request.actor, wanted, request.now));
            return to_full_json(site, authority);
        });
        return http::json_response(TRY(std::move(saved)));
    }

    http::Reply list_columns_of(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::SiteId>("id"));
        auto found = database_.read([&](db::Transaction& tx) -> base::Result<http::json::array> {
            const auto authority = Authority::load(tx, request.actor.user, request.now);
            const auto site = TRY(load_site(tx, id));
            const bool visible = is_visible(tx, authority, site);
            if (!visible && !chooses_columns(tx, authority, request.actor, site))
                return site_not_found();
            http::json::array items;
            for (const auto& column : list_columns(tx, id)) {
                if (column.hidden && !visible)
                    continue;
                items.push_back(to_full_json(column, site, authority));
                if (decorate_)
                    decorate_(tx, column, request.now, items.back().get_object());
            }
            return items;
        });
        return http::json_response(TRY(std::move(found)));
    }

    http::Reply create_column_in(const http::Request& request) const
    {
        Column blank;
        blank.site = TRY(request.id<base::SiteId>("id"));
        const auto wanted = TRY(read_column(request, blank));
        return answer_column(request, 201, [&](db::Transaction& tx) {
            return create_column(tx, request.actor, wanted, request.now);
        });
    }

    http::Reply update_column_of(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::ColumnId>("id"));
        return answer_column(request, 200, [&](db::Transaction& tx) -> base::Result<Column> {
            const auto before = TRY(load_column(tx, id));
            const auto wanted = TRY(read_column(request, before));
            return update_column(tx, request.actor, wanted, request.now);
        });
    }

    http::Reply move(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::ColumnId>("id"));
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        const base::ColumnId parent{fields.need_integer("parent_id", 0, INT64_MAX)};
        const auto position = static_cast<int>(fields.need_integer("position", 0, 1'000'000));
        TRY(fields.finish("site.column_invalid"));
        return answer_column(request, 200, [&](db::Transaction& tx) {
            return move_column(tx, request.actor, id, parent, position, request.now);
        });
    }

    http::Reply remove(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::ColumnId>("id"));
        auto removed = database_.write([&](db::Transaction& tx) {
            return remove_column(tx, request.actor, id, has_releases_(tx, id), request.now);
        });
        TRY(std::move(removed));
        return http::no_content();
    }

private:
    template <typename Verb>
    http::Reply answer_column(const http::Request& request, int status, const Verb& verb) const
    {
        auto done = database_.write([&](db::Transaction& tx) -> base::Result<http::json::object> {
            const Column column = TRY(verb(tx));
            const auto site = TRY(load_site(tx, column.site));
            const auto authority = Authority::load(tx, request.actor.user, request.now);
            return to_full_json(column, site, authority);
        });
        return http::json_response(TRY(std::move(done)), status);
    }

    db::Database& database_;
    HasReleases has_releases_;
    ColumnDecorator decorate_;
};

} // namespace

http::Routes routes(db::Database& database, HasReleases has_releases, ColumnDecorator decorate)
{
    using http::Method;
    using http::Request;
    const Api api(database, std::move(has_releases), std::move(decorate));
    const auto may_read = http::needs(identity::ability::site_read);
    const auto may_manage = http::needs(identity::ability::site_manage);
    return {
        {Method::Get, "/api/sites", http::signed_in,
         [api](const Request& request) { return api.list(request); }},
        {Method::Post, "/api/sites", may_manage,
         [api](const Request& request) { return api.create(request); }},
        {Method::Get, "/api/sites/{id}", may_read,
         [api](const Request& request) { return api.show(request); }},
        {Method::Put, "/api/sites/{id}", may_manage,
         [api](const Request& request) { return api.update(request); }},
        {Method::Get, "/api/sites/{id}/columns", http::signed_in,
         [api](const Request& request) { return api.list_columns_of(request); }},
        {Method::Post, "/api/sites/{id}/columns", may_manage,
         [api](const Request& request) { return api.create_column_in(request); }},
        {Method::Put, "/api/columns/{id}", may_manage,
         [api](const Request& request) { return api.update_column_of(request); }},
        {Method::Delete, "/api/columns/{id}", may_manage,
         [api](const Request& request) { return api.remove(request); }},
        {Method::Post, "/api/columns/{id}/move", may_manage,
         [api](const Request& request) { return api.move(request); }},
    };
}

} // namespace site
