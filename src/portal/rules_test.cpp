// What is cached under which key, what an event drops, feeds, the traditional face.

#include "db/events.h"
#include "portal/body.h"
#include "portal/cache_rules.h"
#include "portal/dependencies.h"
#include "portal/feeds.h"
#include "portal/fixtures.h"
#include "portal/hant.h"
#include "portal/load.h"
#include "publish/release/events.h"
#include "text/hanzi.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <pugixml.hpp>

namespace {

using namespace portal;
using portal::testing::good_site;

http::Request asked(std::string path, http::Pairs query = {}, std::string cookie = {})
{
    http::Request request;
    request.path = std::move(path);
    request.query = std::move(query);
    request.host = "www.qx--qingxi.gov.cn";
    if (!cookie.empty())
        request.headers.emplace_back("cookie", cookie);
    return request;
}

db::Event event(std::string_view kind, std::string payload, std::int64_t subject = 7)
{
    return {1, {}, std::string(kind), subject, std::move(payload)};
}

bool share(const std::vector<std::string>& one, const std::vector<std::string>& other)
{
    return std::any_of(one.begin(), one.end(), [&](const auto& tag) {
        return std::find(other.begin(), other.end(), tag) != other.end();
    });
}

TEST(CacheKey, TellsHostsPathsPagesAndViewsApart)
{
    const auto plain = cache_key(asked("/zcwj/"));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain, cache_key(asked("/zcwj/", {{"page", "1"}})));
    EXPECT_NE(plain, cache_key(asked("/zcwj/", {{"page", "2"}})));
    EXPECT_NE(plain, cache_key(asked("/hant/zcwj/")));
    EXPECT_NE(plain, cache_key(asked("/zcwj/", {}, "hb_view=large")));
    EXPECT_NE(
        cache_key(asked("/zcwj/", {}, "hb_view=contrast")),
        cache_key(asked("/zcwj/", {}, "hb_view=large-contrast")));
    auto other = asked("/zcwj/");
    other.host = "czj.yl--yunling.gov.cn";
    EXPECT_NE(plain, cache_key(other));
    auto local = asked("/zcwj/");
    local.loopback = true;
    EXPECT_NE(plain, cache_key(local));
}

TEST(CacheKey, IgnoresTheSessionAndUnknownViews)
{
    EXPECT_EQ(cache_key(asked("/")), cache_key(asked("/", {}, "sid=abc")));
    EXPECT_EQ(cache_key(asked("/")), cache_key(asked("/", {}, "hb_view=evil|key")));
}

TEST(CacheKey, IsNothingForWhatMustBeMadeEachTime)
{
    EXPECT_FALSE(cache_key(asked("/search", {{"q", "x"}})));
    EXPECT_FALSE(cache_key(asked("/hant/search", {{"q", "x"}})));
    EXPECT_FALSE(cache_key(asked("/zcwj/", {{"view", "large"}})));
    EXPECT_FALSE(cache_key(asked("/zcwj/", {{"page", "x"}})));
    EXPECT_FALSE(cache_key(asked("/zcwj/", {{"page", "2"}, {"utm", "x"}})));
    EXPECT_FALSE(cache_key(asked("/api/items")));
    EXPECT_FALSE(cache_key(asked("/console/")));
    auto post = asked("/");
    post.method = http::Method::Post;
    EXPECT_FALSE(cache_key(post));
    EXPECT_TRUE(cache_key(asked("/searching/")));
}

TEST(ViewMode, AddsUpAndGoesBackToNormal)
{
    EXPECT_EQ(
        to_string(view_mode_of(asked("/", {{"view", "large"}}, "hb_view=contrast"))),
        "large-contrast");
    EXPECT_EQ(to_string(view_mode_of(asked("/", {{"view", "normal"}}, "hb_view=large"))), "normal");
    EXPECT_EQ(to_string(view_mode_of(asked("/", {}, "hb_view=large"))), "large");
}

TEST(ARelease, DropsItsPageItsColumnsAndTheFeedsAndNothingElse)
{
    const auto facts = good_site();
    const auto& column = portal::testing::column_named(facts, "青溪要闻");
    const auto& other = portal::testing::column_named(facts, "政策文件");
    const auto dropped = tags_of(event(
        release::events::published,
        R"({"item":318,"site":4,"column":)" + std::to_string(column.id.value) + "}"));

    auto news = portal::testing::good_news(facts);
    EXPECT_TRUE(share(dropped, tags_of_item(facts, news)));
    auto another = news;
    another.shown.item.id = base::ItemId{999};
    EXPECT_FALSE(share(dropped, tags_of_item(facts, another)));

    auto home = portal::testing::good_home(facts);
    EXPECT_TRUE(share(dropped, tags_of_home(facts, home)));
    home.blocks.erase(home.blocks.begin());
    EXPECT_FALSE(share(dropped, tags_of_home(facts, home)));

    EXPECT_TRUE(share(dropped, tags_of_feed(facts, {})));
    EXPECT_TRUE(share(dropped, tags_of_feed(facts, {column.id})));
    EXPECT_FALSE(share(dropped, tags_of_feed(facts, {other.id})));
    EXPECT_FALSE(share(dropped, tags_of_frame(facts)));
    const auto list = portal::testing::good_list(facts, "青溪要闻");
    EXPECT_TRUE(share(dropped, tags_of_column(facts, list, columns_listed_by(facts, column))));
    const auto others = portal::testing::good_list(facts, "部门乡镇");
    EXPECT_FALSE(
        share(dropped, tags_of_column(facts, others, columns_listed_by(facts, others.column))));
}

