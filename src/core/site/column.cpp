#include "core/site/column.h"

#include "base/assert.h"
#include "core/audit/audit.h"
#include "core/org/org.h"
#include "core/site/events.h"
#include "core/site/json.h"
#include "core/site/places.h"
#include "core/site/refusals.h"
#include "core/site/rules.h"
#include "core/site/store.h"
#include "db/database.h"
#include "db/events.h"

#include <algorithm>
#include <fmt/format.h>

namespace site {
namespace {

constexpr std::string_view write_lock = "site";

void announce(db::Transaction& tx, const Column& column, base::Instant now)
{
    db::append_event(
        tx, events::column_changed, column.id.value,
        fmt::format(R"({{"site":{},"column":{}}})", column.site.value, column.id.value), now);
}

struct Change {
    std::string_view action;
    std::string verb;
    const Column* before = nullptr;
    const Column* after = nullptr;
};

void note(db::Transaction& tx, const base::Actor& actor, const Change& change, base::Instant now)
{
    const Column& column = change.after ? *change.after : *change.before;
    const auto text = [](const Column* one) {
        return one ? boost::json::serialize(to_json(*one)) : std::string();
    };
    audit::record(
        tx, actor,
        {.action = change.action,
         .subject_kind = "column",
         .subject = column.id.value,
         .summary = change.verb + "：" + column.name + "（" + column.path + "）",
         .before = text(change.before),
         .after = text(change.after)},
        now);
}

int depth_of(const Column& column)
{
    return static_cast<int>(std::count(column.id_path.begin(), column.id_path.end(), '/')) - 1;
}

base::Result<> check_fields(db::Transaction& tx, const Column& column)
{
    auto errors = list_column_errors(column);
    if (column.owner_org && !org::load_org(tx, column.owner_org))
        errors.push_back({"owner_org_id", "责任单位不存在"});
    if (!errors.empty())
        return base::refuse_fields("site.column_invalid", std::move(errors));
    return {};
}

base::Result<> check_slug(db::Transaction& tx, const Column& column)
{
    for (const auto& sibling : list_children(tx, column.site, column.parent))
        if (sibling.slug == column.slug && sibling.id != column.id)
            return slug_taken();
    return {};
}

struct Stand {
    std::string id_path; // Of the parent; "/" for the first level.
    std::string path;
};

/// Where the column will stand. `self` is its present id path, "" for a new one.
base::Result<Stand> find_stand(
    db::Transaction& tx, const Column& column, const std::string& self, int levels_below)
{
    Stand stand{"/", "/"};
    int depth = 0;
    if (column.parent) {
        const auto parent = find_column(tx, column.parent);
        if (!parent || parent->site != column.site)
            return base::refuse_fields("site.column_invalid", {{"parent_id", "上级栏目不存在"}});
        if (!self.empty() && parent->id_path.starts_with(self))
            return base::refuse_fields(
                "site.column_invalid", {{"parent_id", "不能移到自己或自己的下级栏目之下"}});
        stand = {parent->id_path, parent->path};
        depth = depth_of(*parent);
    }
    if (depth + 1 + levels_below > column_levels_max)
        return column_depth(column_levels_max);
    return stand;
}

/// Rewrites the paths of a column and all below it, and keeps the old addresses.
void relocate(db::Transaction& tx, const Column& before, const Column& after, base::Instant now)
{
    for (auto column : list_column_subtree(tx, before)) {
        const auto old_path = column.path;
        column.id_path = after.id_path + column.id_path.substr(before.id_path.size());
        column.path = after.path + column.path.substr(before.path.size());
        if (column.id == after.id)
            column.parent = after.parent;
        if (column.id == after.id)
            column.slug = after.slug;
        save_column(tx, column);
        delete_moved_path(tx, column.site, column.path);
        if (column.path != old_path)
            save_moved_column(tx, column.site, old_path, column.id);
        if (column.id != after.id)
            announce(tx, column, now);
    }
}

/// Saves `column`, whose parent or slug may differ from `before`.
base::Result<Column> save_at_its_place(
    db::Transaction& tx, const Column& before, Column column, base::Instant now)
{
    const auto below = list_column_subtree(tx, before);
    int deepest = depth_of(before);
    for (const auto& one : below)
        deepest = std::max(deepest, depth_of(one));
    const auto stand = TRY(find_stand(tx, column, before.id_path, deepest - depth_of(before)));
    TRY(check_slug(tx, column));
    column.id_path = stand.id_path + std::to_string(column.id.value) + "/";
    column.path = stand.path + column.slug + "/";
    if (column.path != before.path || column.id_path != before.id_path)
        relocate(tx, before, column, now);
    save_column(tx, column);
    announce(tx, column, now);
    return column;
}

/// Numbers the siblings anew, with the column at `position`.
void renumber_siblings(db::Transaction& tx, Column& column, int position)
{
    auto siblings = list_children(tx, column.site, column.parent);
    std::erase_if(siblings, [&](const Column& one) { return one.id == column.id; });
    const auto at = std::min(static_cast<std::size_t>(position), siblings.size());
    column.position = static_cast<int>(at);
    siblings.insert(siblings.begin() + static_cast<std::ptrdiff_t>(at), column);
    for (std::size_t i = 0; i < siblings.size(); ++i)
        save_column_position(tx, siblings[i].id, static_cast<int>(i));
}

struct Found {
    Column column;
    Site site;
};

base::Result<Found> find_managed(
    db::Transaction& tx, const base::Actor& actor, base::ColumnId id, base::Instant now)
{
    tx.lock(write_lock);
    auto column = find_column(tx, id);
    if (!column)
        return column_not_found();
    auto site = find_site(tx, column->site);
    VERIFY(site);
    TRY(require_managed(tx, actor, *column, *site, now));
    return Found{std::move(*column), std::move(*site)};
}

/// Putting a column under another needs the right over that one too.
base::Result<> require_parent(
    db::Transaction& tx, const base::Actor& actor, const Site& site, base::ColumnId parent,
    base::Instant now)
{
    if (!parent)
        return require_managed(tx, actor, site, now);
    const auto column = find_column(tx, parent);
    if (!column || column->site != site.id)
        return {}; // find_stand says so with the field.
    return require_managed(tx, actor, *column, site, now);
}

} // namespace

base::Result<Column> create_column(
    db::Transaction& tx, const base::Actor& actor, const Column& wanted, base::Instant now)
{
    tx.lock(write_lock);
    const auto site = find_site(tx, wanted.site);
    if (!site)
        return site_not_found();
    TRY(require_parent(tx, actor, *site, wanted.parent, now));
    Column column = wanted;
    column.id = {};
    TRY(check_fields(tx, column));
    const auto stand = TRY(find_stand(tx, column, "", 0));
    TRY(check_slug(tx, column));
    column.path = stand.path + column.slug + "/";
    column.id = insert_column(tx, column);
    column.id_path = stand.id_path + std::to_string(column.id.value) + "/"; // Known only now.
    save_column(tx, column);
    delete_moved_path(tx, column.site, column.path);
    announce(tx, column, now);
    note(tx, actor, {"site.create_column", "新建栏目", nullptr, &column}, now);
    return column;
}

base::Result<Column> update_column(
    db::Transaction& tx, const base::Actor& actor, const Column& wanted, base::Instant now)
{
    const auto found = TRY(find_managed(tx, actor, wanted.id, now));
    Column column = wanted;
    column.site = found.column.site;
    if (column.parent != found.column.parent)
        TRY(require_parent(tx, actor, found.site, column.parent, now));
    TRY(check_fields(tx, column));
    column = TRY(save_at_its_place(tx, found.column, column, now));
    note(tx, actor, {"site.update_column", "修改栏目", &found.column, &column}, now);
    return column;
}

base::Result<Column> move_column(
    db::Transaction& tx, const base::Actor& actor, base::ColumnId id, base::ColumnId parent,
    int position, base::Instant now)
{
    const auto found = TRY(find_managed(tx, actor, id, now));
    TRY(require_parent(tx, actor, found.site, parent, now));
    Column column = found.column;
    column.parent = parent;
    TRY(check_fields(tx, column)); // A slug may be reserved on the first level.
    column = TRY(save_at_its_place(tx, found.column, column, now));
    renumber_siblings(tx, column, std::max(position, 0));
    note(tx, actor, {"site.move_column", "移动栏目", &found.column, &column}, now);
    return column;
}

base::Result<> remove_column(
    db::Transaction& tx, const base::Actor& actor, base::ColumnId id, bool has_releases,
    base::Instant now)
{
    const auto found = TRY(find_managed(tx, actor, id, now));
    if (has_releases || !list_children(tx, found.column.site, id).empty())
        return column_not_empty();
    delete_column(tx, id);
    announce(tx, found.column, now);
    note(tx, actor, {"site.remove_column", "删除栏目", &found.column, nullptr}, now);
    return {};
}

base::Result<Column> load_column(db::Transaction& tx, base::ColumnId id)
{
    auto column = find_column(tx, id);
    if (!column)
        return column_not_found();
    return std::move(*column);
}

std::optional<Column> find_moved_column(
    db::Transaction& tx, base::SiteId site, std::string_view old_path)
{
    const auto id = find_moved_column_id(tx, site, old_path);
    return id ? find_column(tx, *id) : std::nullopt;
}

} // namespace site
