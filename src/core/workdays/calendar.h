#pragma once

// Working days (工作日): Monday to Friday, less the holidays and plus the adjusted workdays (调休)
// of the yearly notices of 国务院办公厅, plus what a tenant adds (宁夏 开斋节, 广西 三月三). Pure:
// data in, answers out. Deadlines are computed when asked, never stored: a changed notice moves
// them.

#include "base/clock.h"
#include "base/result.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace workdays {

enum class DayKind { Holiday, Workday };

class Calendar {
public:
    /// Reads lines "date,kind,name" with a header line. Refuses with workdays.bad_line, naming it.
    static base::Result<Calendar> parse(std::string_view csv);

    /// data/workdays.csv, compiled in.
    static const Calendar& official();

    /// The same with the tenant's own days on top, in the same form.
    base::Result<Calendar> with_local_days(std::string_view csv) const;

    bool is_working_day(base::Date) const;

    /// The name of the holiday or adjusted workday, if the notices name that day.
    std::optional<std::string> name_of(base::Date) const;

    /// Is the year of that day covered by a notice? If not, answers are by weekday only.
    bool covers(base::Date) const;

    /// The end of the term of `count` working days that begins at `start`: 24:00 China time of the
    /// count-th working day after the day of `start`, which is not counted itself (民法典 201).
    /// Requires: 1 ≤ count ≤ 1000.
    base::Instant working_days_after(base::Instant start, int count) const;

    /// The end of a term of calendar days; when its last day is no working day, it ends with the
    /// next working day (民法典 203).
    base::Instant calendar_days_after(base::Instant start, int count) const;

    /// Working days from the day after `from` up to and including the day of `until`; negative when
    /// `until` lies before.
    int working_days_between(base::Instant from, base::Instant until) const;

private:
    struct Day {
        DayKind kind;
        std::string name;
    };
    std::map<std::chrono::sys_days, Day> days_;
    std::set<int> years_; // Those that the notices name; local days cover no year.
};

} // namespace workdays
