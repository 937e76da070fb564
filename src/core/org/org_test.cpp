#include "core/org/org.h"

#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/org/api.h"
#include "core/org/schema.h"
#include "db/testing/on_every_backend.h"
#include "http/json.h"

#include <gtest/gtest.h>

namespace org {
namespace {

using db::testing::TemporaryDatabase;

const auto now = base::instant_from("2026-11-22 09:00").value();
const auto actor = base::system_actor();

std::vector<db::Migration> schema()
{
    auto all = audit::migrations();
    for (const auto& migration : migrations())
        all.push_back(migration);
    return all;
}

Org good_org(std::string name = "青溪县财政局", base::OrgId parent = {})
{
    return {
        .parent = parent,
        .name = name,
        .short_name = name,
        .kind = OrgKind::Department,
        .level = OrgLevel::County,
        .region_code = "530000"};
}

TEST(CreditCode, AcceptsTheCodesOfRealBodies)
{
    // 国务院办公厅 publishes its own; the others are well-known companies (GB 32100 has no
    // example).
    EXPECT_TRUE(is_valid_credit_code("91350100M000100Y43"));
    EXPECT_TRUE(is_valid_credit_code("91330106673959654P"));
}

TEST(CreditCode, RefusesWrongChecksLengthsAndLetters)
{
    EXPECT_FALSE(is_valid_credit_code("91350100M000100Y44"));
    EXPECT_FALSE(is_valid_credit_code("91350100M000100Y4"));
    EXPECT_FALSE(is_valid_credit_code("91350100M000100Y4I"));
    EXPECT_FALSE(is_valid_credit_code("9135010OM000100Y43"));
    EXPECT_FALSE(is_valid_credit_code(""));
    EXPECT_FALSE(has_form_of_credit_code("91350100m000100y43"));
    EXPECT_TRUE(has_form_of_credit_code("91350100M000100Y44"));
}

TEST(RegionCode, HasSixDigitsOfAGreatRegion)
{
    EXPECT_TRUE(is_valid_region_code("530000"));
    EXPECT_TRUE(is_valid_region_code("530122"));
    for (const char* wrong : {"", "53012", "5301222", "930122", "030122", "53012a", "530022"})
        EXPECT_FALSE(is_valid_region_code(wrong)) << wrong;
}

class Orgs : public db::testing::OnEveryBackend {
protected:
    TemporaryDatabase database{schema(), GetParam()};

