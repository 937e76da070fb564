#include "core/site/site.h"

#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/identity/api.h"
#include "core/identity/schema.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "core/org/schema.h"
#include "core/site/api.h"
#include "core/site/column.h"
#include "core/site/events.h"
#include "core/site/schema.h"
#include "db/events.h"
#include "db/testing/on_every_backend.h"
#include "http/json.h"

#include <gtest/gtest.h>

namespace site {
namespace {

using db::testing::TemporaryDatabase;
using http::Method;

const auto now = base::instant_from("2026-11-22 09:00").value();
const auto root = base::system_actor();

std::vector<db::Migration> schema()
{
    auto all = audit::migrations();
    for (const auto& more : {org::migrations(), identity::migrations(), migrations()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

class Sites : public db::testing::OnEveryBackend {
protected:
    TemporaryDatabase database{schema(), GetParam()};
    base::OrgId city = make_org("云岭市", {}, org::OrgKind::Government, org::OrgLevel::City);
    base::OrgId bureau = make_org("市财政局", city, org::OrgKind::Department, org::OrgLevel::City);
    base::OrgId county = make_org("青溪县", city, org::OrgKind::Government, org::OrgLevel::County);
    base::OrgId county_bureau =
        make_org("青溪县财政局", county, org::OrgKind::Department, org::OrgLevel::County);
    base::OrgId other_county =
        make_org("白石县", city, org::OrgKind::Government, org::OrgLevel::County);

    base::OrgId make_org(
        const std::string& name, base::OrgId parent, org::OrgKind kind, org::OrgLevel level)
    {
        org::Org wanted;
        wanted.name = name;
        wanted.short_name = name;
        wanted.parent = parent;
        wanted.kind = kind;
        wanted.level = level;
        return database
            ->write([&](db::Transaction& tx) { return org::create_org(tx, root, wanted, now); })
            .value()
            .id;
    }
    Site good_site(const std::string& code = "yunling", base::OrgId sponsor = {})
    {
        Site site;
        site.code = code;
        site.name = "云岭市人民政府";
        site.sponsor_org = sponsor ? sponsor : city;
        site.primary_domain = "www." + code + ".gov.cn";
        return site;
    }
    template <typename Verb>
    auto write(Verb verb)
    {
        return database->write([&](db::Transaction& tx) { return verb(tx); });
    }
    base::Result<Site> create(const Site& site, const base::Actor& actor = root)
    {
        return write([&](db::Transaction& tx) { return create_site(tx, actor, site, now); });
    }
    base::Result<Site> update(const Site& site, const base::Actor& actor = root)
    {
        return write([&](db::Transaction& tx) { return update_site(tx, actor, site, now); });
    }
    static std::string code_of(const auto& result) { return result ? "ok" : result.error().code; }
    static Column good_column(
        base::SiteId site, const std::string& slug, base::ColumnId parent = {})
    {
        Column column;
        column.site = site;
        column.parent = parent;
        column.slug = slug;
        column.name = "栏目" + slug;
        return column;
    }
    base::Result<Column> add(const Column& column, const base::Actor& actor = root)
    {
        return write([&](db::Transaction& tx) { return create_column(tx, actor, column, now); });
    }
    base::Result<Column> change(const Column& column, const base::Actor& actor = root)
    {
        return write([&](db::Transaction& tx) { return update_column(tx, actor, column, now); });
    }
    base::Result<Column> move(
        base::ColumnId id, base::ColumnId parent, int position, const base::Actor& actor = root)
    {
        return write(
            [&](db::Transaction& tx) { return move_column(tx, actor, id, parent, position, now); });
    }
    base::Result<> remove(base::ColumnId id, bool released, const base::Actor& actor = root)
    {
        return write(
            [&](db::Transaction& tx) { return remove_column(tx, actor, id, released, now); });
    }
    Column load(base::ColumnId id)
    {
        return database->read([&](db::Transaction& tx) { return load_column(tx, id); }).value();
    }
    std::string listed(base::SiteId site)
    {
        std::string slugs;
        for (const auto& column :
             database->read([&](db::Transaction& tx) { return list_columns(tx, site); }))
            slugs += column.path + " ";
        return slugs;
    }
    base::Actor make_person(
        const std::string& login, base::OrgId org, const std::string& role,
        identity::Scope scope = {})
    {
        return write([&](db::Transaction& tx) {
            identity::Policy policy;
            policy.hash_cost = {.memory_kib = 64, .passes = 1, .lanes = 1};
            identity::User wanted;
            wanted.login = login;
            wanted.name = login;
            wanted.org = org;
            const auto user =
                identity::create_user(tx, root, wanted, "Qx7-lanling-88", now, policy).value();
            const auto granted =
                identity::grant_role(tx, root, user.id, {.role = role, .scope = scope}, now);
            EXPECT_TRUE(granted);
            return base::Actor{
                .user = user.id,
                .org = org,
                .name = login,
                .address = "10.0.0.1",
                .request_id = "r"};
        });
    }
    std::size_t count_events(std::string_view kind)
    {
        const auto all =
            database->read([&](db::Transaction& tx) { return db::list_events_after(tx, 0, 500); });
        return static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(), [&](const db::Event& event) { return event.kind == kind; }));
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Sites, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Sites, KeepEverythingAndAnswerByCodeAndHost)
{
    auto wanted = good_site();
    wanted.domains = {"YUNLING.gov.cn", "www.yunling.gov.cn"};
    wanted.responsible = {{"security", "王安", "0871-1"}};
    wanted.links = {{"国家", "中国政府网", "https://www.gov.cn/"}};
    wanted.site_code = "5300000001";
    wanted.icp_number = "滇ICP备05000001号-1";
    wanted.police_filing_number = "滇公网安备 53010002000001号";
    wanted.badge_id = std::string(32, 'A');
    wanted.contact_email = "zwgk@yunling.gov.cn";
    wanted.layout = R"({"grey":true})";
    const auto made = create(wanted).value();
    database->read([&](db::Transaction& tx) {
        const auto kept = find_site_by_host(tx, "yunling.gov.cn").value();
        EXPECT_EQ(kept.id, made.id);
        EXPECT_EQ(kept.domains, (std::vector<std::string>{"www.yunling.gov.cn", "yunling.gov.cn"}));
        EXPECT_EQ(kept.responsible.front().name, "王安");
        EXPECT_EQ(kept.links.front().url, "https://www.gov.cn/");
        EXPECT_EQ(kept.icp_number, wanted.icp_number);
        EXPECT_EQ(kept.layout, wanted.layout);
        EXPECT_EQ(kept.revision, 1);
        EXPECT_EQ(find_site_by_code(tx, "yunling")->id, made.id);
        EXPECT_FALSE(find_site_by_host(tx, "gov.cn"));
        EXPECT_EQ(list_sites(tx).size(), 1U);
        EXPECT_EQ(list_sites(tx).front().domains.size(), 2U);
    });
    EXPECT_EQ(count_events(events::site_changed), 1U);
}

TEST_P(Sites, AreToldEveryFieldThatDoesNotFit)
{
    auto wanted = good_site("Yun Ling");
    wanted.name = "";
    wanted.primary_domain = "no domain";
    wanted.site_code = "53000";
    wanted.icp_number = "05000001";
    wanted.police_filing_number = "1";
    wanted.badge_id = "xyz";
    wanted.contact_email = "@";
    wanted.responsible = {{"king", "", ""}};
    wanted.links = {{"", "", "javascript:alert(1)"}};
    wanted.layout = "[1";
    const auto refused = create(wanted);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "site.invalid");
    EXPECT_EQ(refused.error().fields.size(), 13U);
}

TEST_P(Sites, AreOnlyWarnedOfOtherDomainsAndMissingFilings)
{
    auto wanted = good_site();
    wanted.primary_domain = "www.yunling.example";
    const auto warnings = list_warnings(create(wanted).value());
    EXPECT_EQ(warnings.size(), 10U);
    EXPECT_NE(warnings.front().find(".gov.cn"), std::string::npos);
}

TEST_P(Sites, HaveCodesAndHostsOfTheirOwn)
{
    ASSERT_TRUE(create(good_site()));
    EXPECT_EQ(code_of(create(good_site("yunling", county))), "site.code_taken");
    auto other = good_site("qingxi", county);
    other.domains = {"www.yunling.gov.cn"};
    EXPECT_EQ(code_of(create(other)), "site.domain_taken");
}

// R-021.
TEST_P(Sites, AreNotForCountyDepartmentsAndTownships)
{
    auto wanted = good_site("x", county_bureau);
    wanted.kind = SiteKind::Department;
    EXPECT_EQ(code_of(create(wanted)), "site.unit_may_not_have_site");
    wanted.sponsor_org = make_org("镇", county, org::OrgKind::Township, org::OrgLevel::Township);
    EXPECT_EQ(code_of(create(wanted)), "site.unit_may_not_have_site");
    wanted.sponsor_org = bureau;
    EXPECT_EQ(code_of(create(wanted)), "ok");
}

// R-020, R-022, R-025.
TEST_P(Sites, AreOneForAUnitAndPortalsAreOfGovernmentsAndStay)
{
    auto portal = create(good_site()).value();
    EXPECT_EQ(code_of(create(good_site("second"))), "site.unit_has_site");
    EXPECT_EQ(code_of(create(good_site("third", bureau))), "site.invalid");
    for (const auto state : {SiteState::Closing, SiteState::Closed, SiteState::Archived}) {
        portal.state = state;
        EXPECT_EQ(code_of(update(portal)), "site.portal_may_not_close");
    }
}

TEST_P(Sites, ShowThatSomebodyElseSaved)
{
    const auto site = create(good_site()).value();
    auto first = site;
    first.name = "甲";
    EXPECT_EQ(update(first)->revision, 2);
    auto second = site;
    second.name = "乙";
    EXPECT_EQ(code_of(update(second)), "site.changed");
}

TEST_P(Sites, HoldATreeOfColumns)
{
    const auto site = create(good_site())->id;
    const auto zwgk = add(good_column(site, "zwgk")).value();
    auto wanted = good_column(site, "zcwj", zwgk.id);
    wanted.owner_org = bureau;
    wanted.update_cycle_days = 14;
    wanted.in_nav = true;
    wanted.column_type = "政策文件";
    const auto zcwj = add(wanted).value();
    const auto kept = load(zcwj.id);
    EXPECT_EQ(kept.path, "/zwgk/zcwj/");
    EXPECT_EQ(kept.id_path, zwgk.id_path + std::to_string(zcwj.id.value) + "/");
    EXPECT_EQ(kept.update_cycle_days, 14);
    EXPECT_TRUE(kept.in_nav);
    EXPECT_EQ(kept.column_type, "政策文件");
    EXPECT_EQ(listed(site), "/zwgk/ /zwgk/zcwj/ ");
    database->read([&](db::Transaction& tx) {
        EXPECT_EQ(find_column_by_path(tx, site, "/zwgk/zcwj/")->id, zcwj.id);
        EXPECT_FALSE(find_column_by_path(
            tx, site,
            "/zwgk/"
            "no/"));
    });
    EXPECT_EQ(count_events(events::column_changed), 2U);
}

TEST_P(Sites, RefuseColumnsThatDoNotFit)
{
    const auto site = create(good_site())->id;
    const auto other = create(good_site("qingxi", county))->id;
    const auto one = add(good_column(site, "zwgk")).value();
    EXPECT_EQ(code_of(add(good_column(site, "zwgk"))), "site.slug_taken");
    EXPECT_EQ(code_of(add(good_column(other, "zwgk"))), "ok");
    EXPECT_EQ(code_of(add(good_column(other, "a", one.id))), "site.column_invalid");
    EXPECT_EQ(code_of(add(good_column({99}, "a"))), "site.not_found");
    for (const char* slug : {"", "A", "a/b", "-a", "api", "console", "search"})
        EXPECT_EQ(code_of(add(good_column(site, slug))), "site.column_invalid") << slug;
    auto column = good_column(site, "a");
    column.owner_org = {99};
    column.review_levels = 6;
    EXPECT_EQ(add(column).error().fields.size(), 2U);
}

TEST_P(Sites, HaveAtMostFiveLevels)
{
    const auto site = create(good_site())->id;
    base::ColumnId parent;
    for (const char* slug : {"a", "b", "c", "d", "e"})
        parent = add(good_column(site, slug, parent)).value().id;
    EXPECT_EQ(code_of(add(good_column(site, "f", parent))), "site.column_depth");
    const auto top = add(good_column(site, "top")).value();
    const auto second = add(good_column(site, "second", top.id)).value();
    const auto d = database->read(
        [&](db::Transaction& tx) { return *find_column_by_path(tx, site, "/a/b/c/d/"); });
    EXPECT_EQ(code_of(move(top.id, d.id, 0)), "site.column_depth"); // With what is below it.
    EXPECT_EQ(code_of(move(second.id, d.id, 0)), "ok");
}

TEST_P(Sites, MoveColumnsWithAllBelowAndKeepTheOldAddresses)
{
    const auto site = create(good_site())->id;
    const auto a = add(good_column(site, "a")).value();
    const auto b = add(good_column(site, "b", a.id)).value();
    const auto c = add(good_column(site, "c", b.id)).value();
    const auto z = add(good_column(site, "z")).value();
    ASSERT_EQ(code_of(move(b.id, z.id, 0)), "ok");
    EXPECT_EQ(load(c.id).path, "/z/b/c/");
    EXPECT_EQ(load(c.id).id_path, load(b.id).id_path + std::to_string(c.id.value) + "/");
    EXPECT_EQ(load(c.id).parent, b.id);
    const auto moved = [&](const char* path) {
        return database->read([&](db::Transaction& tx) {
            const auto column = find_moved_column(tx, site, path);
            return column ? column->path : std::string();
        });
    };
    EXPECT_EQ(moved("/a/b/"), "/z/b/");
    EXPECT_EQ(moved("/a/b/c/"), "/z/b/c/");
    auto renamed = load(b.id);
    renamed.slug = "bb";
    ASSERT_EQ(code_of(change(renamed)), "ok");
    EXPECT_EQ(moved("/a/b/c/"), "/z/bb/c/"); // Old addresses lead to where it is now.
    EXPECT_EQ(moved("/z/b/c/"), "/z/bb/c/");
    ASSERT_EQ(code_of(move(b.id, a.id, 0)), "ok");
    renamed = load(b.id);
    renamed.slug = "b";
    ASSERT_EQ(code_of(change(renamed)), "ok");
    EXPECT_EQ(moved("/a/b/"), ""); // It stands there again.
    EXPECT_EQ(code_of(move(a.id, c.id, 0)), "site.column_invalid");
    EXPECT_EQ(code_of(move(a.id, a.id, 0)), "site.column_invalid");
}

TEST_P(Sites, OrderColumnsAsTheyAreMoved)
{
    const auto site = create(good_site())->id;
    const auto a = add(good_column(site, "a")).value();
    add(good_column(site, "b")).value();
    const auto c = add(good_column(site, "c")).value();
    EXPECT_EQ(listed(site), "/a/ /b/ /c/ ");
    ASSERT_TRUE(move(c.id, {}, 0));
    EXPECT_EQ(listed(site), "/c/ /a/ /b/ ");
    ASSERT_TRUE(move(a.id, {}, 99));
    EXPECT_EQ(listed(site), "/c/ /b/ /a/ ");
}

TEST_P(Sites, LoseOnlyEmptyColumns)
{
    const auto site = create(good_site())->id;
    const auto a = add(good_column(site, "a")).value();
    const auto b = add(good_column(site, "b", a.id)).value();
    EXPECT_EQ(code_of(remove(a.id, false)), "site.column_not_empty");
    EXPECT_EQ(code_of(remove(b.id, true)), "site.column_not_empty");
    EXPECT_EQ(code_of(remove(b.id, false)), "ok");
    EXPECT_EQ(code_of(remove(b.id, false)), "site.column_not_found");
    EXPECT_EQ(listed(site), "/a/ ");
}

TEST_P(Sites, AreCreatedWhereTheSponsorIsManaged)
{
    const auto admin = make_person("sys", county, "system_admin", {.org = county});
    const auto editor = make_person("ed", county, "editor", {.org = county});
    EXPECT_EQ(code_of(create(good_site("baishi", other_county), admin)), "identity.forbidden");
    EXPECT_EQ(code_of(create(good_site("qingxi", county), editor)), "identity.forbidden");
    EXPECT_EQ(
        code_of(create(good_site("qingxi", county), {.address = "10.0.0.9"})),
        "identity.not_signed_in");
    EXPECT_EQ(code_of(create(good_site("qingxi", county), admin)), "ok");
}

TEST_P(Sites, OfAnotherCountyAreNotFound)
{
    const auto mine = create(good_site("qingxi", county)).value();
    auto theirs = create(good_site("baishi", other_county)).value();
    const auto column = add(good_column(theirs.id, "a")).value();
    const auto admin = make_person("ad", county, "site_admin", {.site = mine.id});
    EXPECT_EQ(code_of(update(theirs, admin)), "site.not_found");
    EXPECT_EQ(code_of(add(good_column(theirs.id, "b"), admin)), "site.not_found");
    EXPECT_EQ(code_of(change(column, admin)), "site.column_not_found");
    EXPECT_EQ(code_of(move(column.id, {}, 0, admin)), "site.column_not_found");
    EXPECT_EQ(code_of(remove(column.id, false, admin)), "site.column_not_found");
    EXPECT_EQ(code_of(update(mine, admin)), "ok");
    EXPECT_EQ(code_of(add(good_column(mine.id, "b"), admin)), "ok");
}

TEST_P(Sites, AreReadByEditorsAndChangedByAdministrators)
{
    const auto site = create(good_site("qingxi", county)).value();
    const auto column = add(good_column(site.id, "a")).value();
    const auto editor = make_person("ed", county, "editor", {.org = county});
    EXPECT_EQ(code_of(update(site, editor)), "identity.forbidden");
    EXPECT_EQ(code_of(add(good_column(site.id, "b"), editor)), "identity.forbidden");
    EXPECT_EQ(code_of(change(column, editor)), "identity.forbidden");
    EXPECT_EQ(code_of(move(column.id, {}, 0, editor)), "identity.forbidden");
    EXPECT_EQ(code_of(remove(column.id, false, editor)), "identity.forbidden");
}

TEST_P(Sites, LetAColumnBeManagedAloneButNotItsNeighbour)
{
    const auto site = create(good_site("qingxi", county)).value();
    const auto mine = add(good_column(site.id, "mine")).value();
    const auto other = add(good_column(site.id, "other")).value();
    const auto admin =
        make_person("ad", county_bureau, "site_admin", {.site = site.id, .column = mine.id});
    EXPECT_EQ(code_of(change(mine, admin)), "ok");
    EXPECT_EQ(code_of(add(good_column(site.id, "below", mine.id), admin)), "ok");
    EXPECT_EQ(code_of(add(good_column(site.id, "beside"), admin)), "identity.forbidden");
    EXPECT_EQ(code_of(change(other, admin)), "identity.forbidden");
    EXPECT_EQ(code_of(move(mine.id, other.id, 0, admin)), "identity.forbidden");
    EXPECT_EQ(code_of(update(site, admin)), "identity.forbidden");
}

class SiteApi : public Sites {
protected:
    http::Router router{routes(*database, [](db::Transaction&, base::ColumnId) { return false; })};
    base::Actor who;
    http::json::value body;

    std::string send(Method method, const std::string& path, std::string text = "{}")
    {
        http::Request request;
        request.method = method;
        request.path = path;
        request.body = std::move(text);
        request.headers = {{"content-type", "application/json"}};
        request.now = now;
        request.actor = who;
        const auto match = router.find(method, path);
        request.parameters = match.parameters;
        const auto reply = match.route->handler(request);
        if (!reply)
            return reply.error().code;
        body = reply->body.empty() ? http::json::value() : http::json::parse(reply->body);
        return std::to_string(reply->status);
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, SiteApi, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(SiteApi, ShowsAndChangesOnlyWhatOneReaches)
{
    const auto mine = create(good_site("qingxi", county)).value();
    const auto theirs = create(good_site("baishi", other_county)).value();
    const auto column = add(good_column(theirs.id, "a")).value();
    who = make_person("ad", county, "site_admin", {.site = mine.id});
    const auto id = [](auto one) { return std::to_string(one.id.value); };
    EXPECT_EQ(send(Method::Get, "/api/sites"), "200");
    EXPECT_EQ(body.as_array().size(), 1U);
    EXPECT_EQ(send(Method::Get, "/api/sites/" + id(theirs)), "site.not_found");
    EXPECT_EQ(send(Method::Put, "/api/sites/" + id(theirs)), "site.not_found");
    EXPECT_EQ(send(Method::Get, "/api/sites/" + id(theirs) + "/columns"), "site.not_found");
    const auto form = R"({"name":"新","slug":"new","kind":"list"})";
    EXPECT_EQ(send(Method::Post, "/api/sites/" + id(theirs) + "/columns", form), "site.not_found");
    EXPECT_EQ(send(Method::Put, "/api/columns/" + id(column), form), "site.column_not_found");
    EXPECT_EQ(send(Method::Delete, "/api/columns/" + id(column)), "site.column_not_found");
    EXPECT_EQ(
        send(
            Method::Post, "/api/columns/" + id(column) + "/move",
            R"({"parent_id":0,"position":0})"),
        "site.column_not_found");
    EXPECT_EQ(send(Method::Get, "/api/sites/" + id(mine)), "200");
    EXPECT_EQ(body.at("revision").as_int64(), 1);
    EXPECT_EQ(
        send(
            Method::Put, "/api/sites/" + id(mine),
            R"({"code":"qingxi","name":"青溪","kind":"portal","revision":1,)"
            R"("links":[{"group":"g","name":"n","url":"https://www.gov.cn/"}],)"
            R"("layout":{"grey":true}})"),
        "200");
    EXPECT_TRUE(body.at("layout").at("grey").as_bool());
    EXPECT_EQ(body.at("domains").as_array().size(), 1U); // Not named, so kept.
    EXPECT_EQ(send(Method::Post, "/api/sites/" + id(mine) + "/columns", form), "201");
    EXPECT_EQ(body.at("path").as_string(), "/new/");
    EXPECT_EQ(body.at("depth").as_int64(), 1);
    const auto made = std::to_string(body.at("id").as_int64());
    EXPECT_EQ(send(Method::Put, "/api/columns/" + made, form), "200");
    EXPECT_EQ(
        send(Method::Post, "/api/columns/" + made + "/move", R"({"parent_id":0,"position":0})"),
        "200");
    EXPECT_EQ(send(Method::Get, "/api/sites/" + id(mine) + "/columns"), "200");
    EXPECT_EQ(body.as_array().size(), 1U);
    EXPECT_EQ(send(Method::Delete, "/api/columns/" + made), "204");
}

TEST_P(SiteApi, LetsWritersChooseColumnsOfTheirGovernmentAndBelowButNoNeighbours)
{
    const auto site = create(good_site("baishi", other_county)).value();
    const auto address = "/api/sites/" + std::to_string(site.id.value);
    who = make_person("neighbour", county, "editor", {.org = county});
    EXPECT_EQ(send(Method::Get, address + "/columns"), "site.not_found");
    who = make_person("above", bureau, "editor", {.org = bureau});
    EXPECT_EQ(send(Method::Get, address + "/columns"), "200");
    EXPECT_EQ(
        send(Method::Get, address), "site.not_found"); // Settings and persons are not for all.
}

TEST_P(SiteApi, ShowsTheSiteWhoseColumnOneKeeps)
{
    const auto portal = create(good_site("qingxi", county)).value();
    auto column = good_column(portal.id, "cz");
    column.owner_org = county_bureau;
    ASSERT_TRUE(add(column));
    who = make_person("ed", county_bureau, "editor", {.org = county_bureau});
    EXPECT_EQ(send(Method::Get, "/api/sites"), "200");
    EXPECT_EQ(body.as_array().size(), 1U);
    EXPECT_TRUE(body.at(0).at("may").as_array().empty());
    EXPECT_EQ(
        send(Method::Get, "/api/sites/" + std::to_string(portal.id.value) + "/columns"), "200");
    EXPECT_FALSE(body.at(0).at("may").as_array().empty());
}

} // namespace
} // namespace site
