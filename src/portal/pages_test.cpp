// Every page as HTML: parsed by a small reader of our own output, then asked what 47号 and the
// house demand of it.

#include "portal/fixtures.h"
#include "portal/frame.h"
#include "portal/pages.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace {

using namespace portal;
using portal::testing::base_theme;
using portal::testing::good_site;
using portal::testing::good_visit;

/// <meta name=… content=…> in order.
std::vector<std::pair<std::string, std::string>> metas_of(const std::string& html)
{
    std::vector<std::pair<std::string, std::string>> metas;
    const std::string open = "<meta name=\"";
    for (auto at = html.find(open); at != std::string::npos; at = html.find(open, at + 1)) {
        const auto name_at = at + open.size();
        const auto name_end = html.find('"', name_at);
        const auto value_at = html.find("content=\"", name_end) + 9;
        metas.emplace_back(
            html.substr(name_at, name_end - name_at),
            html.substr(value_at, html.find('"', value_at) - value_at));
    }
    return metas;
}

std::string meta(const std::string& html, std::string_view name)
{
    for (const auto& [key, value] : metas_of(html)) {
        if (key == name)
            return value;
    }
    return "(none)";
}

std::vector<int> headings_of(const std::string& html)
{
    std::vector<int> levels;
    for (std::size_t i = 0; i + 3 < html.size(); ++i) {
        if (html[i] == '<' && html[i + 1] == 'h' && html[i + 2] >= '1' && html[i + 2] <= '6'
            && (html[i + 3] == '>' || html[i + 3] == ' '))
            levels.push_back(html[i + 2] - '0');
    }
    return levels;
}

bool has(const std::string& html, std::string_view text)
{
    return html.find(text) != std::string::npos;
}

std::string page(std::string_view wanted)
{
    for (auto& [name, bytes] : portal::testing::every_page(base_theme(), good_visit())) {
        if (name == wanted)
            return bytes;
    }
    throw std::logic_error("no such page");
}

/// Unclosed and wrongly nested elements, as the names of the first fault.
std::string nesting_fault(const std::string& html)
{
    static const std::set<std::string> empty = {"meta", "link",     "img", "input", "br",
                                                "hr",   "!doctype", "use", "col"};
    std::vector<std::string> open;
    for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const bool closing = html[at + 1] == '/';
        const auto begin = at + (closing ? 2 : 1);
        const auto name = html.substr(begin, html.find_first_of(" >\n/", begin) - begin);
        if (!closing) {
            if (!empty.contains(name) || name == "use")
                open.push_back(name);
            continue;
        }
        if (open.empty() || open.back() != name)
            return "</" + name + "> closes <" + (open.empty() ? "nothing" : open.back()) + ">";
        open.pop_back();
    }
    return open.empty() ? "" : "<" + open.back() + "> stays open";
}

TEST(EveryPage, BearsTheSiteTagsFirstAfterTheCharset)
{
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), good_visit())) {
        EXPECT_TRUE(has(html, "<head>\n<meta charset=\"utf-8\">\n<meta name=\"SiteName\"")) << name;
        EXPECT_NE(meta(html, "SiteName"), "(none)") << name;
        EXPECT_TRUE(meta(html, "SiteDomain").ends_with(".gov.cn")) << name;
        EXPECT_EQ(meta(html, "SiteIDCode"), "5351230001") << name;
    }
}

TEST(EveryPage, BearsTheMarksOfTheFooter)
{
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), good_visit())) {
        EXPECT_TRUE(has(html, "https://bszs.conac.cn/sitename?method=show&amp;id=")) << name;
        EXPECT_TRUE(has(html, "jiucuo.html?site_code=5351230001&amp;url=https%3A%2F%2F")) << name;
        EXPECT_TRUE(has(html, "网站标识码：5351230001")) << name;
        EXPECT_TRUE(has(html, "滇ICP备00000002号")) << name;
        EXPECT_TRUE(has(html, "滇公网安备53512302000001号")) << name;
        EXPECT_TRUE(has(html, "主办：青溪县人民政府办公室")) << name;
        EXPECT_TRUE(has(html, "href=\"/sitemap\"")) << name;
        EXPECT_TRUE(has(html, "网站支持 IPv6")) << name;
    }
}

TEST(EveryPage, HasOneFirstHeadingAndSkipsNoLevel)
{
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), good_visit())) {
        const auto levels = headings_of(html);
        EXPECT_EQ(std::count(levels.begin(), levels.end(), 1), 1) << name;
        for (std::size_t i = 1; i < levels.size(); ++i)
            EXPECT_LE(levels[i], levels[i - 1] + 1) << name << " heading " << i;
    }
}

TEST(EveryPage, HasNothingInlineAndIsNestedRight)
{
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), good_visit())) {
        EXPECT_FALSE(has(html, " style=\"")) << name;
        EXPECT_FALSE(has(html, "<style")) << name;
        EXPECT_FALSE(has(html, "javascript:")) << name;
        EXPECT_FALSE(has(html, " onclick")) << name;
        EXPECT_EQ(nesting_fault(html), "") << name;
    }
}

