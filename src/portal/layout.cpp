#include "portal/layout.h"

#include <algorithm>
#include <boost/json.hpp>

namespace portal {
namespace {

namespace json = boost::json;

constexpr std::size_t entries_max = 40;

std::string text_of(const json::object& object, std::string_view name, std::string otherwise = {})
{
    const auto* value = object.if_contains(name);
    const auto* words = value ? value->if_string() : nullptr;
    return words ? std::string(*words) : otherwise;
}

bool flag_of(const json::object& object, std::string_view name, bool otherwise)
{
    const auto* value = object.if_contains(name);
    const auto* flag = value ? value->if_bool() : nullptr;
    return flag ? *flag : otherwise;
}

/// Calls `take` for each object in the array `name`.
template <typename Take>
void each_object(const json::object& object, std::string_view name, Take take)
{
    const auto* value = object.if_contains(name);
    const auto* array = value ? value->if_array() : nullptr;
    if (!array)
        return;
    for (std::size_t i = 0; i < std::min(array->size(), entries_max); ++i) {
        if (const auto* entry = (*array)[i].if_object())
            take(*entry);
    }
}

HomeBlock block_from(const json::object& entry)
{
    HomeBlock block;
    block.block = text_of(entry, "block");
    block.title = text_of(entry, "title");
    block.column_path = text_of(entry, "column");
    if (const auto* column = entry.if_contains("column"); column && column->is_int64())
        block.column_id = column->as_int64();
    if (const auto* count = entry.if_contains("count"); count && count->is_int64())
        block.count = static_cast<int>(std::clamp<std::int64_t>(count->as_int64(), 1, 20));
    return block;
}

FigureEntry figure_from(const json::object& entry)
{
    FigureEntry figure;
    figure.name = text_of(entry, "name");
    figure.value = text_of(entry, "value");
    figure.unit = text_of(entry, "unit");
    figure.change_label = text_of(entry, "change_label", figure.change_label);
    figure.change = text_of(entry, "change");
    const auto* points = entry.if_contains("points");
    if (const auto* array = points ? points->if_array() : nullptr) {
        for (const auto& point : *array) {
            if (point.is_number() && figure.points.size() < entries_max)
                figure.points.push_back(point.to_number<double>());
        }
    }
    return figure;
}

void read_texts(const json::object& object, std::string_view name, std::vector<std::string>& into)
{
    const auto* value = object.if_contains(name);
    const auto* array = value ? value->if_array() : nullptr;
    for (std::size_t i = 0; array && i < std::min(array->size(), entries_max); ++i) {
        if (const auto* words = (*array)[i].if_string())
            into.emplace_back(*words);
    }
}

} // namespace

Layout layout_from(std::string_view text)
{
    Layout layout;
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    const auto* object = failure ? nullptr : value.if_object();
    if (!object)
        return layout;
    each_object(*object, "blocks", [&](const auto& o) { layout.blocks.push_back(block_from(o)); });
    each_object(*object, "services", [&](const auto& o) {
        layout.services.push_back({text_of(o, "name"), text_of(o, "icon"), text_of(o, "url")});
    });
    each_object(*object, "upper_links", [&](const auto& o) {
        layout.upper_links.push_back({text_of(o, "name"), text_of(o, "url")});
    });
    each_object(
        *object, "figures", [&](const auto& o) { layout.figures.push_back(figure_from(o)); });
    read_texts(*object, "hot_words", layout.hot_words);
    layout.figures_title = text_of(*object, "figures_title");
    layout.figures_url = text_of(*object, "figures_url");
    layout.keywords = text_of(*object, "keywords");
    layout.grey = flag_of(*object, "grey", false);
    layout.ipv6 = flag_of(*object, "ipv6", false);
    if (const auto* entry = object->if_contains("banner"); entry && entry->is_object()) {
        const auto& banner = entry->as_object();
        layout.banner = {text_of(banner, "level"), text_of(banner, "text"), text_of(banner, "url")};
    }
    if (const auto* entry = object->if_contains("images"); entry && entry->is_object()) {
        const auto& images = entry->as_object();
        layout.emblem = text_of(images, "emblem");
        layout.logo = text_of(images, "logo");
        layout.badge = text_of(images, "badge");
        layout.jiucuo = text_of(images, "jiucuo");
    }
    return layout;
}

} // namespace portal
