#include "text/sanitize.h"

#include "text/html_tokens.h"
#include "text/utf8.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <random>
#include <set>

namespace text {

namespace {

std::string file(const std::string& name)
{
    std::ifstream stream(std::string(HUABIAO_SOURCE_DIR "/src/text/fixtures/") + name);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> attacks()
{
    std::vector<std::string> list;
    const auto lines = file("attacks.jsonl");
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        const auto line = boost::json::parse(std::string_view(lines).substr(at, end - at));
        list.emplace_back(line.as_string());
        at = end + 1;
    }
    return list;
}

const std::set<std::string_view> ELEMENTS = {
    "p",          "h2",    "h3",    "h4",     "h5", "h6",      "ul",         "ol",       "li",
    "dl",         "dt",    "dd",    "strong", "em", "u",       "s",          "sub",      "sup",
    "mark",       "small", "abbr",  "cite",   "q",  "kbd",     "code",       "del",      "ins",
    "span",       "a",     "img",   "br",     "hr", "table",   "caption",    "colgroup", "col",
    "thead",      "tbody", "tfoot", "tr",     "th", "td",      "blockquote", "pre",      "figure",
    "figcaption", "div",   "ruby",  "rt",     "rp", "details", "summary"};
const std::set<std::string_view> ATTRIBUTES = {
    "href",    "rel",   "title", "src",   "alt",  "class", "lang",   "colspan",
    "rowspan", "scope", "span",  "start", "type", "width", "height", "open"};
const std::set<std::string_view> VOIDS = {"br", "hr", "img", "col"};

/// Reads the output with no knowledge of how it was made, and complains about anything not allowed.
class Inspector : public HtmlSink {
public:
    void start_tag(const HtmlTag& tag) override
    {
        if (!ELEMENTS.count(tag.name))
            complain("element " + tag.name);
        if (tag.self_closing)
            complain("self-closing");
        std::set<std::string> seen;
        for (const auto& attribute : tag.attributes) {
            if (!ATTRIBUTES.count(attribute.name))
                complain("attribute " + attribute.name);
            if (attribute.name == "href" || attribute.name == "src")
                check_address(attribute.value);
            if (attribute.name == "class")
                check_classes(attribute.value);
        }
        if (!VOIDS.count(tag.name))
            open.push_back(tag.name);
        depth = std::max(depth, open.size());
    }
    void end_tag(const HtmlTag& tag) override
    {
        if (open.empty() || open.back() != tag.name)
            return complain("end tag " + tag.name);
        open.pop_back();
    }
    void comment(std::string_view, std::size_t) override { complain("comment"); }
    void doctype(const HtmlDoctype&, std::size_t) override { complain("doctype"); }

    void check_address(const std::string& url)
    {
        const auto end = url.find_first_of(":/?#");
        if (end != std::string::npos && url[end] == ':') {
            const auto scheme = to_lower_ascii(url.substr(0, end));
            if (scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "tel")
                complain("address " + url);
        }
        if (url.empty() || url.substr(0, 2) == "//" || url.find('\\') != url.npos)
            complain("address " + url);
    }
    void check_classes(const std::string& value)
    {
        for (std::size_t at = 0; at < value.size();
             at = std::min(value.find(' ', at), value.size() - 1) + 1)
            if (value.compare(at, 2, "c-") != 0)
                complain("class " + value);
    }
    void complain(const std::string& what) { complaints += what + "; "; }

