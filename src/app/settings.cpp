#include "app/settings.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <toml.hpp>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the program.

namespace app {
namespace {

/// Says what would fit when a value does not.
using Apply = std::function<std::optional<std::string>(Settings&, const std::string&)>;

struct Setting {
    std::string_view name; // "http.port"
    std::string_view help;
    std::string_view fallback; // As it would stand in the file.
    Apply apply;
};

std::optional<std::int64_t> number_from(const std::string& text)
{
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

template <typename Set>
Apply number(std::int64_t least, std::int64_t most, Set set)
{
    return [=](Settings& settings, const std::string& text) -> std::optional<std::string> {
        const auto value = number_from(text);
        if (!value || *value < least || *value > most)
            return fmt::format("应是 {} 到 {} 之间的整数", least, most);
        set(settings, *value);
        return std::nullopt;
    };
}

template <typename Set>
Apply words(Set set)
{
    return [=](Settings& settings, const std::string& text) -> std::optional<std::string> {
        set(settings, text);
        return std::nullopt;
    };
}

template <typename Value, typename Set>
Apply one_of(std::vector<std::pair<std::string, Value>> choices, Set set)
{
    return [=](Settings& settings, const std::string& text) -> std::optional<std::string> {
        std::string names;
        for (const auto& [name, value] : choices) {
            if (name == text) {
                set(settings, value);
                return std::nullopt;
            }
            names += names.empty() ? name : "、" + name;
        }
        return "应是 " + names + " 之一";
    };
}

std::vector<std::string> split(const std::string& list)
{
    std::vector<std::string> parts;
    std::string part;
    for (const char c : list + ",") {
        if (c != ',') {
            if (c != ' ')
                part += c;
        } else if (!part.empty()) {
            parts.push_back(std::move(part));
            part.clear();
        }
    }
    return parts;
}

const std::vector<Setting>& all_settings()
{
    using std::chrono::seconds;
    static const std::vector<Setting> settings = {
        {"http.address", "监听地址；0.0.0.0 或 :: 表示对外服务", "127.0.0.1",
         words([](Settings& s, const std::string& v) { s.http.address = v; })},
        {"http.port", "监听端口", "8080",
         number(
             0, 65'535, [](Settings& s, auto v) { s.http.port = static_cast<std::uint16_t>(v); })},
        {"http.io_threads", "收发线程数，0 为每核一个", "0",
         number(0, 64, [](Settings& s, auto v) { s.http.io_threads = static_cast<int>(v); })},
        {"http.workers", "处理线程数，0 为自动", "0",
         number(0, 256, [](Settings& s, auto v) { s.http.workers = static_cast<int>(v); })},
        {"http.certificate", "TLS 证书文件（PEM），空为不用 TLS", "",
         words([](Settings& s, const std::string& v) { s.http.certificate_file = v; })},
        {"http.private_key", "TLS 私钥文件（PEM）", "",
         words([](Settings& s, const std::string& v) { s.http.private_key_file = v; })},
        {"http.trusted_proxies", "可信的反向代理地址，逗号分隔；只相信它们的 X-Forwarded-For", "",
         words([](Settings& s, const std::string& v) { s.http.trusted_proxies = split(v); })},
        {"http.connections_max", "同时连接数上限", "20000",
         number(
             16, 1'000'000,
             [](Settings& s, auto v) {
                 s.http.limits.connections_max = static_cast<std::size_t>(v);
             })},
        {"http.connections_per_address_max", "每个地址的连接数上限，0 为不限", "2000",
         number(
             0, 1'000'000,
             [](Settings& s, auto v) {
                 s.http.limits.connections_per_address_max = static_cast<std::size_t>(v);
             })},
        {"http.queue_max", "等待处理的请求数上限，超过时回 503", "1024",
         number(
             1, 1'000'000,
             [](Settings& s, auto v) { s.http.limits.queue_max = static_cast<std::size_t>(v); })},
        {"http.header_timeout", "请求头超时（秒）", "15",
         number(1, 600, [](Settings& s, auto v) { s.http.limits.header_timeout = seconds(v); })},
        {"http.body_timeout", "请求体两次到达之间的超时（秒）", "30",
         number(1, 600, [](Settings& s, auto v) { s.http.limits.body_timeout = seconds(v); })},
        {"http.idle_timeout", "空闲连接保留时间（秒）", "60",
         number(1, 3'600, [](Settings& s, auto v) { s.http.limits.idle_timeout = seconds(v); })},
        {"http.page_cache_mib", "页面缓存大小（MiB）", "256",
         number(
             1, 65'536,
             [](Settings& s, auto v) { s.page_cache_bytes = static_cast<std::size_t>(v) << 20U; })},
        {"database.url", "空为数据目录里的 SQLite；或 postgresql://用户@主机/库名", "",
         words([](Settings& s, const std::string& v) { s.database = v; })},
        {"jobs.threads", "定时任务线程数", "1",
         number(1, 32, [](Settings& s, auto v) { s.job_threads = static_cast<int>(v); })},
        {"log.level", "日志级别：debug info warning error", "info",
         one_of<base::LogLevel>(
             {{"debug", base::LogLevel::Debug},
              {"info", base::LogLevel::Info},
              {"warning", base::LogLevel::Warning},
              {"error", base::LogLevel::Error}},
             [](Settings& s, base::LogLevel v) { s.log_level = v; })},
        {"log.format", "日志格式：text json", "text",
         one_of<base::LogFormat>(
             {{"text", base::LogFormat::Text}, {"json", base::LogFormat::Json}},
             [](Settings& s, base::LogFormat v) { s.log_format = v; })},
        {"share.directory", "主题和演示数据所在目录", HUABIAO_SHARE,
         words([](Settings& s, const std::string& v) { s.share = v; })},
        {"share.console", "控制台文件所在目录", HUABIAO_CONSOLE,
         words([](Settings& s, const std::string& v) { s.console = v; })},
    };
    return settings;
}

auto bad_setting(std::string_view where, std::string_view name, std::string_view why)
{
    return base::refuse(
        base::Error::Kind::Invalid, "app.bad_setting",
        fmt::format("{}：设置 {} 不对，{}", where, name, why));
}

base::Result<> apply(
    Settings& settings, std::string_view where, std::string_view name, const std::string& value)
{
    const auto& all = all_settings();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const Setting& setting) { return setting.name == name; });
    if (found == all.end())
        return bad_setting(
            where, name, "没有这个设置；全部设置见 huabiao config（会打印带注释的设置文件）");
    if (const auto complaint = found->apply(settings, value))
        return bad_setting(where, name, fmt::format("{}，现为“{}”", *complaint, value));
    return {};
}

std::string text_of(const toml::value& value)
{
    if (value.is_string())
        return value.as_string().str;
    if (value.is_integer())
        return std::to_string(value.as_integer());
    if (value.is_boolean())
        return value.as_boolean() ? "true" : "false";
    std::string joined;
    if (value.is_array()) {
        for (const auto& entry : value.as_array())
            joined += (joined.empty() ? "" : ",") + text_of(entry);
    }
    return joined;
}

base::Result<> apply_file(Settings& settings, const std::string& path)
{
    toml::value file;
    try {
        file = toml::parse(path);
    } catch (const std::exception& error) {
        return base::refuse(
            base::Error::Kind::Invalid, "app.bad_settings_file",
            fmt::format("{} 不是正确的 TOML：\n{}", path, error.what()));
    }
    for (const auto& [section, values] : file.as_table()) {
        if (!values.is_table())
            return bad_setting(path, section, "设置应写在 [分组] 之下，如 [http]");
        for (const auto& [name, value] : values.as_table())
            TRY(apply(settings, path, fmt::format("{}.{}", section, name), text_of(value)));
    }
    return {};
}

std::string environment_name(std::string_view setting)
{
    std::string name = "HUABIAO_";
    for (const char c : setting)
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

} // namespace

base::Result<Settings> load_settings(
    const std::string& data, const std::map<std::string, std::string>& environment,
    const std::vector<std::string>& overrides)
{
    Settings settings;
    settings.data = data;
    for (const auto& setting : all_settings())
        TRY(apply(settings, "缺省值", setting.name, std::string(setting.fallback)));
    const auto file = data + "/huabiao.toml";
    if (std::filesystem::exists(file))
        TRY(apply_file(settings, file));

    std::map<std::string, std::string> known;
    for (const auto& setting : all_settings())
        known[environment_name(setting.name)] = setting.name;
    for (const auto& [name, value] : environment) {
        const auto setting = known.find(name);
        if (setting == known.end())
            return bad_setting("环境变量", name, "没有这个设置");
        TRY(apply(settings, "环境变量", setting->second, value));
    }
    for (const auto& pair : overrides) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos)
            return bad_setting("--set", pair, "应写成 名称=值");
        TRY(apply(settings, "--set", pair.substr(0, equals), pair.substr(equals + 1)));
    }
    settings.http.spool_directory = data + "/spool";
    return settings;
}

std::map<std::string, std::string> huabiao_environment()
{
    std::map<std::string, std::string> found;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view pair = *entry;
        const auto equals = pair.find('=');
        if (pair.starts_with("HUABIAO_") && equals != std::string_view::npos)
            found.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return found;
}

std::string commented_settings()
{
    std::string text =
        "# 华表的设置。每一项也可用环境变量（如 HUABIAO_HTTP_PORT）或 --set 名称=值 给出；\n"
        "# 先后：--set，环境变量，本文件，缺省值。不认识的名称是错误。\n";
    std::string section;
    for (const auto& setting : all_settings()) {
        const auto dot = setting.name.find('.');
        if (setting.name.substr(0, dot) != section) {
            section = setting.name.substr(0, dot);
            text += fmt::format("\n[{}]\n", section);
        }
        const auto name = setting.name.substr(dot + 1);
        const bool numeric = number_from(std::string(setting.fallback)).has_value();
        const std::string quote = numeric ? "" : "\"";
        text += fmt::format(
            "# {}\n# {} = {}{}{}\n", setting.help, name, quote, setting.fallback, quote);
    }
    return text;
}

} // namespace app
