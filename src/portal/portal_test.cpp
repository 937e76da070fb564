// The public face over a real database and the real rooms below it: what the reader gets at an
// address in every state of what stands there, and which pages a change makes anew.

#include "portal/portal.h"

#include "http/page_cache.h"
#include "portal/cache_rules.h"
#include "publish/release/release_fixture.h"
#include "text/plain_text.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using release::Target;
using Texts = std::vector<std::string>;

class Face : public release::Releases {
protected:
    db::testing::TemporaryFolder folder;
    library::FileStore files{folder.path() + "/files"};
    std::unique_ptr<search::Index> index = search::Index::open(folder.path() + "/index");
    portal::Portal face{
        {.themes = std::string(HUABIAO_SOURCE_DIR) + "/themes"},
        *town.database,
        index.get(),
        files};
    http::Router router{face.routes()};
    http::PageCache cache{16U << 20U};
    std::string host = "www.qingxi.gov.cn";
    std::int64_t cursor = last_event();

    http::Request request_to(const std::string& path, http::Pairs query = {}) const
    {
        http::Request request;
        request.path = path;
        request.query = std::move(query);
        request.host = host;
        request.now = now;
        request.actor.request_id = "test";
        return request;
    }
    http::Response ask(http::Request request)
    {
        const auto match = router.find(request.method, request.path);
        request.parameters = match.parameters;
        auto reply = match.route->handler(request);
        if (reply)
            return std::move(*reply);
        http::Response refused;
        refused.status = reply.error().kind == base::Error::Kind::NotFound ? 404 : 400;
        refused.body = reply.error().code;
        return refused;
    }
    http::Response get(const std::string& path, http::Pairs query = {})
    {
        return ask(request_to(path, std::move(query)));
    }
    int status(const std::string& path) { return get(path).status; }
    static std::string header(const http::Response& response, std::string_view name)
    {
        for (const auto& [key, value] : response.headers) {
            if (key == name)
                return value;
        }
        return {};
    }
    static bool says(const http::Response& response, std::string_view text)
    {
        return response.body.find(text) != std::string::npos;
    }

    /// As the server does it: out of the cache, or made and kept.
    void visit(const std::string& path)
    {
        const auto request = request_to(path);
        const auto key = portal::cache_key(request).value();
        if (cache.find(key))
            return;
        const auto ticket = cache.take_ticket();
        const auto response = ask(request);
        EXPECT_TRUE(response.caching) << path;
        if (response.caching)
            cache.put(key, response, ticket);
    }
    void take_events()
    {
        const auto batch =
            town.read([&](db::Transaction& tx) { return db::list_events_after(tx, cursor, 1000); });
        cursor = last_event();
        cache.drop(face.take_events(batch));
    }
    /// Which of the kept pages an action makes anew: by address, and with the host where it is
    /// another.
    template <typename Action>
    Texts made_anew(const std::vector<std::pair<std::string, std::string>>& pages, Action action)
    {
        take_events();
        const auto own = host;
        for (const auto& [at, path] : pages) {
            host = at;
            visit(path);
        }
        host = own;
        action();
        take_events();
        Texts gone;
        for (const auto& [at, path] : pages) {
            host = at;
            if (!cache.find(portal::cache_key(request_to(path)).value()))
                gone.push_back(at == own ? path : at + path);
        }
        host = own;
        std::sort(gone.begin(), gone.end());
        return gone;
    }
    void show_on_home(const std::string& column)
    {
        town.write([&](db::Transaction& tx) {
                auto site = site::load_site(tx, town.site).value();
                site.layout = R"({"blocks":[{"block":"list","title":"要闻","column":")" + column
                              + R"(","count":5}]})";
                return site::update_site(tx, town.root, site, now);
            })
            .value();
    }
    void put_into_index(const release::Publication& there, const library::Content& content)
    {
        const search::Document document{
            .id = there.id.value,
            .site = there.site.value,
            .column = there.column.value,
            .type = "article",
            .year = 2026,
            .published_at = now,
            .url = there.url,
            .title = content.title,
            .text = text::plain_text(content.body_html)};
        index->put({&document, 1});
        index->commit(1);
    }
    std::string preview(const base::Actor& who, base::ItemId item, http::Pairs query = {})
    {
        auto request = request_to("/api/items/1/preview", std::move(query));
        request.actor = who;
        request.parameters = {{"id", std::to_string(item.value)}};
        const auto reply = face.preview_routes().front().handler(request);
        if (!reply)
            return reply.error().code;
        EXPECT_EQ(header(*reply, "Cache-Control"), "no-store");
        EXPECT_FALSE(reply->caching);
        return reply->body;
    }
};

