#include "app/openapi.h"

#include <boost/json.hpp>
#include <charconv>
#include <yaml-cpp/yaml.h>

namespace app {
namespace {

namespace json = boost::json;

json::value scalar(const YAML::Node& node)
{
    const auto& text = node.Scalar();
    if (node.Tag() == "!") // Quoted: text, whatever it looks like.
        return json::value(text);
    if (text == "true" || text == "false")
        return text == "true";
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (!text.empty() && parsed.ec == std::errc() && parsed.ptr == end)
        return number;
    return json::value(text);
}

json::value to_json(const YAML::Node& node)
{
    if (node.IsSequence()) {
        json::array out;
        for (const auto& entry : node)
            out.push_back(to_json(entry));
        return out;
    }
    if (node.IsMap()) {
        json::object out;
        for (const auto& entry : node)
            out[entry.first.Scalar()] = to_json(entry.second);
        return out;
    }
    return node.IsScalar() ? scalar(node) : json::value();
}

} // namespace

std::string openapi_json()
{
    return json::serialize(to_json(YAML::Load(std::string(openapi_yaml))));
}

} // namespace app