TEST(ARelease, InASubColumnDropsTheChannelsAbove)
{
    const auto facts = good_site();
    const auto& column = portal::testing::column_named(facts, "青溪要闻");
    ColumnFacts above;
    above.column = portal::testing::column_named(facts, "新闻动态");
    const auto dropped = tags_of(event(
        release::events::withdrawn,
        R"({"item":1,"site":4,"column":)" + std::to_string(column.id.value) + "}"));
    EXPECT_TRUE(
        share(dropped, tags_of_column(facts, above, columns_listed_by(facts, above.column))));
}

TEST(AMove, DropsBothColumns)
{
    const auto dropped =
        tags_of(event(release::events::moved, R"({"item":1,"site":4,"column":5,"from_column":6})"));
    EXPECT_EQ(dropped, (std::vector<std::string>{"item:1", "column:5", "column:6", "latest:4"}));
}

TEST(AnInterpretation, DropsThePolicyAndTheListsThatCountIt)
{
    const auto facts = good_site();
    const auto home = portal::testing::good_home(facts);
    const auto policy = home.blocks[4].items[0].item.value;
    const auto dropped = tags_of(event(
        release::events::link_changed,
        R"({"item":)" + std::to_string(policy) + R"(,"site":4,"column":99})"));
    EXPECT_EQ(dropped, std::vector<std::string>{"item:" + std::to_string(policy)});
    EXPECT_TRUE(share(dropped, tags_of_home(facts, home)));
}

TEST(ASite, DropsAllItsPagesAndNoOthers)
{
    const auto facts = good_site();
    const auto mine = tags_of(event("site.column_changed", R"({"site":4,"column":3})"));
    const auto theirs = tags_of(event("site.changed", R"({"site":2})", 2));
    EXPECT_TRUE(share(mine, tags_of_frame(facts)));
    EXPECT_TRUE(share(mine, tags_of_item(facts, portal::testing::good_news(facts))));
    EXPECT_FALSE(share(theirs, tags_of_item(facts, portal::testing::good_news(facts))));
}

TEST(OtherEvents, DropNothing)
{
    EXPECT_TRUE(tags_of(event("library.saved", "{\"item\":1}")).empty());
    EXPECT_TRUE(tags_of(event("release.published", "not json")).empty());
}

TEST(Feeds, AreWellFormedAndEscape)
{
    const auto facts = good_site();
    auto items = portal::testing::good_list(facts, "青溪要闻").items;
    items[0].title = "<甲> & \"乙\"";
    pugi::xml_document feed;
    ASSERT_TRUE(feed.load_string(rss_feed(facts, nullptr, items).c_str()));
    const auto channel = feed.child("rss").child("channel");
    EXPECT_STREQ(channel.child("title").text().get(), "青溪县人民政府");
    EXPECT_STREQ(channel.child("item").child("title").text().get(), "<甲> & \"乙\"");
    EXPECT_TRUE(std::string(channel.child("item").child("link").text().get())
                    .starts_with("https://www.qx--qingxi.gov.cn/xwdt/"));
    pugi::xml_document map;
    ASSERT_TRUE(map.load_string(sitemap_xml(facts, items).c_str()));
    const auto urls = map.child("urlset").children("url");
    EXPECT_EQ(
        static_cast<std::size_t>(std::distance(urls.begin(), urls.end())),
        1 + facts.columns.size() + items.size());
    EXPECT_NE(
        robots_txt(facts).find("Sitemap: https://www.qx--qingxi.gov.cn/sitemap.xml"),
        std::string::npos);
}

TEST(Traditional, KeepsReadersUnderItsPrefix)
{
    EXPECT_EQ(
        with_hant_links(
            "<a href=\"/zwgk/\">x</a><form class=\"f\" action=\"/search\"><img src=\"/files/a/b\">"
            "<a href=\"/files/a/b\"><link href=\"/static/a.css\"><a href=\"https://a.b/\">"
            "<a href=\"/x/\" hreflang=\"zh-Hans\"><a href=\"/rss.xml\">"),
        "<a href=\"/hant/zwgk/\">x</a><form class=\"f\" action=\"/hant/search\"><img "
        "src=\"/files/a/b\">"
        "<a href=\"/files/a/b\"><link href=\"/static/a.css\"><a href=\"https://a.b/\">"
        "<a href=\"/x/\" hreflang=\"zh-Hans\"><a href=\"/rss.xml\">");
}

TEST(Traditional, ConvertsWordsAndLeavesAddresses)
{
    const text::TraditionalConverter converter;
    EXPECT_EQ(
        in_traditional(converter, "<a href=\"/zwgk/\" title=\"干部\">发布政务公开</a>"),
        "<a href=\"/hant/zwgk/\" title=\"幹部\">發佈政務公開</a>");
}

TEST(Body, HeadingsGetIdsTablesARegionAndPicturesLoadLate)
{
    const auto body = prepared_body("<h2>一</h2><p>甲<br>乙</p><h2 "
                                    "class=\"c-center\">二</h2><table><tr><td>1</td></tr></"
                                    "table><h2>三</h2><img src=\"/files/a/b\" alt=\"图\">");
    ASSERT_EQ(body.contents.size(), 3U);
    EXPECT_EQ(body.contents[1].title, "二");
    EXPECT_NE(body.html.find("<h2 id=\"s2\" class=\"c-center\">"), std::string::npos) << body.html;
    EXPECT_NE(body.html.find("</table></div>"), std::string::npos);
    EXPECT_NE(body.html.find("<img loading=\"lazy\" src="), std::string::npos);
}

TEST(Body, FewHeadingsMakeNoContents)
{
    EXPECT_TRUE(prepared_body("<h2>一</h2><p>甲</p>").contents.empty());
    EXPECT_EQ(prepared_body("<p>甲").html, "<p>甲");
    EXPECT_EQ(prepared_body("甲<p").html, "甲&lt;p");
}

} // namespace
