#pragma once

// Time. Storage and arithmetic use UTC milliseconds; every screen shows China Standard Time, which
// is a fixed +08:00 without daylight saving since 1992 (earlier summers are not modelled).

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Millis = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Millis>;
using Date = std::chrono::year_month_day;

inline Instant instant_from_millis(std::int64_t millis) { return Instant(Millis(millis)); }
inline std::int64_t to_millis(Instant instant) { return instant.time_since_epoch().count(); }

/// The calendar day in China on which `instant` falls.
Date china_date(Instant instant);

/// 00:00 China time of that day.
Instant china_midnight(Date day);

/// A wall-clock time in China: china_time({2026y/11/22}, 9h + 30min).
Instant china_time(Date day, Millis since_midnight);

/// "2026-11-22", "2026-11-22 09:30" (the form of PubDate, 国办发〔2017〕47号附件),
/// "2026-11-22T09:30:00+08:00" (machines), "2026年11月22日" (documents). China time.
std::string to_date_text(Instant);
std::string to_minute_text(Instant);
std::string to_iso_text(Instant);
std::string to_chinese_date_text(Date);
std::string to_date_text(Date);

/// Reads "2026-11-22" or "2026/11/22" or "2026年11月22日"; nothing when the day does not exist.
std::optional<Date> date_from(std::string_view text);

/// Reads a date, "2026-11-22 09:30[:SS]" (China time), or ISO 8601 with an offset or Z.
std::optional<Instant> instant_from(std::string_view text);

/// "Sun, 22 Nov 2026 01:30:00 GMT" (RFC 9110 §5.6.7) and back.
std::string to_http_date(Instant);
std::optional<Instant> http_date_from(std::string_view text);

/// Where "now" comes from. Tests hold it still. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() const override
    {
        return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    }
};

/// A clock that stands until it is moved.
class HeldClock final : public Clock {
public:
    explicit HeldClock(Instant start)
        : now_(start)
    {
    }
    Instant now() const override { return now_; }
    void set(Instant to) { now_ = to; }
    void advance(Millis by) { now_ += by; }

private:
    Instant now_;
};

} // namespace base
