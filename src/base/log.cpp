#include "base/log.h"

#include <memory>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>

namespace base {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warning: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

LogFormat current_format = LogFormat::Text; // Set once by main, before any thread starts.

std::string json_escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out;
}

} // namespace

void open_log(LogLevel least, LogFormat format)
{
    current_format = format;
    auto logger = spdlog::stderr_logger_mt("huabiao");
    logger->set_level(to_spdlog(least));
    logger->set_pattern(
        format == LogFormat::Json
            ? R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","thread":%t,"message":"%v"})"
            : "%Y-%m-%d %H:%M:%S.%e %-7l %v");
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void log_line(LogLevel level, std::string_view message)
{
    if (current_format == LogFormat::Json)
        spdlog::log(to_spdlog(level), "{}", json_escaped(message));
    else
        spdlog::log(to_spdlog(level), "{}", message);
}

} // namespace base
