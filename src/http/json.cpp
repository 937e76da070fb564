#include "http/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace http {

namespace {

constexpr std::size_t json_depth_max = 32;

base::Result<json::object> not_json(std::string message)
{
    return base::refuse(base::Error::Kind::Invalid, "http.not_json", std::move(message));
}

bool is_json_type(std::string_view type)
{
    const auto name = type.substr(0, type.find_first_of("; \t"));
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return lower == "application/json"
           || (lower.starts_with("application/") && lower.ends_with("+json"));
}

/// "第 3 行第 14 个字节".
std::string place(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return fmt::format("第 {} 行第 {} 个字节", line, column);
}

std::size_t count_code_points(std::string_view utf8)
{
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace

Response json_response(const json::value& value, int status)
{
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    response.body = json::serialize(value);
    return response;
}

base::Result<json::object> json_body(const Request& request)
{
    const auto type = request.header("content-type");
    if (!type || !is_json_type(*type))
        return not_json("请求的内容类型必须是 application/json");

    json::parse_options options;
    options.max_depth = json_depth_max;
    json::parser parser({}, options);
    json::error_code failed;
    const auto read = parser.write_some(request.body, failed);
    const bool more = request.body.find_first_not_of(" \t\r\n", read) != std::string::npos;
    if (!failed && more)
        return not_json(place(request.body, read) + "：JSON 之后还有多余的内容");
    if (failed == json::error::incomplete)
        return not_json("JSON 不完整");
    if (failed == json::error::too_deep)
        return not_json(
            place(request.body, read) + fmt::format("：嵌套超过 {} 层", json_depth_max));
    if (failed)
        return not_json(place(request.body, read) + "：不是正确的 JSON");
    auto value = parser.release();
    if (!value.is_object())
        return not_json("请求的内容必须是一个 JSON 对象");
    return std::move(value.get_object());
}

std::string FieldReader::need_text(std::string_view name, std::size_t length_max)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null()) {
        complain(name, "必须填写");
        return {};
    }
    return find_text(name, length_max).value_or(std::string());
}

std::optional<std::string> FieldReader::find_text(std::string_view name, std::size_t length_max)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null())
        return std::nullopt;
    const auto* const text = value->if_string();
    if (text == nullptr) {
        complain(name, "必须是文字");
        return std::nullopt;
    }
    const std::string_view view(text->data(), text->size());
    // PostgreSQL and C libraries end a text at NUL: it has no place in any field.
    if (view.find('\0') != std::string_view::npos) {
        complain(name, "含有不允许的控制字符");
        return std::nullopt;
    }
    if (count_code_points(view) > length_max) {
        complain(name, fmt::format("不能超过 {} 个字", length_max));
        return std::nullopt;
    }
    return std::string(view);
}

std::int64_t FieldReader::need_integer(std::string_view name, std::int64_t least, std::int64_t most)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null()) {
        complain(name, "必须填写");
        return least;
    }
    return find_integer(name, least, most).value_or(least);
}

std::optional<std::int64_t> FieldReader::find_integer(
    std::string_view name, std::int64_t least, std::int64_t most)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null())
        return std::nullopt;
    const auto* const number = value->if_int64();
    if (number == nullptr || *number < least || *number > most) {
        complain(name, fmt::format("必须是 {} 到 {} 的整数", least, most));
        return std::nullopt;
    }
    return *number;
}

std::optional<bool> FieldReader::find_flag(std::string_view name)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null())
        return std::nullopt;
    if (!value->is_bool()) {
        complain(name, "必须是“是”或“否”（true 或 false）");
        return std::nullopt;
    }
    return value->get_bool();
}

const json::array& FieldReader::find_array(std::string_view name, std::size_t size_max)
{
    static const json::array none;
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null())
        return none;
    const auto* const array = value->if_array();
    if (array == nullptr) {
        complain(name, "必须是一个列表");
        return none;
    }
    if (array->size() > size_max) {
        complain(name, fmt::format("不能超过 {} 项", size_max));
        return none;
    }
    return *array;
}

const json::object* FieldReader::find_object(std::string_view name)
{
    const auto* const value = object_.if_contains(name);
    if (value == nullptr || value->is_null())
        return nullptr;
    if (!value->is_object()) {
        complain(name, "必须是一个对象");
        return nullptr;
    }
    return &value->get_object();
}

void FieldReader::complain(std::string_view field, std::string message)
{
    errors_.push_back({std::string(field), std::move(message)});
}

base::Result<> FieldReader::finish(std::string code) const
{
    if (errors_.empty())
        return {};
    return base::refuse_fields(std::move(code), errors_);
}

} // namespace http
