#include "app/console.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

namespace app {
namespace {

constexpr auto console_policy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "frame-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

struct StaticFile {
    std::string type;
    std::string bytes;
    bool hashed = false; // Its name changes with its content.
};
using StaticFiles = std::map<std::string, StaticFile, std::less<>>;

std::string type_of(const std::filesystem::path& path)
{
    static const std::map<std::string, std::string> types = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const auto found = types.find(path.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

StaticFiles read_files(const std::string& directory)
{
    StaticFiles files;
    std::error_code absent;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, absent)) {
        if (!entry.is_regular_file())
            continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const auto name = std::filesystem::relative(entry.path(), directory).generic_string();
        files[name] = {
            type_of(entry.path()),
            {std::istreambuf_iterator<char>(file), {}},
            name.starts_with("assets/")};
    }
    return files;
}

http::Response answer(const StaticFile& file)
{
    http::Response response;
    response.body = file.bytes;
    response.with_header("Content-Type", file.type);
    response.with_header("Content-Security-Policy", console_policy);
    response.with_header(
        "Cache-Control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache");
    return response;
}

http::Reply serve(const StaticFiles& files, std::string_view name)
{
    if (const auto file = files.find(name); file != files.end())
        return answer(file->second);
    const auto shell = files.find("index.html");
    if (shell == files.end())
        return http::html(
            "<!doctype html><html lang=\"zh-CN\"><meta "
            "charset=\"utf-8\"><title>控制台未构建</title>"
            "<h1>控制台还没有构建</h1><p>请在源码目录执行 <code>make build</code> 后重新启动。</p>",
            503);
    const bool looks_like_file = name.find('.') != std::string_view::npos;
    if (looks_like_file)
        return base::refuse(base::Error::Kind::NotFound, "console.not_found", "没有这个文件");
    return answer(shell->second);
}

} // namespace

http::Routes console_routes(const std::string& directory)
{
    using http::Method;
    const auto files = std::make_shared<const StaticFiles>(read_files(directory));
    return {
        {Method::Get, "/console", http::public_access,
         [](const http::Request&) -> http::Reply { return http::redirect("/console/"); }},
        {Method::Get, "/console/", http::public_access,
         [files](const http::Request&) { return serve(*files, "index.html"); }},
        {Method::Get, "/console/{rest*}", http::public_access,
         [files](const http::Request& request) {
             return serve(*files, request.parameter("rest"));
         }},
    };
}

} // namespace app
