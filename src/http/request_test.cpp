#include "http/json.h"
#include "http/peers.h"
#include "http/problem.h"
#include "http/request.h"

#include <gtest/gtest.h>

namespace http {
namespace {

Request asking(std::string body, std::string type = "application/json")
{
    Request request;
    request.headers = {{"content-type", std::move(type)}};
    request.body = std::move(body);
    return request;
}

TEST(Request, FindsCookiesByTheirWholeName)
{
    Request request;
    request.headers = {{"cookie", "a=1; session=x=y;b="}, {"cookie", "late=2"}};
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("session"), "x=y");
    EXPECT_EQ(request.cookie("b"), "");
    EXPECT_EQ(request.cookie("late"), "2");
    EXPECT_EQ(request.cookie("sess"), std::nullopt);
}

TEST(Request, ReadsIdsAndNumbersWithinBounds)
{
    Request request;
    request.parameters = {
        {"id", "17"}, {"bad", "17x"}, {"zero", "0"}, {"huge", "99999999999999999999"}};
    EXPECT_EQ(request.id<base::ItemId>("id")->value, 17);
    for (const auto* const name : {"bad", "zero", "huge"})
        EXPECT_EQ(request.id<base::ItemId>(name).error().code, "http.bad_id");
    request.query = {{"page", "3"}, {"far", "1000"}, {"word", "x"}};
    EXPECT_EQ(*request.query_number("page", 1, 1, 100), 3);
    EXPECT_EQ(*request.query_number("none", 1, 1, 100), 1);
    EXPECT_EQ(request.query_number("far", 1, 1, 100).error().code, "http.bad_number");
    EXPECT_EQ(request.query_number("word", 1, 1, 100).error().code, "http.bad_number");
}

TEST(JsonBody, TakesOneObject)
{
    const auto body =
        json_body(asking("{\"title\":\"云岭\"} \n", "application/json; charset=utf-8"));
    ASSERT_TRUE(body);
    EXPECT_EQ(body->at("title").as_string(), "云岭");
}

TEST(JsonBody, RefusesWhatIsNone)
{
    for (const auto* const body :
         {"", "{", "[]", "1", "{} x", "{\"a\":}", "{\"a\":\"\xFF\"}", "{\"a\":\"\\ud800\"}",
          "{'a':1}", "{\"a\":1,}"})
        EXPECT_EQ(json_body(asking(body)).error().code, "http.not_json") << body;
    EXPECT_EQ(json_body(asking("{}", "text/plain")).error().code, "http.not_json");
    const auto deep = "{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}";
    EXPECT_EQ(json_body(asking(deep)).error().code, "http.not_json");
}

TEST(JsonBody, NamesThePlace)
{
    const auto refused = json_body(asking("{\n  \"a\": x}"));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("第 2 行"), std::string::npos);
}

TEST(FieldReader, TellsEverythingThatDoesNotFitAtOnce)
{
    const auto object = json::parse(R"({"title":"云岭市","count":7,"flag":"yes","nul":"a\u0000"})");
    FieldReader reader(object.as_object());
    EXPECT_EQ(reader.need_text("title", 3), "云岭市");
    reader.need_text("title", 2);
    reader.need_text("absent", 9);
    EXPECT_EQ(reader.find_text("absent", 9), std::nullopt);
    EXPECT_EQ(reader.need_integer("count", 1, 9), 7);
    reader.need_integer("count", 8, 9);
    reader.find_flag("flag");
    reader.find_text("nul", 9);
    EXPECT_TRUE(reader.find_array("absent", 3).empty());
    EXPECT_EQ(reader.find_object("absent"), nullptr);
    const auto finished = reader.finish("test.bad");
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, "test.bad");
    EXPECT_EQ(finished.error().fields.size(), 5U);
}

TEST(Problem, CarriesCodeAndFields)
{
    const base::Error error{
        base::Error::Kind::Invalid, "library.bad", "坏", {{"title", "不能为空"}}};
    const auto response = problem(status_of(error.kind), error, "abc");
    EXPECT_EQ(response.status, 422);
    const auto body = json::parse(response.body);
    EXPECT_EQ(body.at("code"), "library.bad");
    EXPECT_EQ(body.at("request_id"), "abc");
    EXPECT_EQ(body.at("errors").at("title"), "不能为空");
}

TEST(TrustedProxies, BelieveOnlyTheChainOfOurs)
{
    const TrustedProxies proxies({"10.0.0.1", "10.0.0.2"});
    const auto client = [&](std::string_view peer, std::string_view forwarded) {
        return to_string(proxies.client_of(*address_from(peer), forwarded));
    };
    EXPECT_EQ(client("10.0.0.1", "203.0.113.5"), "203.0.113.5");
    EXPECT_EQ(client("10.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.2"), "203.0.113.5");
    EXPECT_EQ(client("203.0.113.9", "1.1.1.1"), "203.0.113.9");
    EXPECT_EQ(client("10.0.0.1", "rubbish"), "10.0.0.1");
    EXPECT_EQ(client("10.0.0.1", "2001:db8::7"), "2001:db8::7");
    EXPECT_EQ(client("::ffff:10.0.0.1", "203.0.113.5"), "203.0.113.5");
    EXPECT_THROW(TrustedProxies({"proxy.example"}), std::runtime_error);
}

TEST(ConnectionCounts, HoldTheLimitPerAddress)
{
    ConnectionCounts counts;
    const auto a = *address_from("203.0.113.5");
    EXPECT_TRUE(counts.take(a, 2));
    EXPECT_TRUE(counts.take(a, 2));
    EXPECT_FALSE(counts.take(a, 2));
    EXPECT_TRUE(counts.take(*address_from("203.0.113.6"), 2));
    counts.give_back(a);
    EXPECT_TRUE(counts.take(a, 2));
    // One household has a whole /64.
    EXPECT_TRUE(counts.take(*address_from("2001:db8::1"), 1));
    EXPECT_FALSE(counts.take(*address_from("2001:db8::2"), 1));
}

} // namespace
} // namespace http
