#pragma once

// The log of the running program. Lines are sentences for an administrator; no personal data, no
// secrets. Either plain text or one JSON object a line (`log.format`). Thread-safe.

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace base {

enum class LogLevel { Debug, Info, Warning, Error };
enum class LogFormat { Text, Json };

/// Where lines go from now on: standard error in the given form. Call once, from main.
void open_log(LogLevel least, LogFormat format);

void log_line(LogLevel level, std::string_view message);

template <typename... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    log_line(LogLevel::Info, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void log_warning(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    log_line(LogLevel::Warning, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <typename... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    log_line(LogLevel::Error, fmt::format(format, std::forward<Arguments>(arguments)...));
}

} // namespace base