INSTANTIATE_TEST_SUITE_P(
    OnSqlite, Face, ::testing::Values(db::testing::Backend::Sqlite), db::testing::backend_name);

TEST_P(Face, AnswersEverySiteByItsExactHostAndNobodyElse)
{
    EXPECT_TRUE(says(get("/"), "qingxi"));
    host = "www.baishi.gov.cn";
    EXPECT_TRUE(says(get("/"), "<title>baishi"));
    for (const auto* unknown :
         {"qingxi.gov.cn", "www.qingxi.gov.cn.evil.example", "qingxi.localhost", "localhost", ""}) {
        host = unknown;
        EXPECT_EQ(status("/"), 421) << unknown;
    }
}

TEST_P(Face, AnswersOnThisMachineByCodeAndKeepsLinksHere)
{
    town.write([&](db::Transaction& tx) {
            auto site = site::load_site(tx, town.site).value();
            site.links = {
                {"市县", "白石县", "https://www.baishi.gov.cn/xwzx/"},
                {"市县", "中国政府网", "https://www.gov.cn/"}};
            return site::update_site(tx, town.root, site, now);
        })
        .value();
    take_events();
    const auto here = [&](const std::string& name) {
        auto request = request_to("/");
        request.host = name;
        request.port = 8191;
        request.loopback = true;
        return ask(request);
    };
    const auto page = here("qingxi.localhost");
    EXPECT_TRUE(says(page, "<title>qingxi"));
    EXPECT_TRUE(says(page, "\"http://baishi.localhost:8191/xwzx/\""));
    EXPECT_TRUE(says(page, "\"https://www.gov.cn/\""));
    EXPECT_TRUE(says(here("baishi.localhost"), "<title>baishi"));
    EXPECT_TRUE(says(here("localhost"), "<title>qingxi"));
    EXPECT_EQ(here("nobody.localhost").status, 421);
    EXPECT_TRUE(says(get("/"), "\"https://www.baishi.gov.cn/xwzx/\"")) << "elsewhere as written";
}

TEST_P(Face, ShowsWhatIsLiveLeadsOnWhatMovedAndSaysThatItIsGone)
{
    const auto there = put(approved().id, news);
    const auto page = get(there.url);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(says(page, "会议指出，要压实责任。"));
    EXPECT_TRUE(says(page, "name=\"SiteIDCode\"") || says(page, "name=\"SiteName\""));
    EXPECT_EQ(status("/xwzx/2026/1122/99999.html"), 404);

    const auto moved = act(city_desk, release::move, there.id, town.policies).value();
    EXPECT_EQ(status(there.url), 301);
    EXPECT_EQ(header(get(there.url), "Location"), moved.url);
    EXPECT_EQ(header(get("/hant" + there.url), "Location"), "/hant" + moved.url);
    EXPECT_EQ(status(moved.url), 200);

    act(city_desk, release::withdraw, there.id, std::string("内容有误")).value();
    const auto gone = get(moved.url);
    EXPECT_EQ(gone.status, 410);
    EXPECT_FALSE(says(gone, "防火")) << "not even the title of what was withdrawn";
    EXPECT_FALSE(gone.caching);
    EXPECT_EQ(status(there.url), 410);
}

TEST_P(Face, NeverShowsWhatIsNotReleasedYet)
{
    const auto item = approved();
    auto later = order(item.id, {news});
    later.publish_at = now + std::chrono::hours(24);
    const auto there = carry_out(later).value().at(0).result.value();
    EXPECT_EQ(status(there.url), 404);
    EXPECT_FALSE(says(get("/xwzx/"), item.title));
    EXPECT_FALSE(says(get("/rss.xml"), item.title));
}

