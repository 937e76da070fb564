#include "portal/dependencies.h"

#include "core/site/events.h"
#include "db/events.h"
#include "publish/release/events.h"

#include <algorithm>
#include <boost/json.hpp>

namespace portal {
namespace {

void add(std::vector<std::string>& tags, std::string_view kind, std::int64_t id)
{
    if (id != 0)
        tags.push_back(std::string(kind) + ":" + std::to_string(id));
}

/// Lines whose looks depend on more than standing in their column: a policy line counts its
/// interpretations, a line of another site bears that site's address.
void add_lines(
    std::vector<std::string>& tags, const SiteFacts& facts,
    const std::vector<release::Listed>& items)
{
    for (const auto& item : items) {
        if (item.kind == library::ItemKind::Policy)
            add(tags, "item", item.item.value);
        if (item.site != facts.site.id)
            add(tags, "site", item.site.value);
    }
}

void add_items(
    std::vector<std::string>& tags, const SiteFacts& facts,
    const std::vector<release::Listed>& items)
{
    for (const auto& item : items)
        add(tags, "item", item.item.value);
    add_lines(tags, facts, items);
}

std::vector<std::string> distinct(std::vector<std::string> tags)
{
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

std::int64_t number_in(const boost::json::object& payload, std::string_view name)
{
    const auto* value = payload.if_contains(name);
    return value && value->is_int64() ? value->as_int64() : 0;
}

} // namespace

std::vector<std::string> tags_of_frame(const SiteFacts& facts)
{
    std::vector<std::string> tags;
    add(tags, "site", facts.site.id.value);
    add(tags, "org", facts.site.sponsor_org.value);
    add(tags, "org", facts.site.operator_org.value);
    add(tags, "org", facts.site.supervising_org.value);
    return distinct(std::move(tags));
}

std::vector<std::string> tags_of_home(const SiteFacts& facts, const HomeFacts& home)
{
    auto tags = tags_of_frame(facts);
    for (const auto& block : home.blocks) {
        if (block.column)
            add(tags, "column", block.column->id.value);
        add_lines(tags, facts, block.items);
    }
    return distinct(std::move(tags));
}

std::vector<std::string> tags_of_column(
    const SiteFacts& facts, const ColumnFacts& column, const std::vector<base::ColumnId>& listed)
{
    auto tags = tags_of_frame(facts);
    add(tags, "column", column.column.id.value);
    for (const auto id : listed)
        add(tags, "column", id.value);
    for (const auto& channel : column.channels) {
        add(tags, "column", channel.column.id.value);
        add_lines(tags, facts, channel.items);
    }
    add_lines(tags, facts, column.items);
    if (column.single)
        add(tags, "item", column.single->item.id.value);
    return distinct(std::move(tags));
}

std::vector<std::string> tags_of_item(const SiteFacts& facts, const ItemFacts& item)
{
    auto tags = tags_of_frame(facts);
    add(tags, "item", item.shown.item.id.value);
    add_items(tags, facts, item.interpretations);
    add_items(tags, facts, item.policies);
    return distinct(std::move(tags));
}

std::vector<std::string> tags_of_feed(
    const SiteFacts& facts, const std::vector<base::ColumnId>& listed)
{
    std::vector<std::string> tags;
    add(tags, "site", facts.site.id.value);
    if (listed.empty())
        add(tags, "latest", facts.site.id.value);
    for (const auto id : listed)
        add(tags, "column", id.value);
    return distinct(std::move(tags));
}

std::vector<std::string> tags_of(const db::Event& event)
{
    std::vector<std::string> tags;
    if (event.kind.starts_with("org.")) {
        add(tags, "org", event.subject);
        return tags;
    }
    boost::system::error_code failure;
    const auto value = boost::json::parse(event.payload, failure);
    const auto payload = !failure && value.is_object() ? value.as_object() : boost::json::object();
    if (event.kind == site::events::site_changed || event.kind == site::events::column_changed) {
        const auto site = number_in(payload, "site");
        const bool is_site = event.kind == site::events::site_changed;
        add(tags, "site", site == 0 && is_site ? event.subject : site);
        return tags;
    }
    if (!event.kind.starts_with("release."))
        return tags;
    add(tags, "item", number_in(payload, "item"));
    if (event.kind == release::events::link_changed)
        return tags;
    add(tags, "column", number_in(payload, "column"));
    add(tags, "column", number_in(payload, "from_column"));
    add(tags, "latest", number_in(payload, "site"));
    return tags;
}

} // namespace portal
