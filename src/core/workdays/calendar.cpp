#include "core/workdays/calendar.h"

#include "base/assert.h"
#include "core/workdays/official_days.h"

#include <fmt/format.h>
#include <vector>

namespace workdays {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int count_max = 1000;
constexpr int search_max = 60; // No holiday is longer.

base::Instant end_of(sys_days day) { return base::china_midnight(base::Date(day + days(1))); }

std::string_view take_until(std::string_view& rest, char mark)
{
    const auto at = rest.find(mark);
    const auto piece = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return piece;
}

std::string_view without_carriage_return(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

auto bad_line(int number, std::string_view line)
{
    return base::refuse(
        base::Error::Kind::Invalid, "workdays.bad_line",
        fmt::format(
            "第 {} 行“{}”不符合格式，应为：日期,holiday 或 workday,名称，且日期不重复", number,
            line));
}

} // namespace

base::Result<Calendar> Calendar::parse(std::string_view csv)
{
    if (csv.starts_with("\xEF\xBB\xBF"))
        csv.remove_prefix(3);
    Calendar calendar;
    for (int number = 1; !csv.empty(); ++number) {
        const auto line = without_carriage_return(take_until(csv, '\n'));
        if (number == 1 || line.empty()) {
            if (number == 1 && line != "date,kind,name")
                return bad_line(number, line);
            continue;
        }
        auto rest = line;
        const auto date = base::date_from(take_until(rest, ','));
        const auto kind = take_until(rest, ',');
        if (!date || (kind != "holiday" && kind != "workday") || rest.empty()
            || rest.find(',') != rest.npos)
            return bad_line(number, line);
        const Day day{kind == "holiday" ? DayKind::Holiday : DayKind::Workday, std::string(rest)};
        if (!calendar.days_.emplace(sys_days(*date), day).second)
            return bad_line(number, line);
        calendar.years_.insert(static_cast<int>(date->year()));
    }
    return calendar;
}

const Calendar& Calendar::official()
{
    static const Calendar calendar = [] {
        auto parsed = parse(official_days);
        VERIFY(parsed.has_value());
        return std::move(*parsed);
    }();
    return calendar;
}

base::Result<Calendar> Calendar::with_local_days(std::string_view csv) const
{
    auto local = TRY(parse(csv));
    Calendar both = *this;
    for (auto& [day, what] : local.days_)
        both.days_.insert_or_assign(day, std::move(what));
    return both;
}

bool Calendar::is_working_day(base::Date date) const
{
    const sys_days day(date);
    if (const auto named = days_.find(day); named != days_.end())
        return named->second.kind == DayKind::Workday;
    const std::chrono::weekday weekday(day);
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

std::optional<std::string> Calendar::name_of(base::Date date) const
{
    const auto named = days_.find(sys_days(date));
    return named == days_.end() ? std::nullopt : std::optional(named->second.name);
}

bool Calendar::covers(base::Date date) const
{
    return years_.contains(static_cast<int>(date.year()));
}

base::Instant Calendar::working_days_after(base::Instant start, int count) const
{
    VERIFY(count >= 1 && count <= count_max);
    sys_days day(base::china_date(start));
    while (count > 0) {
        day += days(1);
        count -= is_working_day(base::Date(day)) ? 1 : 0;
    }
    return end_of(day);
}

base::Instant Calendar::calendar_days_after(base::Instant start, int count) const
{
    VERIFY(count >= 1);
    sys_days day = sys_days(base::china_date(start)) + days(count);
    for (int searched = 0; !is_working_day(base::Date(day)) && searched < search_max; ++searched)
        day += days(1);
    return end_of(day);
}

int Calendar::working_days_between(base::Instant from, base::Instant until) const
{
    sys_days day(base::china_date(from));
    const sys_days last(base::china_date(until));
    if (last < day)
        return -working_days_between(until, from);
    int count = 0;
    while (day < last) {
        day += days(1);
        count += is_working_day(base::Date(day)) ? 1 : 0;
    }
    return count;
}

} // namespace workdays
