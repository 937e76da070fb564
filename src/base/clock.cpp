#include "base/clock.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours china_offset{8};

struct WallTime {
    Date date;
    std::chrono::hh_mm_ss<Millis> time;
};

WallTime wall_time(Instant instant, Millis offset)
{
    const auto shifted = instant + offset;
    const auto day = floor<days>(shifted);
    return {Date(day), std::chrono::hh_mm_ss<Millis>(shifted - day)};
}

constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekday_names = {"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};

/// Walks over a text, taking numbers and marks; `ok` turns false at the first thing that differs.
class Scanner {
public:
    explicit Scanner(std::string_view text)
        : rest_(text)
    {
    }

    int number(std::size_t digits_min, std::size_t digits_max)
    {
        std::size_t count = 0;
        while (count < rest_.size() && count < digits_max && rest_[count] >= '0'
               && rest_[count] <= '9')
            ++count;
        if (count < digits_min) {
            ok_ = false;
            return 0;
        }
        int value = 0;
        std::from_chars(rest_.data(), rest_.data() + count, value);
        rest_.remove_prefix(count);
        return value;
    }
    bool take(std::string_view mark)
    {
        if (!rest_.starts_with(mark))
            return false;
        rest_.remove_prefix(mark.size());
        return true;
    }
    void expect(std::string_view mark) { ok_ = take(mark) && ok_; }
    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool ok_ = true;
};

std::optional<Date> scan_date(Scanner& scan)
{
    const int year = scan.number(4, 4);
    if (scan.take("年")) {
        const int month = scan.number(1, 2);
        scan.expect("月");
        const int day = scan.number(1, 2);
        scan.expect("日");
        const Date date(
            std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
            std::chrono::day(static_cast<unsigned>(day)));
        return scan.ok() && date.ok() ? std::optional(date) : std::nullopt;
    }
    const std::string_view mark = scan.take("/") ? "/" : "-";
    if (mark == "-")
        scan.expect("-");
    const int month = scan.number(1, 2);
    scan.expect(mark);
    const int day = scan.number(1, 2);
    const Date date(
        std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day)));
    return scan.ok() && date.ok() ? std::optional(date) : std::nullopt;
}

std::optional<Millis> scan_offset(Scanner& scan)
{
    if (scan.at_end())
        return china_offset;
    if (scan.take("Z"))
        return Millis(0);
    const bool east = scan.take("+");
    if (!east && !scan.take("-"))
        return std::nullopt;
    const int hour = scan.number(2, 2);
    scan.take(":");
    const int minute = scan.number(2, 2);
    if (!scan.ok() || hour > 14 || minute > 59)
        return std::nullopt;
    const Millis size = hours(hour) + minutes(minute);
    return east ? size : -size;
}

/// Reads HH:MM[:SS[.mmm]].
std::optional<Millis> scan_time(Scanner& scan)
{
    const int hour = scan.number(1, 2);
    scan.expect(":");
    const int minute = scan.number(2, 2);
    int second = 0;
    int milli = 0;
    if (scan.take(":")) {
        second = scan.number(2, 2);
        if (scan.take(".")) {
            milli = scan.number(3, 3);
        }
    }
    if (!scan.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return hours(hour) + minutes(minute) + seconds(second) + Millis(milli);
}

} // namespace

Date china_date(Instant instant) { return wall_time(instant, china_offset).date; }

Instant china_midnight(Date day) { return Instant(std::chrono::sys_days(day)) - china_offset; }

Instant china_time(Date day, Millis since_midnight) { return china_midnight(day) + since_midnight; }

std::string to_date_text(Date date)
{
    return fmt::format(
        "{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
}

std::string to_date_text(Instant instant) { return to_date_text(china_date(instant)); }

std::string to_minute_text(Instant instant)
{
    const auto wall = wall_time(instant, china_offset);
    return fmt::format(
        "{} {:02}:{:02}", to_date_text(wall.date), wall.time.hours().count(),
        wall.time.minutes().count());
}

std::string to_iso_text(Instant instant)
{
    const auto wall = wall_time(instant, china_offset);
    return fmt::format(
        "{}T{:02}:{:02}:{:02}+08:00", to_date_text(wall.date), wall.time.hours().count(),
        wall.time.minutes().count(), wall.time.seconds().count());
}

std::string to_chinese_date_text(Date date)
{
    return fmt::format(
        "{}年{}月{}日", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
}

std::optional<Date> date_from(std::string_view text)
{
    Scanner scan(text);
    const auto date = scan_date(scan);
    return date && scan.at_end() ? date : std::nullopt;
}

std::optional<Instant> instant_from(std::string_view text)
{
    Scanner scan(text);
    const auto date = scan_date(scan);
    if (!date)
        return std::nullopt;
    if (scan.at_end())
        return china_midnight(*date);
    if (!scan.take("T") && !scan.take(" "))
        return std::nullopt;
    const auto time = scan_time(scan);
    if (!time)
        return std::nullopt;
    const auto offset = scan_offset(scan);
    if (!offset || !scan.at_end())
        return std::nullopt;
    return Instant(std::chrono::sys_days(*date)) + *time - *offset;
}

std::string to_http_date(Instant instant)
{
    const auto wall = wall_time(instant, Millis(0));
    const std::chrono::weekday weekday{std::chrono::sys_days(wall.date)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekday_names[weekday.c_encoding()],
        static_cast<unsigned>(wall.date.day()),
        month_names[static_cast<unsigned>(wall.date.month()) - 1],
        static_cast<int>(wall.date.year()), wall.time.hours().count(), wall.time.minutes().count(),
        wall.time.seconds().count());
}

std::optional<Instant> http_date_from(std::string_view text)
{
    Scanner scan(text.substr(std::min(text.size(), std::size_t{3})));
    scan.expect(", ");
    const auto day = static_cast<unsigned>(scan.number(2, 2));
    scan.expect(" ");
    unsigned month = 0;
    for (unsigned i = 0; i < month_names.size(); ++i) {
        if (scan.take(month_names[i])) {
            month = i + 1;
            break;
        }
    }
    scan.expect(" ");
    const int year = scan.number(4, 4);
    scan.expect(" ");
    if (!scan.ok())
        return std::nullopt;
    const auto time = scan_time(scan);
    scan.expect(" GMT");
    const Date date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!time || !scan.ok() || !scan.at_end() || !date.ok())
        return std::nullopt;
    return Instant(std::chrono::sys_days(date)) + *time;
}

} // namespace base
