#include "publish/release/pages.h"

#include "publish/release/api.h"
#include "publish/release/release_fixture.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <tuple>

namespace release {
namespace {

using http::Method;

class Pages : public Releases {};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Pages, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Pages, StandPinnedThenByTimeAndLeadersByRank)
{
    std::map<std::string, PublicationId> ids;
    for (const auto* title : {"一", "二", "三"}) {
        now += std::chrono::minutes(1);
        ids[title] = put(approved(town.good_content(title)).id, news).id;
    }
    EXPECT_EQ(list({town.news}), (std::vector<std::string>{"三", "二", "一"}));
    act(publisher, set_pinned, ids["一"], true, 1).value();
    act(publisher, set_pinned, ids["二"], true, 2).value();
    EXPECT_EQ(list({town.news}), (std::vector<std::string>{"二", "一", "三"}));
    act(publisher, set_pinned, ids["一"], false, 0).value();
    EXPECT_EQ(list({town.news}), (std::vector<std::string>{"二", "三", "一"}));
    EXPECT_EQ(
        Town::code_of(act(stranger, set_pinned, ids["一"], true, 1)),
        "release.publication_not_found");
    for (const int rank : {2, 1, 3}) {
        auto leader = town.good_content(std::to_string(rank));
        leader.leader.rank = rank;
        put(approved(leader, ItemKind::Leader).id, {town.site, town.policies});
    }
    EXPECT_EQ(list({town.policies}), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_P(Pages, OfSeveralColumnsAreListedAsOneSortWouldListThem)
{
    std::mt19937 random(7);
    std::vector<base::ColumnId> columns = {town.news, town.policies};
    for (int i = 0; i < 30; ++i) {
        now = town.now + std::chrono::minutes(random() % 20);
        auto content = town.good_content(std::to_string(i));
        content.leader.rank = random() % 4 == 0 ? static_cast<int>(random() % 5) : 0;
        const auto publication =
            put(approved(content).id, {town.site, columns[random() % columns.size()]});
        if (random() % 3 == 0)
            act(publisher, set_pinned, publication.id, true, static_cast<int>(random() % 3))
                .value();
    }
    const auto lines = [&](const std::vector<base::ColumnId>& of, int offset, int limit) {
        return town.read([&](db::Transaction& tx) { return list_live(tx, of, offset, limit); });
    };
    auto expected = lines({town.news}, 0, 100);
    for (const auto& line : lines({town.policies}, 0, 100))
        expected.push_back(line);
    const auto place = [](const Listed& line) {
        return std::tuple(
            !line.pinned, -line.position,
            -(line.rank > 0 ? INT64_C(9'000'000'000'000'000) - line.rank
                            : base::to_millis(line.published_at)),
            -line.id.value);
    };
    std::sort(expected.begin(), expected.end(), [&](const Listed& a, const Listed& b) {
        return place(a) < place(b);
    });
    for (const int offset : {0, 3, 29, 30, 50}) {
        const auto page = lines(columns, offset, 7);
        const auto begin = std::min<std::size_t>(expected.size(), static_cast<std::size_t>(offset));
        ASSERT_EQ(page.size(), std::min<std::size_t>(7, expected.size() - begin));
        for (std::size_t i = 0; i < page.size(); ++i)
            EXPECT_EQ(page[i].id, expected[begin + i].id) << offset << "+" << i;
    }
    const auto total = town.read([&](db::Transaction& tx) { return count_live(tx, columns); });
    EXPECT_EQ(total, 30);
}

TEST_P(Pages, LinkDocumentsAndReadingsByWhatIsPublic)
{
    const auto policy = approved(town.good_content("文件"), ItemKind::Policy);
    const auto policy_page = put(policy.id, {town.site, town.policies});
    auto content = town.good_content("解读");
    content.interprets = {policy.id};
    const auto reading = approved(content, ItemKind::Interpretation);
    const auto readings = [&] {
        return town.read([&](db::Transaction& tx) {
            return list_interpretations(tx, town.site, policy.id).size();
        });
    };
    const auto link = fmt::format("release.link_changed {}", policy_page.id.value);
    EXPECT_EQ(readings(), 0U);
    auto cursor = last_event();
    const auto page = put(reading.id, news);
    EXPECT_EQ(
        events_after(cursor),
        (std::vector<std::string>{fmt::format("release.published {}", page.id.value), link}));
    EXPECT_EQ(readings(), 1U);
    const auto policies = town.read(
        [&](db::Transaction& tx) { return list_policies(tx, town.other_site, reading.id); });
    ASSERT_EQ(policies.size(), 1U);
    EXPECT_EQ(policies[0].site, town.site) << "elsewhere on the platform, and says so";
    content.interprets.clear();
    next_version(reading.id, content);
    EXPECT_EQ(readings(), 1U) << "a draft changes no public page";
    cursor = last_event();
    put(reading.id, news);
    EXPECT_EQ(readings(), 0U);
    EXPECT_EQ(events_after(cursor).at(1), link) << "the document's page must lose the link";
}

TEST_P(Pages, MakeFilesPublicOnlyWhileTheyStand)
{
    const auto attached = town.file('a', "表.txt", "text/plain; charset=utf-8");
    const auto cover = town.file('b', "封面.png", "image/png");
    const auto picture = town.file('c', "图.png", "image/png");
    const auto mentioned = town.file('d', "别的.png", "image/png");
    auto content = town.good_content();
    content.attachments = {{attached, "表.txt", 0, ""}};
    content.cover_hash = cover;
    content.cover_alt = "封面";
    content.body_html =
        "<p><img src=\"/api/files/" + picture + "\" alt=\"图\">见 /files/" + mentioned + "</p>";
    const auto item = approved(content);
    const auto all_public = [&] {
        return is_public(attached) && is_public(cover) && is_public(picture);
    };
    EXPECT_FALSE(is_public(attached) || is_public(cover) || is_public(picture));
    const auto publication = put(item.id, news);
    EXPECT_TRUE(all_public());
    EXPECT_FALSE(is_public(mentioned)) << "words are no picture";
    act(publisher, withdraw, publication.id, std::string("错")).value();
    EXPECT_FALSE(is_public(attached) || is_public(cover) || is_public(picture));
    put(item.id, news);
    EXPECT_TRUE(all_public());
}

TEST_P(Pages, AreFoundByIndexes)
{
    const auto plan = [&](const std::string& sql) {
        std::string all;
        for (const auto& row :
             town.read([&](db::Transaction& tx) { return tx.query("EXPLAIN QUERY PLAN " + sql); }))
            all += row.text("detail") + "; ";
        return all;
    };
    if (town.database->is_postgresql())
        GTEST_SKIP() << "PostgreSQL plans by the amount of data";
    const auto list =
        plan("SELECT * FROM release_publications WHERE column_id = 1 AND state = 'live' "
             "ORDER BY pinned DESC, position DESC, sort_key DESC, id DESC LIMIT 20 OFFSET 0");
    EXPECT_NE(list.find("USING INDEX release_lists"), std::string::npos) << list;
    EXPECT_EQ(list.find("TEMP B-TREE"), std::string::npos) << list;
    const auto by_url = plan(
        "SELECT p.* FROM release_urls u JOIN release_publications p ON p.id = u.publication_id "
        "WHERE u.site_id = 1 AND u.url = 'x'");
    EXPECT_EQ(by_url.find("SCAN"), std::string::npos) << by_url;
    const auto last = plan("SELECT max(publish_at) AS at FROM release_publications "
                           "WHERE column_id = 1 AND state = 'live'");
    EXPECT_NE(last.find("release_last_of_column"), std::string::npos) << last;
}

TEST_P(Pages, ToTwoSitesTakeFarLessThanTheyMay)
{
    const auto item = approved();
    const auto wanted = order(item.id, {news, other_news});
    const auto begin = std::chrono::steady_clock::now();
    carry_out(wanted).value();
    const auto took = std::chrono::steady_clock::now() - begin;
    RecordProperty(
        "micros",
        static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    EXPECT_LT(took, std::chrono::milliseconds(300));
}

TEST_P(Pages, OverHttpAreOpenToTheOwnCountyOnly)
{
    const auto all = routes(*town.database);
    const auto item = approved();
    const auto id = std::to_string(item.id.value);
    const auto ask = [&](const base::Actor& who, Method method, const char* pattern,
                         const std::string& of, const std::string& json = "") {
        return Town::answer_of(all, method, pattern, town.request(who, {{"id", of}}, json));
    };
    const auto wanted = fmt::format(
        R"({{"key":"k","targets":[{{"site_id":{},"column_id":{}}}]}})", town.site.value,
        town.news.value);
    const auto* release_it = "/api/items/{id}/release";
    EXPECT_EQ(ask(stranger, Method::Post, release_it, id, wanted), "library.item_not_found");
    EXPECT_EQ(ask(publisher, Method::Post, release_it, id, "{"), "http.not_json");
    EXPECT_EQ(ask(publisher, Method::Post, release_it, id, "{}"), "release.invalid");
    EXPECT_EQ(ask(publisher, Method::Post, release_it, "x", wanted), "http.bad_id");
    EXPECT_EQ(ask(publisher, Method::Post, release_it, id, wanted), "200");
    const auto* list_them = "/api/items/{id}/publications";
    EXPECT_EQ(ask(publisher, Method::Get, list_them, id), "200");
    EXPECT_EQ(ask(stranger, Method::Get, list_them, id), "library.item_not_found");
    const std::string none = "release.publication_not_found";
    const auto of = std::to_string(town.read(
        [&](db::Transaction& tx) { return list_publications_of(tx, item.id).at(0).id.value; }));
    const auto move_json = fmt::format(R"({{"column_id":{}}})", town.policies.value);
    const auto* move_it = "/api/publications/{id}/move";
    const auto* pin_it = "/api/publications/{id}/pinned";
    const auto* down = "/api/publications/{id}/withdraw";
    const auto* all_down = "/api/items/{id}/withdraw";
    EXPECT_EQ(ask(stranger, Method::Post, move_it, of, move_json), none);
    EXPECT_EQ(ask(stranger, Method::Put, pin_it, of, R"({"pinned":true})"), none);
    EXPECT_EQ(ask(stranger, Method::Post, down, of, R"({"reason":"x"})"), none);
    EXPECT_EQ(
        ask(stranger, Method::Post, all_down, id, R"({"reason":"x"})"), "library.item_not_found");
    EXPECT_EQ(ask(publisher, Method::Post, move_it, of, "{}"), "release.invalid");
    EXPECT_EQ(ask(publisher, Method::Post, move_it, of, move_json), "200");
    EXPECT_EQ(ask(publisher, Method::Put, pin_it, of, "{}"), "release.invalid");
    EXPECT_EQ(ask(publisher, Method::Put, pin_it, of, R"({"pinned":true})"), "200");
    EXPECT_EQ(ask(publisher, Method::Post, down, of, "{}"), "release.reason_missing");
    EXPECT_EQ(ask(publisher, Method::Post, down, of, R"({"reason":"x"})"), "200");
    EXPECT_EQ(ask(publisher, Method::Post, all_down, id, "{}"), "release.reason_missing");
    EXPECT_EQ(ask(publisher, Method::Post, all_down, id, R"({"reason":"x"})"), "200");
}

} // namespace
} // namespace release
