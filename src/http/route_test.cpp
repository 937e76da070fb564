#include "http/route.h"

#include <gtest/gtest.h>

namespace http {
namespace {

Handler nothing()
{
    return [](const Request&) -> Reply { return no_content(); };
}

Route route(Method method, std::string_view pattern)
{
    return {.method = method, .pattern = pattern, .access = public_access, .handler = nothing()};
}

std::string found(const Router& router, Method method, std::string_view path)
{
    const auto match = router.find(method, path);
    if (match.route == nullptr)
        return match.other_method ? "405 " + match.allowed : "404";
    std::string text(match.route->pattern);
    for (const auto& [name, value] : match.parameters)
        text.append(" ").append(name).append("=").append(value);
    return text;
}

const Router& example()
{
    static const Router router(
        {route(Method::Get, "/"), route(Method::Get, "/zcwj/"), route(Method::Get, "/{column}/"),
         route(Method::Get, "/{column}/{id}.html"), route(Method::Get, "/zcwj/t{id}.html"),
         route(Method::Get, "/api/items/{id}"), route(Method::Put, "/api/items/{id}"),
         route(Method::Post, "/api/items"), route(Method::Get, "/api/items/new"),
         route(Method::Get, "/static/{rest*}")});
    return router;
}

TEST(Router, FindsWholePatterns)
{
    EXPECT_EQ(found(example(), Method::Get, "/"), "/");
    EXPECT_EQ(found(example(), Method::Get, "/api/items/17"), "/api/items/{id} id=17");
    EXPECT_EQ(found(example(), Method::Get, "/api/items/17/"), "404");
    EXPECT_EQ(found(example(), Method::Get, "/api/items/"), "404");
    EXPECT_EQ(
        found(example(), Method::Get, "/xw/240.html"), "/{column}/{id}.html column=xw id=240");
    EXPECT_EQ(found(example(), Method::Get, "/xw/.html"), "404");
    EXPECT_EQ(found(example(), Method::Get, "xw"), "404");
}

TEST(Router, PrefersTheLiteralAndTheNarrower)
{
    EXPECT_EQ(found(example(), Method::Get, "/zcwj/"), "/zcwj/");
    EXPECT_EQ(found(example(), Method::Get, "/xw/"), "/{column}/ column=xw");
    EXPECT_EQ(found(example(), Method::Get, "/api/items/new"), "/api/items/new");
    EXPECT_EQ(found(example(), Method::Get, "/zcwj/t5.html"), "/zcwj/t{id}.html id=5");
    EXPECT_EQ(
        found(example(), Method::Get, "/zcwj/5.html"), "/{column}/{id}.html column=zcwj id=5");
}

TEST(Router, LastSegmentTakesTheRest)
{
    EXPECT_EQ(found(example(), Method::Get, "/static/js/a.js"), "/static/{rest*} rest=js/a.js");
    // The empty rest is a rest, too.
    EXPECT_EQ(found(example(), Method::Get, "/static/"), "/static/{rest*} rest=");
}

TEST(Router, TellsTheOtherMethods)
{
    EXPECT_EQ(found(example(), Method::Delete, "/api/items/17"), "405 GET, HEAD, PUT");
    EXPECT_EQ(found(example(), Method::Get, "/api/items"), "405 POST");
    EXPECT_EQ(found(example(), Method::Head, "/"), "/");
    EXPECT_EQ(example().allowed("/api/items/17"), "GET, HEAD, PUT");
    EXPECT_EQ(example().allowed("/nowhere"), "");
}

TEST(Router, AnswersTheSameAfterBeingCopied)
{
    const Router copy = example(); // NOLINT(performance-unnecessary-copy-initialization)
    const auto match = copy.find(Method::Get, "/zcwj/");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.route, &copy.routes()[1]);
}

TEST(Router, RefusesPatternsThatFitTheSamePath)
{
    const auto build = [](std::string_view a, std::string_view b) {
        return Router({route(Method::Get, a), route(Method::Get, b)});
    };
    EXPECT_THROW(build("/a", "/a"), std::logic_error);
    EXPECT_THROW(build("/{a}/x", "/{b}/x"), std::logic_error);
    EXPECT_THROW(build("/a{x}", "/{x}b"), std::logic_error);
    EXPECT_THROW(build("/s/{a*}", "/s/{b*}"), std::logic_error);
    EXPECT_THROW(build("/", "a"), std::logic_error);
    EXPECT_THROW(build("/", "/{a"), std::logic_error);
    EXPECT_THROW(build("/", "/{}"), std::logic_error);
    EXPECT_THROW(build("/", "/{a}{b}"), std::logic_error);
    EXPECT_THROW(build("/", "/{a*}/b"), std::logic_error);
    EXPECT_NO_THROW(build("/{a}/x", "/y/{b}"));
}

} // namespace
} // namespace http
