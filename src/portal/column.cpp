// A column: a list with paging, a single page, leaders, institutions, or a channel of sub-columns.

#include "portal/body.h"
#include "portal/frame.h"
#include "portal/item_parts.h"
#include "portal/lists.h"
#include "portal/pages.h"

#include <fmt/format.h>

namespace portal {
namespace {

constexpr std::size_t side_columns_max = 30;

/// Sub-columns; where there are none, the siblings. Not on first-level columns without children.
Data side_fields(const SiteFacts& facts, const site::Column& column)
{
    const auto children_of = [&](base::ColumnId parent) {
        List out;
        for (const auto& other : facts.columns) {
            if (other.parent == parent && out.size() < side_columns_max)
                out.push_back(Fields{
                    {"name", other.name}, {"url", other.path}, {"current", other.id == column.id}});
        }
        return out;
    };
    const auto* owner = &column;
    auto columns = children_of(column.id);
    if (columns.empty() && column.parent) {
        owner = find_column(facts, column.parent);
        columns = children_of(column.parent);
    }
    if (!owner || columns.empty())
        return false;
    return Fields{
        {"name", owner->name},
        {"url", owner->id == column.id ? std::string() : owner->path},
        {"columns", std::move(columns)}};
}

std::string_view template_of(const ColumnFacts& column)
{
    switch (column.column.kind) {
    case site::ColumnKind::Page: return "page/single";
    case site::ColumnKind::Leaders: return "page/leaders";
    case site::ColumnKind::Institutions: return "page/institutions";
    case site::ColumnKind::Channel: return "page/channel";
    case site::ColumnKind::List: break;
    }
    return "page/list";
}

void set_lines(Fields& data, const SiteFacts& facts, const ColumnFacts& column)
{
    std::size_t policies = 0;
    std::size_t readings = 0;
    List lines;
    for (const auto& item : column.items) {
        auto line = listed_fields(facts, item, DateForm::Full);
        policies += item.kind == library::ItemKind::Policy ? 1U : 0U;
        readings += item.kind == library::ItemKind::Interpretation ? 1U : 0U;
        const auto count = column.interpretation_counts.find(item.item);
        line.set(
            "interpretations",
            count == column.interpretation_counts.end() ? "" : std::to_string(count->second));
        lines.push_back(std::move(line));
    }
    const bool as_policies = !lines.empty() && policies == lines.size();
    const bool as_readings = !lines.empty() && readings == lines.size();
    data.set("as_policies", as_policies);
    data.set("as_readings", as_readings);
    data.set("as_list", !as_policies && !as_readings);
    data.set("items_shown", !lines.empty());
    data.set("items", std::move(lines));
}

void set_channels(Fields& data, const SiteFacts& facts, const ColumnFacts& column)
{
    List boxes;
    for (const auto& channel : column.channels) {
        auto lines = listed_lines(facts, channel.items, DateForm::Full);
        Fields box{{"name", channel.title}, {"url", channel.column.path}};
        const bool is_list = channel.column.kind == site::ColumnKind::List;
        box.set("note", is_list ? std::string() : channel.column.description);
        box.set("items_shown", !lines.empty());
        box.set("items", std::move(lines));
        boxes.push_back(std::move(box));
    }
    data.set("boxes_shown", !boxes.empty());
    data.set("boxes", std::move(boxes));
}

} // namespace

std::string column_page(
    const Theme& theme, const SiteFacts& facts, const Visit& visit, const ColumnFacts& column)
{
    const auto& shown = column.column;
    PageHead head;
    head.title =
        column.page > 1 ? fmt::format("{}（第 {} 页）", shown.name, column.page) : shown.name;
    head.description = shown.description;
    head.trail = trail_to(facts, shown, false);
    head.column = &shown;
    head.item = shown.kind == site::ColumnKind::Page && column.single ? &*column.single : nullptr;
    auto data = frame_fields(facts, visit, head);
    data.set("column", Fields{{"name", shown.name}, {"description", shown.description}});
    data.set("side", side_fields(facts, shown));
    data.set("heading", shown.name);
    data.set("body", false);
    if (column.single)
        set_item_parts(data, facts, *column.single);
    set_lines(data, facts, column);
    set_channels(data, facts, column);
    data.set("paging", paging_fields(column.total, column.page, column.page_size, [&](int page) {
                 return page == 1 ? shown.path : fmt::format("{}?page={}", shown.path, page);
             }));
    return theme.render(template_of(column), std::move(data));
}

} // namespace portal
