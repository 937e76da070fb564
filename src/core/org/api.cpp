#include "core/org/api.h"

#include "core/org/json.h"
#include "core/org/org.h"
#include "db/database.h"
#include "http/json.h"

namespace org {
namespace {

constexpr std::string_view org_manage = "org.manage"; // identity::ability::org_manage.

std::optional<base::Instant> read_instant(http::FieldReader& fields, std::string_view name)
{
    const auto text = fields.find_text(name, 40);
    if (!text || text->empty())
        return std::nullopt;
    const auto instant = base::instant_from(*text);
    if (!instant)
        fields.complain(std::string(name), "时间应写作 2026-11-22 或 2026-11-22 09:30");
    return instant;
}

base::Result<Org> read_org(const http::Request& request)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader fields(body);
    Org org;
    org.parent = {fields.need_integer("parent_id", 0, INT64_MAX)};
    org.name = fields.need_text("name", 100);
    org.short_name = fields.need_text("short_name", 50);
    const auto kind = org_kind_from(fields.need_text("kind", 20));
    const auto level = org_level_from(fields.need_text("level", 20));
    if (!kind)
        fields.complain("kind", "请选择机构类别");
    if (!level)
        fields.complain("level", "请选择机构层级");
    org.kind = kind.value_or(OrgKind::Department);
    org.level = level.value_or(OrgLevel::County);
    org.region_code = fields.find_text("region_code", 6).value_or("");
    org.credit_code = fields.find_text("credit_code", 18).value_or("");
    org.issuer_abbr = fields.find_text("issuer_abbr", 20).value_or("");
    org.supervising_org = {fields.find_integer("supervising_org_id", 0, INT64_MAX).value_or(0)};
    org.phone = fields.find_text("phone", 50).value_or("");
    org.address = fields.find_text("address", 200).value_or("");
    org.duties = fields.find_text("duties", 5000).value_or("");
    org.position = static_cast<int>(fields.find_integer("position", 0, 1'000'000).value_or(0));
    org.valid_until = read_instant(fields, "valid_until");
    org.successor = {fields.find_integer("successor_id", 0, INT64_MAX).value_or(0)};
    TRY(fields.finish("org.invalid"));
    return org;
}

class Api {
public:
    Api(db::Database& database, MayManage may_manage)
        : database_(database)
        , may_manage_(std::move(may_manage))
    {
    }

    http::Reply list(const http::Request&) const
    {
        const auto orgs = database_.read([](db::Transaction& tx) { return list_orgs(tx); });
        http::json::array items;
        for (const auto& org : orgs)
            items.push_back(to_json(org));
        return http::json_response(items);
    }

    http::Reply show(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::OrgId>("id"));
        const auto org = TRY(database_.read([&](db::Transaction& tx) { return load_org(tx, id); }));
        return http::json_response(to_json(org));
    }

    http::Reply create(const http::Request& request) const
    {
        const auto wanted = TRY(read_org(request));
        auto written = database_.write([&](db::Transaction& tx) -> base::Result<Org> {
            TRY(may_manage_(tx, request.actor, wanted.parent, request.now));
            return create_org(tx, request.actor, wanted, request.now);
        });
        const auto org = TRY(std::move(written));
        return http::json_response(to_json(org), 201);
    }

    /// Needs the right over the organisation and, when it moves, over its new parent.
    http::Reply update(const http::Request& request) const
    {
        const auto id = TRY(request.id<base::OrgId>("id"));
        auto wanted = TRY(read_org(request));
        wanted.id = id;
        auto written = database_.write([&](db::Transaction& tx) -> base::Result<Org> {
            const auto before = TRY(load_org(tx, id));
            TRY(may_manage_(tx, request.actor, id, request.now));
            if (wanted.parent != before.parent)
                TRY(may_manage_(tx, request.actor, wanted.parent, request.now));
            return update_org(tx, request.actor, wanted, request.now);
        });
        const auto org = TRY(std::move(written));
        return http::json_response(to_json(org));
    }

private:
    db::Database& database_;
    MayManage may_manage_;
};

} // namespace

http::Routes routes(db::Database& database, MayManage may_manage)
{
    using http::Method;
    const Api api(database, std::move(may_manage));
    return {
        {Method::Get, "/api/orgs", http::signed_in,
         [api](const http::Request& request) { return api.list(request); }},
        {Method::Post, "/api/orgs", http::needs(org_manage),
         [api](const http::Request& request) { return api.create(request); }},
        {Method::Get, "/api/orgs/{id}", http::signed_in,
         [api](const http::Request& request) { return api.show(request); }},
        {Method::Put, "/api/orgs/{id}", http::needs(org_manage),
         [api](const http::Request& request) { return api.update(request); }},
    };
}

} // namespace org