TEST_P(Face, HandsOutFilesOnlyWhileSomethingLiveCarriesThem)
{
    const auto hash = town.file('a', "申请表.pdf", "application/pdf");
    fs::create_directories(fs::path(files.path_of(hash)).parent_path());
    std::ofstream(files.path_of(hash)) << "0123456789";
    auto content = town.good_content();
    content.attachments = {{hash, "申请表.pdf", 10, "application/pdf"}};
    content.body_html += "<p><a href=\"/files/" + hash + "\">表</a></p>";
    const auto address = "/files/" + hash + "/x.pdf";
    const auto item = approved(content);
    EXPECT_EQ(status(address), 404);

    const auto there = put(item.id, news);
    const auto file = get(address);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(
        header(file, "Content-Disposition"),
        "attachment; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf");
    EXPECT_TRUE(header(file, "Content-Security-Policy").starts_with("sandbox;"));
    ASSERT_TRUE(file.file);
    EXPECT_EQ(file.file->size, 10U);
    const auto page = get(there.url);
    const auto whole = "/files/" + hash + "/%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf";
    EXPECT_TRUE(says(page, "<a href=\"" + whole + "\""))
        << page.body.substr(page.body.find("id=\"text\""), 600);

    act(city_desk, release::withdraw, there.id, std::string("换新表")).value();
    EXPECT_EQ(status(address), 404);
    EXPECT_EQ(status("/files/../../etc/passwd"), 404);
}

TEST_P(Face, FindsWithTheSearchWhatIsWrittenAndWhatSoundsLikeIt)
{
    const auto item = approved();
    put_into_index(put(item.id, news), town.good_content());
    const auto found = get("/search", {{"q", "防火工作"}});
    EXPECT_TRUE(says(found, "<mark>防火</mark>") || says(found, "<mark>防火工作</mark>"));
    EXPECT_FALSE(found.caching);
    const auto sounds = get("/search", {{"q", "秋冬季房火"}});
    EXPECT_TRUE(says(sounds, "以下是“<strong>秋冬季防火</strong>”的结果"));
    EXPECT_TRUE(says(sounds, "<mark>秋冬季防火</mark>"));
    EXPECT_TRUE(says(get("/search", {{"q", "<script>alert(1)</script>"}}), "&lt;script&gt;"));
    EXPECT_TRUE(says(get("/search", {{"q", std::string(3000, 'x')}}), "role=\"alert\""));
    EXPECT_EQ(get("/search").status, 200);
}

TEST_P(Face, ListsAnItemThatStandsInManyPlacesOnceWithTheOthersBeside)
{
    const auto item = approved();
    for (const auto& target :
         {Target{town.site, town.news}, Target{town.site, town.policies}, other_news})
        put_into_index(put(item.id, target), town.good_content());
    const auto found = get("/search", {{"q", "防火工作"}, {"site", "-1"}});
    EXPECT_TRUE(says(found, "找到 1 条结果"));
    EXPECT_TRUE(says(found, "另见"));
    EXPECT_TRUE(says(found, "https://www.baishi.gov.cn/xwzx/"));
    host = "www.baishi.gov.cn";
    const auto there = get("/search", {{"q", "防火工作"}, {"site", "-1"}});
    EXPECT_TRUE(says(there, "</span><a href=\"/xwzx/")) << "its own site's hit comes first";
}

TEST_P(Face, FeedsMachinesWithWhatIsLive)
{
    const auto there = put(approved().id, news);
    const auto feed = get("/rss.xml");
    EXPECT_TRUE(says(feed, "<link>https://www.qingxi.gov.cn" + there.url + "</link>"));
    EXPECT_TRUE(says(get("/xwzx/rss.xml"), there.url));
    EXPECT_FALSE(says(get("/zcwj/rss.xml"), there.url));
    EXPECT_EQ(status("/nothing/rss.xml"), 404);
    EXPECT_TRUE(says(get("/sitemap.xml"), "<loc>https://www.qingxi.gov.cn" + there.url));
    EXPECT_TRUE(says(get("/robots.txt"), "Sitemap: https://www.qingxi.gov.cn/sitemap.xml"));
    host = "www.baishi.gov.cn";
    EXPECT_FALSE(says(get("/rss.xml"), there.url));
}

