#include "portal/cache_rules.h"

#include "portal/hant.h"

#include <algorithm>
#include <array>

namespace portal {
namespace {

constexpr std::array<std::string_view, 5> not_ours = {
    "/api", "/console", "/files", "/search", "/healthz"};

bool lies_under(std::string_view path, std::string_view folder)
{
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

} // namespace

ViewMode view_mode_of(const http::Request& request)
{
    ViewMode mode;
    const auto cookie = request.cookie("hb_view").value_or("");
    mode.large = cookie == "large" || cookie == "large-contrast";
    mode.contrast = cookie == "contrast" || cookie == "large-contrast";
    const auto view = request.query_value("view");
    if (!view)
        return mode;
    mode.from_query = true;
    if (*view == "normal")
        mode.large = mode.contrast = false;
    mode.large = mode.large || *view == "large";
    mode.contrast = mode.contrast || *view == "contrast";
    return mode;
}

std::string_view to_string(const ViewMode& mode)
{
    if (mode.large)
        return mode.contrast ? "large-contrast" : "large";
    return mode.contrast ? "contrast" : "normal";
}

std::optional<int> page_number_of(const http::Request& request)
{
    const auto text = request.query_value("page");
    if (!text)
        return 1;
    if (text->empty() || text->size() > 5 || text->front() == '0')
        return std::nullopt;
    int number = 0;
    for (const char c : *text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

std::optional<std::string> cache_key(const http::Request& request)
{
    if (request.method != http::Method::Get && request.method != http::Method::Head)
        return std::nullopt;
    std::string_view path = request.path;
    if (lies_under(path, hant_prefix))
        path.remove_prefix(hant_prefix.size());
    for (const auto folder : not_ours) {
        if (lies_under(path, folder))
            return std::nullopt;
    }
    const bool only_page = request.query.empty()
                           || (request.query.size() == 1 && request.query.front().first == "page");
    const auto page = page_number_of(request);
    if (!only_page || !page)
        return std::nullopt;
    std::string key = "portal|" + request.host;
    if (request.loopback)
        key += "|here:" + std::to_string(request.port);
    key += '|';
    key += request.path;
    key += '|';
    key += std::to_string(*page);
    key += '|';
    key += to_string(view_mode_of(request));
    return key;
}

} // namespace portal