    base::Result<Org> create(const Org& wanted)
    {
        return database->write(
            [&](db::Transaction& tx) { return create_org(tx, actor, wanted, now); });
    }
    base::Result<Org> update(const Org& wanted)
    {
        return database->write(
            [&](db::Transaction& tx) { return update_org(tx, actor, wanted, now); });
    }
    base::Result<Org> load(base::OrgId id)
    {
        return database->read([&](db::Transaction& tx) { return load_org(tx, id); });
    }
    std::int64_t records()
    {
        return database->read([](db::Transaction& tx) { return audit::count_records(tx, {}); });
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Orgs, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Orgs, KeepEveryField)
{
    auto wanted = good_org();
    wanted.credit_code = "91350100M000100Y43";
    wanted.issuer_abbr = "青财";
    wanted.phone = "0871-1";
    wanted.address = "人民路 1 号";
    wanted.duties = "职能";
    wanted.position = 7;
    wanted.valid_until = now;
    const auto made = create(wanted).value();
    const auto kept = load(made.id).value();
    EXPECT_EQ(kept.path, "/" + std::to_string(made.id.value) + "/");
    EXPECT_EQ(kept.credit_code, wanted.credit_code);
    EXPECT_EQ(kept.issuer_abbr, "青财");
    EXPECT_EQ(kept.phone, "0871-1");
    EXPECT_EQ(kept.address, "人民路 1 号");
    EXPECT_EQ(kept.duties, "职能");
    EXPECT_EQ(kept.position, 7);
    EXPECT_EQ(kept.valid_until, now);
    EXPECT_EQ(kept.kind, OrgKind::Department);
    EXPECT_EQ(kept.level, OrgLevel::County);
    EXPECT_TRUE(list_warnings(kept).empty());
    EXPECT_EQ(records(), 1);
}

TEST_P(Orgs, AreToldEverythingThatDoesNotFitAtOnce)
{
    auto wanted = good_org(" ");
    wanted.region_code = "1";
    wanted.credit_code = "x";
    wanted.supervising_org = {99};
    wanted.successor = {99};
    const auto refused = create(wanted);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "org.invalid");
    EXPECT_EQ(refused.error().fields.size(), 6U);
    EXPECT_EQ(records(), 0);
}

TEST_P(Orgs, AreOnlyWarnedOfAWrongCheckDigit)
{
    auto wanted = good_org();
    wanted.credit_code = "91350100M000100Y44";
    EXPECT_EQ(list_warnings(create(wanted).value()).size(), 1U);
}

TEST_P(Orgs, StandUnderAParentThatExists)
{
    EXPECT_EQ(create(good_org("a", {99})).error().code, "org.parent_not_found");
}

TEST_P(Orgs, MoveWithEverythingBelow)
{
    const auto city = create(good_org("市")).value();
    const auto county = create(good_org("县", city.id)).value();
    const auto town = create(good_org("镇", county.id)).value();
    const auto other = create(good_org("另一市")).value();
    auto moved = county;
    moved.parent = other.id;
    ASSERT_TRUE(update(moved));
    EXPECT_EQ(load(town.id)->path, load(county.id)->path + std::to_string(town.id.value) + "/");
    EXPECT_EQ(load(county.id)->path, other.path + std::to_string(county.id.value) + "/");
    database->read([&](db::Transaction& tx) {
        EXPECT_TRUE(is_within(tx, town.id, other.id));
        EXPECT_TRUE(is_within(tx, town.id, town.id));
        EXPECT_FALSE(is_within(tx, town.id, city.id));
        EXPECT_EQ(list_subtree(tx, other.id).size(), 3U);
        EXPECT_EQ(list_subtree(tx, city.id).size(), 1U);
        EXPECT_TRUE(list_subtree(tx, {99}).empty());
    });
}

TEST_P(Orgs, AreNeverTheirOwnAncestors)
{
    auto city = create(good_org("市")).value();
    const auto county = create(good_org("县", city.id)).value();
    city.parent = county.id;
    EXPECT_EQ(update(city).error().code, "org.would_be_its_own_ancestor");
    city.parent = city.id;
    EXPECT_EQ(update(city).error().code, "org.would_be_its_own_ancestor");
}

TEST_P(Orgs, AreListedParentsFirstInOrder)
{
    const auto city = create(good_org("市")).value();
    auto second = good_org("二", city.id);
    second.position = 2;
    ASSERT_TRUE(create(second));
    auto first = good_org("一", city.id);
    first.position = 1;
    const auto one = create(first).value();
    ASSERT_TRUE(create(good_org("一甲", one.id)));
    std::string names;
    for (const auto& org : database->read([](db::Transaction& tx) { return list_orgs(tx); }))
        names += org.name + " ";
    EXPECT_EQ(names, "市 一 一甲 二 ");
}

TEST_P(Orgs, AreNotFoundWhenThereAreNone)
{
    EXPECT_EQ(load({99}).error().code, "org.not_found");
    auto wanted = good_org();
    wanted.id = {99};
    EXPECT_EQ(update(wanted).error().code, "org.not_found");
}

TEST_P(Orgs, AreSupervisedByTheOfficeOfTheGovernmentAbove)
{
    auto government = good_org("市政府");
    government.kind = OrgKind::Government;
    const auto city = create(government).value();
    auto bureau = create(good_org("市财政局", city.id)).value();
    const auto supervising = [&](const Org& org) {
        return database->read([&](db::Transaction& tx) { return supervising_org_of(tx, org); });
    };
    EXPECT_EQ(supervising(bureau), city.id);
    auto office = good_org("市政府办公室", city.id);
    office.kind = OrgKind::Office;
    const auto made = create(office).value();
    EXPECT_EQ(supervising(bureau), made.id);
    bureau.supervising_org = city.id;
    EXPECT_EQ(supervising(bureau), city.id);
}

// Who may manage what is identity's; here only that it is asked, and about the right places.
TEST_P(Orgs, AreChangedOnlyWithLeaveForTheOldAndTheNewPlace)
{
    const auto mine = create(good_org("甲县")).value();
    const auto theirs = create(good_org("乙县")).value();
    const auto child = create(good_org("甲局", mine.id)).value();
    const auto only_mine = [&](db::Transaction& tx, const base::Actor&, base::OrgId where,
                               base::Instant) -> base::Result<> {
        if (is_within(tx, where, mine.id))
            return {};
        return base::refuse(base::Error::Kind::NotFound, "org.not_found", "机构不存在");
    };
    const http::Router router(routes(*database, only_mine));
    const auto send = [&](http::Method method, std::string path, base::OrgId parent) {
        http::Request request;
        request.method = method;
        request.path = path;
        request.now = now;
        request.headers = {{"content-type", "application/json"}};
        request.body = R"({"name":"x","short_name":"x","kind":"department","level":"county",)"
                       R"("parent_id":)"
                       + std::to_string(parent.value) + "}";
        const auto match = router.find(method, path);
        request.parameters = match.parameters;
        const auto reply = match.route->handler(request);
        return reply ? std::to_string(reply->status) : reply.error().code;
    };
    const auto at = [](const Org& org) { return "/api/orgs/" + std::to_string(org.id.value); };
    EXPECT_EQ(send(http::Method::Post, "/api/orgs", mine.id), "201");
    EXPECT_EQ(send(http::Method::Post, "/api/orgs", theirs.id), "org.not_found");
    EXPECT_EQ(send(http::Method::Post, "/api/orgs", {}), "org.not_found");
    EXPECT_EQ(send(http::Method::Put, at(child), mine.id), "200");
    EXPECT_EQ(send(http::Method::Put, at(child), theirs.id), "org.not_found");
    EXPECT_EQ(send(http::Method::Put, at(theirs), {}), "org.not_found");
    EXPECT_EQ(send(http::Method::Get, at(theirs), {}), "200");
    EXPECT_EQ(send(http::Method::Get, "/api/orgs/999", {}), "org.not_found");
}

} // namespace
} // namespace org
