#include "base/clock.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

TEST(Clock, ADayInChinaBeginsAtSixteenHundredUtcOfTheDayBefore)
{
    const auto last = instant_from("2026-11-21T15:59:59Z");
    const auto first = instant_from("2026-11-21T16:00:00Z");
    ASSERT_TRUE(last && first);
    EXPECT_EQ(china_date(*last), Date(2026y / 11 / 21));
    EXPECT_EQ(china_date(*first), Date(2026y / 11 / 22));
    EXPECT_EQ(china_midnight(2026y / 11 / 22), *first);
}

TEST(Clock, ThirtiethOfFebruaryDoesNotExist)
{
    EXPECT_FALSE(date_from("2026-02-30"));
    EXPECT_FALSE(date_from("2026-02-29"));
    EXPECT_TRUE(date_from("2028-02-29"));
    EXPECT_FALSE(date_from("2026年13月1日"));
    EXPECT_FALSE(date_from("2026-11-2x"));
}

TEST(Clock, ReadsTheFormsThatPeopleWrite)
{
    EXPECT_EQ(date_from("2026年11月2日"), date_from("2026-11-02"));
    EXPECT_EQ(date_from("2026/11/2"), date_from("2026-11-02"));
    EXPECT_EQ(instant_from("2026-11-22 09:30"), instant_from("2026-11-22T01:30:00Z"));
    EXPECT_EQ(instant_from("2026-11-22T09:30:00+08:00"), instant_from("2026-11-22T01:30:00Z"));
    EXPECT_FALSE(instant_from("2026-11-22 24:00"));
    EXPECT_FALSE(instant_from("2026-11-22 09:30 "));
    EXPECT_FALSE(instant_from(""));
}

TEST(Clock, WritesPubDateAsTheGuideDemands)
{
    const auto at = *instant_from("2026-11-22T01:05:09Z");
    EXPECT_EQ(to_minute_text(at), "2026-11-22 09:05");
    EXPECT_EQ(to_iso_text(at), "2026-11-22T09:05:09+08:00");
    EXPECT_EQ(to_chinese_date_text(china_date(at)), "2026年11月22日");
}

TEST(Clock, HttpDatesGoRoundTrip)
{
    const auto at = *instant_from("2026-11-22T01:05:09Z");
    EXPECT_EQ(to_http_date(at), "Sun, 22 Nov 2026 01:05:09 GMT");
    EXPECT_EQ(http_date_from(to_http_date(at)), at);
    EXPECT_FALSE(http_date_from("yesterday"));
    EXPECT_FALSE(http_date_from(""));
}

} // namespace
} // namespace base
