#pragma once

// Every setting of the program, once: its name in huabiao.toml, its help, its default, and what it
// changes. The command line's --set, the environment (HUABIAO_HTTP_PORT for http.port) and the file
// are read through the same table, the commented huabiao.toml is written from it, and a name that
// is not in it is an error. Order of precedence: --set, environment, file, default.

#include "base/log.h"
#include "base/result.h"
#include "http/server.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace app {

struct Settings {
    std::string data = "data.local"; // The data directory; from --data only.
    http::ServerSettings http;
    std::string database; // "": SQLite in the data directory.
    base::LogLevel log_level = base::LogLevel::Info;
    base::LogFormat log_format = base::LogFormat::Text;
    std::string share;   // Themes and the demonstration.
    std::string console; // The built console.
    std::size_t page_cache_bytes = 256U << 20;
    int job_threads = 1;
};

/// Reads <data>/huabiao.toml if it exists, the environment, then `overrides` ("http.port=8081").
/// Refuses with app.bad_setting: which one, why, and what would fit.
base::Result<Settings> load_settings(
    const std::string& data, const std::map<std::string, std::string>& environment,
    const std::vector<std::string>& overrides);

/// All HUABIAO_… variables of this process.
std::map<std::string, std::string> huabiao_environment();

/// The text of a huabiao.toml that changes nothing and explains everything.
std::string commented_settings();

} // namespace app
