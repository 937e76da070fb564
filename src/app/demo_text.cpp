#include "app/demo_text.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace app {
namespace {

using std::chrono::days;
using std::chrono::months;

std::optional<std::string> value_of(std::string_view name, int offset, base::Date day)
{
    const int year = static_cast<int>(day.year());
    // The first of the month: no month is skipped from the 31st.
    const base::Date month = base::Date(day.year() / day.month() / 1) + months(offset);
    const base::Date shifted = std::chrono::sys_days(day) + days(offset);
    const auto month_number = static_cast<unsigned>(month.month());
    if (name == "Y")
        return fmt::format("{}", year + offset);
    if (name == "M")
        return fmt::format("{}", month_number);
    if (name == "ym")
        return fmt::format("{}年{}月", static_cast<int>(month.year()), month_number);
    if (name == "md")
        return fmt::format(
            "{}月{}日", static_cast<unsigned>(shifted.month()),
            static_cast<unsigned>(shifted.day()));
    if (name == "date")
        return base::to_chinese_date_text(shifted);
    return std::nullopt;
}

/// What stands between the braces: a name and perhaps +n or -n.
std::optional<std::string> replacement(std::string_view inner, base::Date day)
{
    const auto sign = inner.find_first_of("+-");
    if (sign == std::string_view::npos)
        return value_of(inner, 0, day);
    int size = 0;
    const auto digits = inner.substr(sign + 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
        return std::nullopt;
    return value_of(inner.substr(0, sign), inner[sign] == '-' ? -size : size, day);
}

} // namespace

std::string filled(std::string_view text, base::Date day)
{
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto open = text.find('{', at);
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos)
            break;
        out += text.substr(at, open - at);
        const auto value = replacement(text.substr(open + 1, close - open - 1), day);
        out += value ? *value : std::string(text.substr(open, close + 1 - open));
        at = close + 1;
    }
    return out += text.substr(at);
}

} // namespace app
