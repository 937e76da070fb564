#include "app/demo_text.h"

#include <gtest/gtest.h>

namespace app {
namespace {

using namespace std::chrono_literals;

TEST(DemoText, CountsFromTheDay)
{
    const base::Date day = 2026y / 11 / 22;
    EXPECT_EQ(filled("云政发〔{Y}〕12号", day), "云政发〔2026〕12号");
    EXPECT_EQ(filled("{date-3}至{md+9}", day), "2026年11月19日至12月1日");
    EXPECT_EQ(filled("{Y-5} {M-1} {ym-1}", day), "2021 10 2026年10月");
}

TEST(DemoText, WrapsMonthsAtTheYear)
{
    const base::Date day = 2026y / 1 / 31;
    EXPECT_EQ(filled("{M-1}月 {ym-1} {ym+1}", day), "12月 2025年12月 2026年2月");
}

TEST(DemoText, LeavesOtherBracesAlone)
{
    const base::Date day = 2026y / 11 / 22;
    EXPECT_EQ(filled("{x} {Y+} {", day), "{x} {Y+} {");
    EXPECT_EQ(filled("", day), "");
}

} // namespace
} // namespace app
