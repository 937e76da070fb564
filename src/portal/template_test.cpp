#include "portal/markup.h"
#include "portal/template.h"

#include <gtest/gtest.h>

namespace {

using portal::Fields;
using portal::Html;
using portal::List;
using portal::TemplateSet;

std::string rendered(const std::string& source, const Fields& data)
{
    const auto set = TemplateSet::compile({{"t", source}});
    return set ? set->render("t", data) : set.error().code + " " + set.error().message;
}

std::string code_of(const std::string& source)
{
    const auto set = TemplateSet::compile({{"t", source}, {"part", "<b>{{name}}</b>"}});
    return set ? "" : set.error().code;
}

TEST(Template, TextIsEscapedInTextAndInAttributes)
{
    const Fields data{{"name", "<a href='x'>\"&"}};
    EXPECT_EQ(
        rendered("<p title=\"{{name}}\">{{name}}</p>", data),
        "<p title=\"&lt;a href=&#39;x&#39;&gt;&quot;&amp;\">"
        "&lt;a href=&#39;x&#39;&gt;&quot;&amp;</p>");
}

TEST(Template, MadeHtmlIsPutAsItIsButNeverIntoAnAttribute)
{
    const Fields data{{"body", Html{"<b>甲</b>"}}};
    EXPECT_EQ(
        rendered("<div title=\"{{body}}\">{{body}}</div>", data),
        "<div title=\"\"><b>甲</b></div>");
}

TEST(Template, UnsafeAddressesBecomeHarmless)
{
    for (const auto* address :
         {"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:x",
          "data:text/html,x", "vbscript:x"})
        EXPECT_EQ(rendered("<a href=\"{{u}}\">", {{"u", address}}), "<a href=\"#\">") << address;
    for (const auto* address :
         {"/a/?b=c:d", "https://example.gov.cn/", "tel:12345", "#top", "?page=2"})
        EXPECT_EQ(
            rendered("<a href=\"{{u}}\">", {{"u", address}}),
            "<a href=\"" + portal::escaped(address) + "\">");
}

TEST(Template, SectionsRepeatForListsAndTestForTheRest)
{
    const Fields data{
        {"rows", List{Fields{{"n", 1}}, Fields{{"n", 2}}}},
        {"yes", true},
        {"no", false},
        {"empty", ""}};
    EXPECT_EQ(
        rendered(
            "{{#rows}}{{n}},{{/rows}}{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^empty}}e{{/empty}}", data),
        "1,2,ye");
}

TEST(Template, DottedNamesAndTheDotReachInside)
{
    const Fields data{{"site", Fields{{"name", "青溪"}}}, {"words", List{"甲", "乙"}}};
    EXPECT_EQ(
        rendered("{{site.name}}{{site.none}}{{#words}}[{{.}}]{{/words}}", data), "青溪[甲][乙]");
}

TEST(Template, PartialsSeeTheSurroundingData)
{
    const auto set = TemplateSet::compile({{"t", "{{>part}}!"}, {"part", "<b>{{name}}</b>"}});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->render("t", {{"name", "甲"}}), "<b>甲</b>!");
}

TEST(Template, ValuesMayNotStandInTagsScriptsOrUnquotedAttributes)
{
    for (const auto* source :
         {"<a {{name}}>", "<a href={{name}}>", "<{{name}}>", "<script src=\"/x\">{{name}}</script>",
          "<style>{{name}}</style>", "<p style=\"{{name}}\">", "<p onclick=\"{{name}}\">",
          "<!-- {{name}} -->", "<script>1</script>", "<p style=\"color:red\">"})
        EXPECT_EQ(code_of(source), "portal.template_invalid") << source;
}

TEST(Template, BrokenTemplatesAreRefusedWithTheLine)
{
    for (const auto* source :
         {"{{#a}}", "{{/a}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{a", "<p", "{{>missing}}",
          "{{>../part}}", "{{#a}}<p{{/a}}>", "{{{raw}}}", "{{&raw}}"})
        EXPECT_EQ(code_of(source), "portal.template_invalid") << source;
    const auto set = TemplateSet::compile({{"page/x", "<p>\n\n<a href=x>"}});
    ASSERT_FALSE(set);
    EXPECT_NE(set.error().message.find("page/x.html 第 1 行"), std::string::npos)
        << set.error().message;
}

TEST(Template, CirclesOfPartialsAreRefused)
{
    const auto set = TemplateSet::compile({{"a", "{{>b}}"}, {"b", "{{>a}}"}});
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, "portal.template_invalid");
}

TEST(Template, APageWithoutEndIsStopped)
{
    List many(2000, Fields{{"x", "1"}});
    const auto set = TemplateSet::compile({{"t", "{{#m}}{{#m}}{{x}}{{/m}}{{/m}}"}});
    ASSERT_TRUE(set);
    EXPECT_THROW(set->render("t", {{"m", many}}), std::runtime_error);
}

TEST(Markup, ShortensByCharactersNotBytes)
{
    EXPECT_EQ(portal::shortened("云岭市政府", 3), "云岭市…");
    EXPECT_EQ(portal::shortened("云岭市", 3), "云岭市");
    EXPECT_EQ(portal::character_count("云岭a"), 3U);
    EXPECT_EQ(portal::percent_encoded("/a 云"), "%2Fa%20%E4%BA%91");
}

} // namespace
