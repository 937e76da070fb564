#include "core/workdays/calendar.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace workdays {
namespace {

using namespace std::chrono_literals;
using std::chrono::year_month_day;

base::Instant at(const char* text) { return base::instant_from(text).value(); }
base::Date on(const char* text) { return base::date_from(text).value(); }
const Calendar& official() { return Calendar::official(); }

TEST(Calendar, KnowsEveryLineOfTheNotices)
{
    std::ifstream file(std::string(HUABIAO_SOURCE_DIR) + "/data/workdays.csv");
    std::string line;
    std::getline(file, line);
    int lines = 0;
    for (; std::getline(file, line); ++lines) {
        const auto date = on(line.substr(0, 10).c_str());
        EXPECT_EQ(official().is_working_day(date), line.substr(11, 7) == "workday") << line;
        EXPECT_EQ(official().name_of(date), line.substr(19)) << line;
    }
    EXPECT_EQ(lines, 282);
}

TEST(Calendar, TakesWeekdaysForWorkingDays)
{
    EXPECT_TRUE(official().is_working_day(on("2026-11-23")));
    EXPECT_FALSE(official().is_working_day(on("2026-11-21")));
    EXPECT_FALSE(official().is_working_day(on("2026-11-22")));
    EXPECT_EQ(official().name_of(on("2026-11-22")), std::nullopt);
}

TEST(Calendar, WorksOnAdjustedWeekendsAndRestsOnHolidays)
{
    EXPECT_TRUE(official().is_working_day(on("2026-02-14"))); // Saturday, 春节 adjusted.
    EXPECT_TRUE(official().is_working_day(on("2026-02-28")));
    EXPECT_FALSE(official().is_working_day(on("2026-02-16"))); // Monday.
    EXPECT_FALSE(official().is_working_day(on("2026-02-23")));
    EXPECT_TRUE(official().is_working_day(on("2026-02-24")));
}

TEST(Calendar, KnowsTheProlongedSpringFestivalOf2020)
{
    EXPECT_FALSE(official().is_working_day(on("2020-02-01")));
    EXPECT_FALSE(official().is_working_day(on("2020-02-02")));
    EXPECT_TRUE(official().is_working_day(on("2020-02-03")));
}

TEST(Terms, EndAtMidnightAfterTheLastWorkingDay)
{
    // Monday; the 5th working day after it is the next Monday.
    EXPECT_EQ(official().working_days_after(at("2026-11-16 09:00"), 5), at("2026-11-24 00:00"));
}

TEST(Terms, DoNotCountTheDayOnWhichTheyBegin)
{
    EXPECT_EQ(official().working_days_after(at("2026-11-16 00:00"), 1), at("2026-11-18 00:00"));
    EXPECT_EQ(official().working_days_after(at("2026-11-16 23:59:59"), 1), at("2026-11-18 00:00"));
    EXPECT_EQ(official().working_days_after(at("2026-11-17 00:00"), 1), at("2026-11-19 00:00"));
}

TEST(Terms, CountByTheDayInChinaNotInGreenwich)
{
    EXPECT_EQ(official().working_days_after(at("2026-11-16T16:00:00Z"), 1), at("2026-11-19 00:00"));
}

TEST(Terms, LeapOverTheSpringFestivalAndCountItsAdjustedDays)
{
    // Friday the 13th; Saturday the 14th is worked, then nine days off, Tuesday the 24th.
    EXPECT_EQ(official().working_days_after(at("2026-02-13 10:00"), 1), at("2026-02-15 00:00"));
    EXPECT_EQ(official().working_days_after(at("2026-02-13 10:00"), 2), at("2026-02-25 00:00"));
    EXPECT_EQ(official().working_days_after(at("2026-02-24 10:00"), 4), at("2026-03-01 00:00"));
}

TEST(Terms, RunOnIntoAYearWithoutNoticeByWeekdayOnly)
{
    EXPECT_EQ(official().working_days_after(at("2026-12-31 10:00"), 1), at("2027-01-02 00:00"));
    EXPECT_FALSE(official().covers(on("2027-01-01")));
    EXPECT_TRUE(official().covers(on("2026-12-31")));
    EXPECT_FALSE(official().covers(on("2018-12-31")));
}

TEST(Terms, MayBeAThousandWorkingDays)
{
    EXPECT_GT(official().working_days_after(at("2026-01-05 10:00"), 1000), at("2029-01-01 00:00"));
    EXPECT_DEATH(official().working_days_after(at("2026-01-05 10:00"), 1001), "VERIFY");
    EXPECT_DEATH(official().working_days_after(at("2026-01-05 10:00"), 0), "VERIFY");
}

TEST(CalendarTerms, EndWithTheNextWorkingDayWhenTheLastDayIsFree)
{
    // 20 days after 2026-09-11 is 10-01; the holiday ends on 10-07.
    EXPECT_EQ(official().calendar_days_after(at("2026-09-11 08:00"), 20), at("2026-10-09 00:00"));
    EXPECT_EQ(official().calendar_days_after(at("2026-11-16 08:00"), 4), at("2026-11-21 00:00"));
    EXPECT_EQ(official().calendar_days_after(at("2026-11-16 08:00"), 5), at("2026-11-24 00:00"));
}

TEST(WorkingDaysBetween, IsTheInverseOfTheTerm)
{
    const auto start = at("2026-02-13 10:00");
    for (int count = 1; count <= 60; ++count) {
        const auto last_moment = official().working_days_after(start, count) - 1ms;
        EXPECT_EQ(official().working_days_between(start, last_moment), count);
        EXPECT_EQ(official().working_days_between(last_moment, start), -count);
    }
    EXPECT_EQ(official().working_days_between(start, start), 0);
}

TEST(LocalDays, LieOnTopOfTheOfficialOnes)
{
    const auto local = official().with_local_days(
        "date,kind,name\n2026-04-20,holiday,三月三\n2026-05-09,holiday,补休\n");
    ASSERT_TRUE(local);
    EXPECT_FALSE(local->is_working_day(on("2026-04-20")));
    EXPECT_FALSE(local->is_working_day(on("2026-05-09")));
    EXPECT_EQ(local->name_of(on("2026-04-20")), "三月三");
    EXPECT_TRUE(official().is_working_day(on("2026-04-20")));
}

TEST(LocalDays, DoNotCoverAYear)
{
    const auto local = official().with_local_days("date,kind,name\n2027-04-09,holiday,三月三\n");
    ASSERT_TRUE(local);
    EXPECT_FALSE(local->covers(on("2027-04-09")));
    EXPECT_FALSE(local->is_working_day(on("2027-04-09")));
}

TEST(Parsing, NamesTheLineThatDoesNotFit)
{
    for (const char* line :
         {"2026-02-30,holiday,x", "2026-01-01,feast,x", "2026-01-01,holiday", "nonsense",
          "2026-01-01,holiday,x,y", "2026-01-01,holiday,"}) {
        const auto text = std::string("date,kind,name\n2026-03-03,holiday,a\n") + line + "\n";
        const auto refused = Calendar::parse(text);
        ASSERT_FALSE(refused) << line;
        EXPECT_EQ(refused.error().code, "workdays.bad_line");
        EXPECT_NE(refused.error().message.find("第 3 行"), std::string::npos);
    }
}

TEST(Parsing, RefusesADayNamedTwiceAndAFileWithoutHeader)
{
    EXPECT_FALSE(Calendar::parse("date,kind,name\n2026-03-03,holiday,a\n2026-03-03,workday,b\n"));
    EXPECT_FALSE(Calendar::parse("2026-03-03,holiday,a\n"));
}

TEST(Parsing, AcceptsWindowsLinesAndAByteOrderMark)
{
    const auto parsed = Calendar::parse("\xEF\xBB\xBF"
                                        "date,kind,name\r\n2026-03-03,holiday,a\r\n\r\n");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->name_of(on("2026-03-03")), "a");
}

} // namespace
} // namespace workdays