TEST(EveryPage, HasNoIdTwiceAndAMainPart)
{
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), good_visit())) {
        std::set<std::string> ids;
        for (auto at = html.find(" id=\""); at != std::string::npos;
             at = html.find(" id=\"", at + 1)) {
            const auto id = html.substr(at + 5, html.find('"', at + 5) - at - 5);
            EXPECT_TRUE(ids.insert(id).second) << name << " " << id;
        }
        EXPECT_TRUE(ids.contains("main")) << name;
    }
}

TEST(EveryPage, IsTheSameForTheSameFacts)
{
    EXPECT_EQ(
        portal::testing::every_page(base_theme(), good_visit()),
        portal::testing::every_page(base_theme(), good_visit()));
}

TEST(EveryPage, ShowsItsViewModeAndTheWayBack)
{
    auto visit = good_visit();
    visit.large = visit.contrast = true;
    for (const auto& [name, html] : portal::testing::every_page(base_theme(), visit)) {
        EXPECT_TRUE(has(html, "class=\"v-large v-contrast\"")) << name;
        EXPECT_TRUE(has(html, "?view=normal")) << name;
    }
    EXPECT_TRUE(has(page("news"), "href=\"/xwdt/qxyw/2026/1112/318.html?view=large\""));
}

TEST(ColumnPages, BearTheColumnTags)
{
    for (const auto* name :
         {"list", "list-blank", "channel", "leaders", "institutions", "single"}) {
        const auto html = page(name);
        for (const auto* tag : {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"})
            EXPECT_NE(meta(html, tag), "(none)") << name << " " << tag;
    }
    EXPECT_EQ(meta(page("list"), "ColumnType"), "工作动态");
    EXPECT_EQ(meta(page("list"), "ArticleTitle"), "(none)");
    EXPECT_EQ(meta(page("home"), "ColumnType"), "首页");
}

TEST(ItemPages, BearColumnAndContentTags)
{
    for (const auto* name : {"news", "policy", "interpretation"}) {
        const auto html = page(name);
        for (const auto* tag :
             {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType", "ArticleTitle",
              "PubDate", "ContentSource", "Keywords", "Description", "Url"})
            EXPECT_NE(meta(html, tag), "(none)") << name << " " << tag;
        EXPECT_EQ(meta(html, "PubDate"), "2026-11-12 09:30");
    }
    EXPECT_EQ(meta(page("news"), "Author"), "李青");
    EXPECT_EQ(
        meta(page("news"), "Url"), "https://www.qx--qingxi.gov.cn/xwdt/qxyw/2026/1112/318.html");
}

TEST(ItemPages, ShowTheImageTagOnlyWithACover)
{
    const auto facts = good_site();
    auto item = portal::testing::good_news(facts);
    const auto visit = good_visit("/xwdt/qxyw/2026/1112/318.html");
    EXPECT_EQ(meta(item_page(base_theme(), facts, visit, item), "Image"), "(none)");
    item.shown.version.content.cover_hash = std::string(64, 'd');
    EXPECT_EQ(
        meta(item_page(base_theme(), facts, visit, item), "Image"),
        "https://www.qx--qingxi.gov.cn/files/" + std::string(64, 'd') + "/cover");
}

TEST(ItemPages, EscapeWhatPeopleWrote)
{
    const auto facts = good_site();
    auto item = portal::testing::good_news(facts);
    auto& content = item.shown.version.content;
    content.title = "<script>alert(1)</script>\"'&";
    content.source = "<b>来源</b>";
    content.source_url = "javascript:alert(1)";
    content.attachments = {{std::string(64, 'a'), "<img src=x>.docx", 1, "application/msword"}};
    const auto html = item_page(base_theme(), facts, good_visit("/x.html"), item);
    EXPECT_FALSE(has(html, "<script>alert"));
    EXPECT_FALSE(has(html, "<b>来源"));
    EXPECT_FALSE(has(html, "<img src=x>"));
    EXPECT_FALSE(has(html, "javascript:"));
    EXPECT_EQ(meta(html, "ArticleTitle"), "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
}

TEST(PolicyPages, ShowTheFactsWithTheTitleRowAndTheValidity)
{
    const auto html = page("policy");
    for (const auto* name :
         {"索引号", "主题分类", "发文机关", "成文日期", "标题", "发文字号", "发布日期", "公文种类",
          "有效性"})
        EXPECT_TRUE(has(html, ">" + std::string(name) + "</th>")) << name;
    EXPECT_TRUE(has(html, "<span class=\"st\">有效</span>"));
    EXPECT_TRUE(has(html, "<a href=\"#s4\">四、申报与兑现</a>"));
    EXPECT_TRUE(has(html, "<h2 id=\"s4\">"));
}

TEST(PolicyPages, WarnWhenTheDocumentIsNoLongerInForce)
{
    const auto facts = good_site();
    auto item = portal::testing::good_policy(facts);
    item.shown.version.content.policy.validity = library::Validity::Repealed;
    const auto html = item_page(base_theme(), facts, good_visit("/x.html"), item);
    EXPECT_TRUE(has(html, "本文件已废止"));
    EXPECT_TRUE(has(html, "<span class=\"st b\">"));
}

TEST(PolicyPages, AndTheirInterpretationsLinkBothWays)
{
    EXPECT_TRUE(has(page("policy"), "一图读懂茶产业若干措施</a>"));
    EXPECT_TRUE(has(page("interpretation"), "青溪县促进茶产业高质量发展若干措施</a>"));
    EXPECT_TRUE(has(page("interpretation"), "青政发〔2026〕18号"));
}

TEST(PolicyPages, LinesOfAnotherSiteLeadToThatSite)
{
    const auto facts = good_site();
    auto item = portal::testing::good_policy(facts);
    item.interpretations[0].site = base::SiteId{1};
    const auto html = item_page(base_theme(), facts, good_visit("/x.html"), item);
    EXPECT_TRUE(has(html, "href=\"https://www.yl--yunling.gov.cn/zwgk/zcjd/"));
}

TEST(ListPages, PageWithRealLinks)
{
    const auto html = page("list");
    EXPECT_TRUE(has(html, "共 312 条，第 3 / 16 页"));
    EXPECT_TRUE(has(html, "href=\"/xwdt/qxyw/?page=4\" rel=\"next\""));
    EXPECT_TRUE(has(html, "href=\"/xwdt/qxyw/\">首页</a>"));
    EXPECT_TRUE(has(html, "置顶"));
}

TEST(ListPages, SayHonestlyThatAColumnIsBlank)
{
    EXPECT_TRUE(has(page("list-blank"), "本栏目暂未发布信息"));
}

TEST(SearchPages, HighlightAndEscape)
{
    const auto html = page("search");
    EXPECT_TRUE(has(html, "<mark>茶产业</mark>"));
    EXPECT_TRUE(has(html, "/search?q=%E8%8C%B6%E4%BA%A7%E4%B8%9A&amp;type=policy&amp;year=2026"));
    EXPECT_TRUE(has(html, "您要找的是不是"));
    const auto nothing = page("search-nothing");
    EXPECT_FALSE(has(nothing, "<b>不存在"));
    EXPECT_TRUE(has(nothing, "没有找到与“&lt;b&gt;不存在”相符的信息"));
}

TEST(SearchPages, AreNotForSearchEngines) { EXPECT_EQ(meta(page("search"), "robots"), "noindex"); }

TEST(ErrorPages, HelpTheReaderOn)
{
    for (const auto* name : {"error-404", "error-410", "error-500", "error-503"}) {
        const auto html = page(name);
        EXPECT_TRUE(has(html, "返回首页")) << name;
        EXPECT_TRUE(has(html, "action=\"/search\"")) << name;
    }
    EXPECT_TRUE(has(page("error-410"), "已撤下"));
    EXPECT_TRUE(has(page("error-500"), "请求编号：req-1"));
    EXPECT_FALSE(has(page("error-404"), "请求编号"));
    EXPECT_TRUE(has(bare_error_page(base_theme(), {421, "", ""}, ""), "不属于本平台"));
}

TEST(SiteSettings, GreyModeBannerAndUploadedMarksShow)
{
    auto facts = good_site();
    facts.layout.grey = true;
    facts.layout.banner = {"urgent", "暴雨红色预警", "/yj/"};
    facts.layout.emblem = std::string(64, 'e');
    const auto html = home_page(base_theme(), facts, good_visit(), {});
    EXPECT_TRUE(has(html, "v-grey"));
    EXPECT_TRUE(has(html, "暴雨红色预警"));
    EXPECT_TRUE(has(html, "/files/" + std::string(64, 'e') + "/emblem"));
    EXPECT_FALSE(has(html, "标准图案位"));
}

TEST(SiteSettings, AreReadFromJsonAndForgiveWhatTheyDoNotKnow)
{
    const auto layout = layout_from(
        R"({"blocks":[{"block":"lead","column":"/a/","count":99},{"block":"list","column":7},3],)"
        R"("hot_words":["甲",1],"banner":"x","grey":true,"new":[1]})");
    ASSERT_EQ(layout.blocks.size(), 2U);
    EXPECT_EQ(layout.blocks[0].column_path, "/a/");
    EXPECT_EQ(layout.blocks[0].count, 20);
    EXPECT_EQ(layout.blocks[1].column_id, 7);
    EXPECT_EQ(layout.hot_words, std::vector<std::string>{"甲"});
    EXPECT_TRUE(layout.grey);
    EXPECT_TRUE(layout_from("not json").blocks.empty());
}

} // namespace
