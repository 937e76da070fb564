#include "portal/load.h"

#include "db/database.h"

#include <algorithm>

namespace portal {
namespace {

constexpr std::size_t channels_max = 12;
constexpr int channel_lines = 6;
constexpr int single_page_lines = 100; // Leaders and institutions stand on one page.

const site::Column* column_of(const SiteFacts& facts, const HomeBlock& block)
{
    if (!block.column_path.empty())
        return find_column_at(facts, block.column_path);
    return find_column(facts, base::ColumnId{block.column_id});
}

void count_interpretations(
    db::Transaction& tx, const SiteFacts& facts, const std::vector<release::Listed>& items,
    std::map<base::ItemId, int>& counts)
{
    for (const auto& item : items) {
        if (item.kind != library::ItemKind::Policy || counts.contains(item.item))
            continue;
        const auto found = release::list_interpretations(tx, facts.site.id, item.item);
        if (!found.empty())
            counts[item.item] = static_cast<int>(found.size());
    }
}

std::vector<NamedList> load_channels(
    db::Transaction& tx, const SiteFacts& facts, const site::Column& column)
{
    std::vector<NamedList> channels;
    for (const auto& child : facts.columns) {
        if (child.parent != column.id || channels.size() == channels_max)
            continue;
        channels.push_back(
            {child.name, child,
             release::list_live(tx, columns_listed_by(facts, child), 0, channel_lines)});
    }
    return channels;
}

} // namespace

const site::Column* find_column_at(const SiteFacts& facts, std::string_view path)
{
    for (const auto& column : facts.columns) {
        if (column.path == path)
            return &column;
    }
    return nullptr;
}

std::vector<base::ColumnId> columns_listed_by(const SiteFacts& facts, const site::Column& column)
{
    std::vector<base::ColumnId> ids;
    for (const auto& other : facts.columns) {
        const bool within = other.id == column.id || other.id_path.starts_with(column.id_path);
        if (within)
            ids.push_back(other.id);
    }
    return ids;
}

HomeFacts load_home(db::Transaction& tx, const SiteFacts& facts)
{
    HomeFacts home;
    for (const auto& block : facts.layout.blocks) {
        HomeBlockFacts entry;
        entry.block = block;
        if (const auto* column = column_of(facts, block)) {
            entry.column = *column;
            const int wanted = std::max(block.count, block.block == "lead" ? 8 : 1);
            entry.items = release::list_live(tx, columns_listed_by(facts, *column), 0, wanted);
            for (const auto& other : facts.columns) {
                if (other.parent == column->id && block.block == "topics")
                    entry.sub_columns.push_back(other);
            }
            if (!entry.sub_columns.empty())
                entry.items.clear();
            count_interpretations(tx, facts, entry.items, home.interpretation_counts);
        }
        home.blocks.push_back(std::move(entry));
    }
    return home;
}

std::optional<ColumnFacts> load_column_page(
    db::Transaction& tx, const SiteFacts& facts, const site::Column& column, int page)
{
    ColumnFacts out;
    out.column = column;
    out.page = page;
    out.page_size = column_page_size;
    const bool paged = column.kind == site::ColumnKind::List;
    if (!paged && page != 1)
        return std::nullopt;
    if (column.kind == site::ColumnKind::Channel) {
        out.channels = load_channels(tx, facts, column);
        return out;
    }
    if (column.kind == site::ColumnKind::Page) {
        const auto newest = release::list_live(tx, {column.id}, 0, 1);
        if (!newest.empty())
            out.single = release::find_live(tx, newest.front().id);
        return out;
    }
    const auto columns = columns_listed_by(facts, column);
    out.total = release::count_live(tx, columns);
    if (!paged)
        out.page_size = single_page_lines;
    const auto offset = (page - 1) * out.page_size;
    if (page != 1 && offset >= out.total)
        return std::nullopt;
    out.items = release::list_live(tx, columns, offset, out.page_size);
    count_interpretations(tx, facts, out.items, out.interpretation_counts);
    return out;
}

ItemFacts load_item_page(db::Transaction& tx, const SiteFacts& facts, release::Shown shown)
{
    ItemFacts out;
    if (const auto* column = find_column(facts, shown.publication.column))
        out.column = *column;
    const auto item = shown.item.id;
    if (shown.item.kind == library::ItemKind::Policy)
        out.interpretations = release::list_interpretations(tx, facts.site.id, item);
    if (shown.item.kind == library::ItemKind::Interpretation)
        out.policies = release::list_policies(tx, facts.site.id, item);
    out.shown = std::move(shown);
    return out;
}

} // namespace portal
