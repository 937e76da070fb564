#include "http/url.h"

#include <gtest/gtest.h>

namespace http {
namespace {

std::string decoded(std::string_view raw)
{
    std::string path;
    return decode_path(raw, path) ? path : "refused";
}

TEST(DecodePath, DecodesUtf8)
{
    EXPECT_EQ(decoded("/"), "/");
    EXPECT_EQ(decoded("/zcwj/"), "/zcwj/");
    EXPECT_EQ(decoded("/%E4%BA%91%e5%b2%ad/a%20b"), "/云岭/a b");
    EXPECT_EQ(decoded("/a.b..c/.hidden/x;y=1"), "/a.b..c/.hidden/x;y=1");
    EXPECT_EQ(decoded("/100%25"), "/100%");
}

TEST(DecodePath, RefusesConfusion)
{
    for (const auto* const raw :
         {"",          "a",       "//",         "//a",           "/a//b",
          "/a//",      "/.",      "/..",        "/./a",          "/../a",
          "/a/..",     "/a/../b", "/a/.",       "/%2e",          "/%2E%2e/a",
          "/a%2fb",    "/a%2Fb",  "/a%5cb",     "/a\\b",         "/%00",
          "/a%0d%0aX", "/%7f",    "/%",         "/%4",           "/%zz",
          "/%E4%BA",   "/%C0%AF", "/%ED%A0%80", "/%F4%90%80%80", "/%FF",
          "/\x80"})
        EXPECT_EQ(decoded(raw), "refused") << raw;
}

TEST(DecodePairs, DecodesPlusAndEscapes)
{
    Pairs pairs;
    ASSERT_TRUE(decode_pairs("q=%E8%B4%A2+%2B&&empty=&flag&a=b=c", 10, pairs));
    EXPECT_EQ(pairs, (Pairs{{"q", "财 +"}, {"empty", ""}, {"flag", ""}, {"a", "b=c"}}));
}

TEST(DecodePairs, RefusesWhatIsNoText)
{
    for (const auto* const raw : {"a=%", "a=%G0", "a=%00", "a=%B2%C6", "%FF=1"}) {
        Pairs pairs;
        EXPECT_FALSE(decode_pairs(raw, 10, pairs)) << raw;
    }
    Pairs pairs;
    EXPECT_FALSE(decode_pairs("a=1&b=2&c=3", 2, pairs));
}

} // namespace
} // namespace http