    std::vector<std::string> open;
    std::string complaints;
    std::size_t depth = 0;
};

/// Everything that must hold of any output for any input.
void expect_closed(std::string_view input, Tier tier = Tier::Editor, Origin origin = Origin::Stored)
{
    const auto clean = sanitize(input, tier, origin).html;
    Inspector inspector;
    tokenise_html(clean, inspector);
    EXPECT_EQ(inspector.complaints, "") << input << "\n→ " << clean;
    EXPECT_TRUE(inspector.open.empty()) << input << "\n→ " << clean;
    EXPECT_LE(inspector.depth, 80U);
    EXPECT_TRUE(is_valid_utf8(clean));
    EXPECT_EQ(sanitize(clean, tier).html, clean) << input;
    EXPECT_EQ(normalise_controls(clean), clean) << input;
}

std::string clean(std::string_view html) { return sanitize(html).html; }

} // namespace

TEST(Sanitize, EveryAttackYieldsTheClosedLanguage)
{
    const auto list = attacks();
    EXPECT_GT(list.size(), 1000U);
    for (const auto& attack : list)
        for (const auto tier : {Tier::Editor, Tier::Message, Tier::Snippet})
            for (const auto origin : {Origin::Stored, Origin::Office})
                expect_closed(attack, tier, origin);
}

TEST(Sanitize, AttacksInEveryContainerYieldTheClosedLanguage)
{
    for (const auto& attack : attacks())
        for (const auto* container :
             {"<table><tr><td>", "<ul><li>", "<a href=/x><b>", "<p title=\"", "<table>", "<pre>",
              "<select>", "<h2>", "<ruby><rt>"})
            expect_closed(container + attack + "</p></td></table>tail");
}

TEST(Sanitize, RandomTagSoupYieldsTheClosedLanguage)
{
    std::mt19937 random(20261122);
    const std::vector<std::string> pieces = {
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=/1>",
        "</a>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "<th>",
        "<tbody>",
        "</tbody>",
        "<thead>",
        "<caption>",
        "</caption>",
        "<colgroup>",
        "<col>",
        "<ul>",
        "</ul>",
        "<ol>",
        "<li>",
        "</li>",
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<div>",
        "</div>",
        "<div class=c-x>",
        "<h2>",
        "</h2>",
        "<h1>",
        "</h3>",
        "<pre>",
        "</pre>",
        "\n",
        " ",
        "文",
        "x",
        "&nbsp;",
        "<br>",
        "<hr>",
        "<img src=/a>",
        "<span class=c-y>",
        "<span style='font-weight:bold'>",
        "</span>",
        "<blockquote>",
        "</blockquote>",
        "<details>",
        "<summary>",
        "</summary>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "<ruby>",
        "<rt>",
        "<rp>",
        "</ruby>",
        "<svg>",
        "</svg>",
        "<section align=center>",
        "</section>",
        "<center>",
        "</center>",
        "<del>",
        "</del>",
        "<ins>",
        "<code>",
        "</code>",
        "<font>",
        "</font>",
        "<s>",
        "<sub>",
        "<p style='mso-list:l0 level1 lfo1'><![if !supportLists]>1.<![endif]>",
        "<p style='mso-list:l1 level2'><span style='mso-list:Ignore'>n</span>",
        "一、总则",
        "<!--x-->",
        "<style>",
        "</style>",
        "<select>",
        "</select>",
        "\xFF",
        "&#1;",
        "<p align=right>"};
    for (int round = 0; round < 20000; ++round) {
        std::string soup;
        const auto length = 1 + random() % 30;
        for (unsigned count = 0; count < length; ++count)
            soup += pieces[random() % pieces.size()];
        expect_closed(soup, Tier::Editor, round % 2 == 0 ? Origin::Stored : Origin::Office);
        if (HasFailure())
            break;
    }
}

TEST(Sanitize, NothingOfScriptsStaysNotEvenTheirText)
{
    EXPECT_EQ(clean("<p>a<script>alert(1)</script>b<style>p{}</style>c</p>"), "<p>abc</p>");
    EXPECT_EQ(clean("<svg><p>x</svg>y<template>z</template>"), "<p>y</p>");
    EXPECT_EQ(sanitize("<script></script><svg/><select>").notes.elements_dropped, 3U);
}

TEST(Sanitize, FormattingIsNestedRightAndReopenedBehindBlocks)
{
    EXPECT_EQ(
        clean("<b>a<p>b<i>c</b>d</p>e</i>"),
        "<p><strong>a</strong></p><p><strong>b<em>c</em></strong><em>d</em></p><p><em>e</em></p>");
    EXPECT_EQ(clean("<b>a<b>b</b>c</b>d"), "<p><strong>abc</strong>d</p>");
    EXPECT_EQ(
        clean("<a href=/1>x<a href=/2>y</a>z"),
        "<p><a href=\"/1\" rel=\"noopener noreferrer ugc\">x</a>"
        "<a href=\"/2\" rel=\"noopener noreferrer ugc\">y</a>z</p>");
}

TEST(Sanitize, StylesBecomeElementsAndClasses)
{
    EXPECT_EQ(
        clean("<p style='text-align: Center; color:red'>a</p>"), "<p class=\"c-center\">a</p>");
    EXPECT_EQ(
        clean("<div align=right>a<p>b</p></div>"),
        "<p class=\"c-right\">a</p><p class=\"c-right\">b</p>");
    EXPECT_EQ(
        clean("<span style='font-weight:700;font-style:italic'>a</span>"),
        "<p><strong><em>a</em></strong></p>");
    EXPECT_EQ(clean("<p class='c-center x'>a</p>"), "<p class=\"c-center\">a</p>");
}

TEST(Sanitize, TablesAreCompleted)
{
    EXPECT_EQ(
        clean("<table>x<td colspan=2 rowspan=1>y"),
        "<table><tbody><tr><td>x</td><td colspan=\"2\">y</td></tr></tbody></table>");
    EXPECT_EQ(clean("a<td>b</td>c"), "<p>a</p><p>b</p><p>c</p>");
    EXPECT_EQ(clean("<ul>a<p>b</p><li>c</ul>"), "<ul><li>a<p>b</p></li><li>c</li></ul>");
}

TEST(Sanitize, OwnBlocksKeepTheirClass)
{
    const auto* block = "<div class=\"c-attachment\"><a href=\"/f.pdf\" rel=\"noopener noreferrer "
                        "ugc\">附件</a></div>";
    EXPECT_EQ(clean(block), block);
}

TEST(Sanitize, MessagesHaveParagraphsAndBreaksOnly)
{
    EXPECT_EQ(
        sanitize("你好<b>!</b><br><a href=/1>x</a><h1>y</h1><li>z", Tier::Message).html,
        "<p>你好!<br>x</p><p>y</p><p>z</p>");
}

TEST(Sanitize, SnippetsAreTextOnly)
{
    EXPECT_EQ(sanitize("<p>a &lt;b&gt;</p><p>c<br>d</p>", Tier::Snippet).html, "a &lt;b&gt;\nc\nd");
}

TEST(Sanitize, AddressesAreCheckedWhenDecoded)
{
    EXPECT_EQ(safe_url(" /a?b=1#c "), "/a?b=1#c");
    EXPECT_EQ(safe_url("https://www.example.gov.cn/政务"), "https://www.example.gov.cn/政务");
    EXPECT_EQ(safe_url("mailto:a@example.gov.cn"), "mailto:a@example.gov.cn");
    EXPECT_EQ(safe_url("#note"), "#note");
    EXPECT_EQ(safe_url("ht\ntps://h/"), "https://h/");
    for (const auto* bad :
         {"", "javascript:1", "JAVA\tSCRIPT:1", "//h/", "http://u@h/", "http:h", "a\\b", "data:,x",
          "file:///x", ":x", "\x01javascript:1", "x y:z", "http://:80/"})
        EXPECT_EQ(safe_url(bad), "") << bad;
}

TEST(Office, WordIsCleaned)
{
    const auto [html, notes] = sanitize(file("word.html"), Tier::Editor, Origin::Office);
    EXPECT_NE(
        html.find("<ol><li><p>梳理公开事项目录</p><ol><li><p>细化基层标准</p></li></ol></li>"
                  "<li><p>规范栏目更新</p></li></ol><ul><li><p>无序要点</p></li></ul>"),
        html.npos);
    EXPECT_NE(
        html.find("<td rowspan=\"2\"><p class=\"c-center\"><strong>责任单位</strong></p></td><td "
                  "colspan=\"2\">"),
        html.npos);
    EXPECT_NE(html.find("<h2>一、总体要求</h2><p>（一）工作目标。"), html.npos);
    EXPECT_NE(html.find("<p class=\"c-center\">关于进一步做好政务公开工作的通知</p>"), html.npos);
    EXPECT_NE(html.find("<p>新文字x</p>"), html.npos);
    EXPECT_EQ(html.find("旧文字"), html.npos);
    for (const auto* gone : {"mso", "style", "font", "alert", "file:", "仿宋_GB2312", "w:"})
        EXPECT_EQ(html.find(gone), html.npos) << gone;
    EXPECT_EQ(notes.lists, 3U);
    EXPECT_EQ(notes.headings, 1U);
    EXPECT_EQ(notes.local_images, 1U);
    EXPECT_EQ(notes.revisions, 2U);
    EXPECT_EQ(clean(html), html);
}

TEST(Office, WpsIsCleaned)
{
    EXPECT_EQ(
        sanitize(file("wps.html"), Tier::Editor, Origin::Office).html,
        "<p "
        "class=\"c-center\">关于开展行政执法监督的公告</p><h2>一、监督范围</"
        "h2><p>全县34个执法单位。</p>"
        "<ul><li><p>行政许可</p></li></ul><table><tbody><tr><td><p>单位</p></td><td><p>电话</p></"
        "td></tr>"
        "<tr><td><p>司法局</p></td><td><p>0000-1234567</p></td></tr></tbody></table>");
}

TEST(Office, SectionsOfWechatBecomeParagraphs)
{
    const auto [html, notes] = sanitize(file("wechat.html"), Tier::Editor, Origin::Office);
    EXPECT_EQ(
        html,
        "<p class=\"c-center\"><strong>图解政策</strong></p><p>县政府出台《若干措施》。</p><p><img "
        "src=\"https://mmbiz.qpic.cn/a/640?wx_fmt&#61;png\" alt=\"图片\"></p>");
    EXPECT_EQ(notes.remote_images, 1U);
}

TEST(Office, HeadingsAreShortLinesWithANumber)
{
    const auto office = [](std::string_view html) {
        return sanitize(html, Tier::Editor, Origin::Office).html;
    };
    EXPECT_EQ(office("<p>　　二、主要任务</p>"), "<h2>二、主要任务</h2>");
    EXPECT_EQ(office("<p>（三）加强领导</p>"), "<h3>（三）加强领导</h3>");
    EXPECT_EQ(office("<p>一、要做好。</p>"), "<p>一、要做好。</p>");
    EXPECT_EQ(
        office("<table><td><p>一、要求</p>"),
        "<table><tbody><tr><td><p>一、要求</p></td></tr></tbody></table>");
    EXPECT_EQ(office("<p>一、</p>"), "<p>一、</p>");
    EXPECT_EQ(clean("<p>一、要求</p>"), "<p>一、要求</p>");
}

TEST(Office, LineBreaksOfTheSourceAreNothingBetweenChineseCharacters)
{
    EXPECT_EQ(
        sanitize("<p>政务\n  公开 open\n  data</p>", Tier::Editor, Origin::Office).html,
        "<p>政务公开 open data</p>");
}

TEST(Sanitize, TooLongInputIsCutAndSaysSo)
{
    std::string html(RICH_TEXT_BYTES_MAX + 10, 'x');
    const auto result = sanitize(html);
    EXPECT_TRUE(result.notes.truncated);
    EXPECT_LE(result.html.size(), RICH_TEXT_BYTES_MAX + 10);
    EXPECT_TRUE(sanitize("\xFF").notes.damaged);
}

} // namespace text
