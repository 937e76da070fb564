#pragma once

// For tests of the publishing rooms: a city with two counties, a site with columns for each county,
// and staff who hold one role each. Header only; needs db_testing.

#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/identity/ability.h"
#include "core/identity/schema.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "core/org/schema.h"
#include "core/site/column.h"
#include "core/site/schema.h"
#include "core/site/site.h"
#include "db/testing/on_every_backend.h"
#include "http/json.h"
#include "http/route.h"
#include "publish/library/draft.h"
#include "publish/library/files.h"
#include "publish/library/query.h"
#include "publish/library/schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace library {

class Town {
public:
    Town(db::testing::Backend backend, const std::vector<db::Migration>& rooms_above)
        : database(schema(rooms_above), backend)
    {
    }

    const base::Instant now = base::instant_from("2026-11-22 09:00").value();
    const base::Actor root = base::system_actor();
    db::testing::TemporaryDatabase database;

    base::OrgId city = org("云岭市", {}, org::OrgKind::Government);
    base::OrgId county = org("青溪县", city, org::OrgKind::Government);
    base::OrgId bureau = org("青溪县财政局", county, org::OrgKind::Department);
    base::OrgId other_county = org("白石县", city, org::OrgKind::Government);
    base::SiteId site = make_site("qingxi", county);
    base::SiteId other_site = make_site("baishi", other_county);
    base::ColumnId news = column(site, "xwzx");
    base::ColumnId policies = column(site, "zcwj");
    base::ColumnId other_news = column(other_site, "xwzx");

    base::Actor writer = person("writer", county, "editor");
    base::Actor other_writer = person("other-writer", other_county, "editor");

    template <typename Verb>
    auto write(Verb verb)
    {
        return database->write([&](db::Transaction& tx) { return verb(tx); });
    }
    template <typename Verb>
    auto read(Verb verb)
    {
        return database->read([&](db::Transaction& tx) { return verb(tx); });
    }

    base::OrgId org(const std::string& name, base::OrgId parent, org::OrgKind kind)
    {
        org::Org wanted;
        wanted.name = name;
        wanted.short_name = name;
        wanted.parent = parent;
        wanted.kind = kind;
        wanted.level = parent ? org::OrgLevel::County : org::OrgLevel::City;
        return write([&](db::Transaction& tx) { return org::create_org(tx, root, wanted, now); })
            .value()
            .id;
    }

    base::SiteId make_site(const std::string& code, base::OrgId sponsor)
    {
        site::Site wanted;
        wanted.code = code;
        wanted.name = code;
        wanted.sponsor_org = sponsor;
        wanted.primary_domain = "www." + code + ".gov.cn";
        return write([&](db::Transaction& tx) { return site::create_site(tx, root, wanted, now); })
            .value()
            .id;
    }

    base::ColumnId column(
        base::SiteId of, const std::string& slug, site::ColumnKind kind = site::ColumnKind::List,
        int review_levels = 0)
    {
        site::Column wanted;
        wanted.site = of;
        wanted.slug = slug;
        wanted.name = "栏目" + slug;
        wanted.kind = kind;
        wanted.review_levels = review_levels;
        return write(
                   [&](db::Transaction& tx) { return site::create_column(tx, root, wanted, now); })
            .value()
            .id;
    }

    /// Holds `role` within its own organisation.
    base::Actor person(const std::string& login, base::OrgId org, const std::string& role)
    {
        identity::Policy policy;
        policy.hash_cost = {.memory_kib = 64, .passes = 1, .lanes = 1};
        identity::User wanted;
        wanted.login = login;
        wanted.name = login;
        wanted.org = org;
        return write([&](db::Transaction& tx) {
            const auto user =
                identity::create_user(tx, root, wanted, "Qx7-lanling-88", now, policy).value();
            identity::grant_role(tx, root, user.id, {.role = role, .scope = {.org = org}}, now)
                .value();
            return base::Actor{
                .user = user.id,
                .org = org,
                .name = login,
                .address = "127.0.0.1",
                .request_id = "test"};
        });
    }

    identity::Authority authority(const base::Actor& actor)
    {
        return read(
            [&](db::Transaction& tx) { return identity::Authority::load(tx, actor.user, now); });
    }

    Content good_content(const std::string& title = "全县秋冬季防火工作会议召开") const
    {
        Content content;
        content.title = title;
        content.body_html = "<p>会议指出，要压实责任。</p>";
        content.source = "青溪县人民政府办公室";
        content.targets = {{site, news}};
        return content;
    }

    Item draft(const Content& content, ItemKind kind = ItemKind::Article)
    {
        return write([&](db::Transaction& tx) {
                   return create_item(tx, writer, kind, writer.org, content, now);
               })
            .value();
    }
    Item draft() { return draft(good_content()); }

    Item load(base::ItemId id)
    {
        return read([&](db::Transaction& tx) { return load_item(tx, id); }).value();
    }
    Version newest(base::ItemId id)
    {
        return read(
                   [&](db::Transaction& tx) { return load_version(tx, load_item(tx, id)->newest); })
            .value();
    }

    /// As an upload leaves it in the library; `digit` makes the hash.
    std::string file(char digit, const std::string& name, const std::string& media_type)
    {
        const StoredFile kept{
            .hash = std::string(64, digit), .name = name, .size = 10, .media_type = media_type};
        write([&](db::Transaction& tx) { return record_file(tx, writer, kept, now); }).value();
        return kept.hash;
    }

    std::int64_t audited(const std::string& action)
    {
        return read([&](db::Transaction& tx) {
            return audit::count_records(tx, {.action_prefix = action});
        });
    }

    /// What the router and the server would make of a request, without either.
    http::Request request(
        const base::Actor& actor, http::Pairs parameters = {}, const std::string& json = "") const
    {
        http::Request asked;
        asked.actor = actor;
        asked.now = now;
        asked.parameters = std::move(parameters);
        asked.headers = {{"content-type", "application/json"}};
        asked.body = json;
        return asked;
    }

    static std::string code_of(const auto& result) { return result ? "ok" : result.error().code; }

    /// "200", or the code of the refusal.
    static std::string answer_of(
        const http::Routes& routes, http::Method method, std::string_view pattern,
        const http::Request& request)
    {
        for (const auto& route : routes) {
            if (route.method != method || route.pattern != pattern)
                continue;
            const auto reply = route.handler(request);
            return reply ? std::to_string(reply->status) : reply.error().code;
        }
        return "no such route";
    }

private:
    static std::vector<db::Migration> schema(const std::vector<db::Migration>& rooms_above)
    {
        auto all = audit::migrations();
        for (const auto& more :
             {org::migrations(), identity::migrations(), site::migrations(), library::migrations(),
              rooms_above})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    }
};

} // namespace library