TEST_P(Face, SpeaksTraditionalChineseAndKeepsTheViewThatWasChosen)
{
    const auto there = put(approved().id, news);
    const auto page = get("/hant" + there.url);
    EXPECT_TRUE(says(page, "會議指出，要壓實責任。"));
    EXPECT_TRUE(says(page, "lang=\"zh-Hant\""));
    const auto large = get("/", {{"view", "large"}});
    EXPECT_TRUE(says(large, "v-large"));
    EXPECT_TRUE(header(large, "Set-Cookie").starts_with("hb_view=large;"));
    EXPECT_FALSE(large.caching) << "an answer with a cookie is for one reader";
    auto with_cookie = request_to("/");
    with_cookie.headers = {{"cookie", "hb_view=contrast"}};
    EXPECT_TRUE(says(ask(with_cookie), "v-contrast"));
}

TEST_P(Face, MakesExactlyThePagesAnewThatShowAChange)
{
    show_on_home("/xwzx/");
    const auto item = approved();
    const auto there = put(item.id, news);
    const auto elsewhere = put(approved(town.good_content("白石县消息")).id, other_news);
    const std::string qingxi = "www.qingxi.gov.cn";
    const std::string baishi = "www.baishi.gov.cn";
    const std::vector<std::pair<std::string, std::string>> pages = {
        {qingxi, "/"},
        {qingxi, "/xwzx/"},
        {qingxi, "/zcwj/"},
        {qingxi, there.url},
        {qingxi, "/sitemap"},
        {qingxi, "/sitemap.xml"},
        {qingxi, "/rss.xml"},
        {qingxi, "/xwzx/rss.xml"},
        {qingxi, "/zcwj/rss.xml"},
        {qingxi, "/hant/"},
        {baishi, "/"},
        {baishi, "/xwzx/"},
        {baishi, elsewhere.url},
        {baishi, "/rss.xml"}};

    const auto another = approved(town.good_content("又一条消息"));
    EXPECT_EQ(
        made_anew(pages, [&] { put(another.id, news); }),
        (Texts{"/", "/hant/", "/rss.xml", "/sitemap.xml", "/xwzx/", "/xwzx/rss.xml"}));
    EXPECT_EQ(
        made_anew(pages, [&] { act(city_desk, release::move, there.id, town.policies).value(); }),
        (Texts{
            "/", "/hant/", "/rss.xml", "/sitemap.xml", "/xwzx/", there.url, "/xwzx/rss.xml",
            "/zcwj/", "/zcwj/rss.xml"}))
        << "the old address leads on from now on";
    EXPECT_EQ(made_anew({{qingxi, "/"}, {baishi, "/"}}, [&] { town.draft(); }), Texts{})
        << "what is written in the library is nobody's business yet";
    EXPECT_EQ(
        made_anew(
            {{qingxi, "/"}, {qingxi, "/sitemap"}, {baishi, "/"}},
            [&] { town.column(town.site, "tzgg"); }),
        (Texts{"/", "/sitemap"}));
}

TEST_P(Face, PreviewsADraftAsTheRealPageForThoseWhoMayReadIt)
{
    auto content = town.good_content();
    const auto hash = town.file('b', "图.png", "image/png");
    content.body_html += "<p><img src=\"/files/" + hash + "\" alt=\"图\"></p>";
    const auto item = town.draft(content);
    const auto page = preview(town.writer, item.id);
    EXPECT_NE(page.find("会议指出，要压实责任。"), std::string::npos);
    EXPECT_NE(page.find("预览：尚未发布"), std::string::npos);
    EXPECT_NE(page.find("noindex"), std::string::npos);
    EXPECT_NE(page.find("<title>全县秋冬季防火工作会议召开 - qingxi"), std::string::npos);
    EXPECT_NE(page.find("\"/api/files/" + hash + "\""), std::string::npos);
    EXPECT_NE(page.find("href=\"https://www.qingxi.gov.cn/xwzx/\""), std::string::npos);

    const auto there = preview(
        town.writer, item.id, {{"site", std::to_string(town.other_site.value)}, {"version", "1"}});
    EXPECT_NE(there.find(" - baishi</title>"), std::string::npos);
    EXPECT_EQ(preview(town.other_writer, item.id), "portal.no_preview");
    EXPECT_EQ(preview(town.writer, {9999}), "portal.no_preview");
    EXPECT_EQ(preview(town.writer, item.id, {{"version", "9"}}), "portal.no_preview");
    EXPECT_EQ(preview(town.writer, item.id, {{"version", "x"}}), "portal.no_preview");
    EXPECT_EQ(preview(town.writer, item.id, {{"site", "99"}}), "portal.no_preview");
}

} // namespace
