#include "http/request.h"

#include "base/assert.h"

#include <fmt/format.h>

namespace http {

namespace {

std::optional<std::string_view> first_of(const Pairs& pairs, std::string_view name)
{
    for (const auto& [key, value] : pairs) {
        if (key == name)
            return value;
    }
    return std::nullopt;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::optional<std::string_view> cookie_in(std::string_view line, std::string_view name)
{
    while (!line.empty()) {
        const auto end = std::min(line.find(';'), line.size());
        const auto crumb = trimmed(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
        const auto equals = crumb.find('=');
        if (equals != std::string_view::npos && crumb.substr(0, equals) == name)
            return crumb.substr(equals + 1);
    }
    return std::nullopt;
}

} // namespace

std::string_view to_string(Method method)
{
    switch (method) {
    case Method::Get: return "GET";
    case Method::Head: return "HEAD";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    case Method::Patch: return "PATCH";
    case Method::Delete: return "DELETE";
    }
    VERIFY(false);
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const
{
    return first_of(headers, lower_case_name);
}

std::optional<std::string_view> Request::query_value(std::string_view name) const
{
    return first_of(query, name);
}

std::optional<std::string_view> Request::form_value(std::string_view name) const
{
    return first_of(form, name);
}

std::optional<std::string_view> Request::cookie(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (key != "cookie")
            continue;
        if (const auto found = cookie_in(value, name))
            return found;
    }
    return std::nullopt;
}

std::string_view Request::parameter(std::string_view name) const
{
    const auto found = first_of(parameters, name);
    VERIFY(found.has_value());
    return *found;
}

base::Result<std::int64_t> Request::query_number(
    std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const
{
    const auto text = query_value(name);
    if (!text)
        return otherwise;
    std::int64_t number = 0;
    const auto* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end && number >= least && number <= most)
        return number;
    return base::refuse_fields(
        "http.bad_number",
        {{std::string(name), fmt::format("{} 必须是 {} 到 {} 的整数", name, least, most)}});
}

} // namespace http
