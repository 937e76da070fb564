#pragma once

// Columns (栏目) of a site: a tree. Each belongs to an organisation that must keep it up to date
// within its update cycle, and says its class for the page tags (栏目类别, 47号 附件).

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace site {

/// What the column's page shows.
enum class ColumnKind {
    List,         // Its items, newest first.
    Page,         // The text of its newest item: 概况, 指南.
    Leaders,      // 领导信息 as cards.
    Institutions, // 机构职能.
    Channel,      // Its sub-columns with their newest items.
};
std::string_view to_string(ColumnKind);
std::optional<ColumnKind> column_kind_from(std::string_view);

struct Column {
    base::ColumnId id;
    base::SiteId site;
    base::ColumnId parent; // 0: first level.
    std::string id_path;   // "/3/17/": ids from the first level down to this one.
    std::string name;      // 政策文件
    std::string slug;      // "zcwj": [a-z0-9-]{1,40}, unique among siblings.
    std::string path;      // "/zwgk/zcwj/": the public address, made of the slugs.
    ColumnKind kind = ColumnKind::List;
    std::string column_type;   // ColumnType of 47号: 政策文件
    std::string description;   // ColumnDescription
    std::string keywords;      // ColumnKeywords, comma separated
    base::OrgId owner_org;     // Who must keep it up to date.
    int update_cycle_days = 0; // 0: no duty (a static page).
    bool in_nav = false;
    bool hidden = false; // Prepared, not yet shown.
    int position = 0;
    int review_levels = 0; // 0: by the organisation's rule; else 1…5.
};

/// Needs site.manage over the site, or over the column (for a new or moved one: over its parent
/// too). Refuses with site.column_invalid (fields), site.column_not_found, site.slug_taken,
/// site.column_depth (more than 5 levels), site.column_not_empty, site.not_found,
/// identity.forbidden.
base::Result<Column> create_column(
    db::Transaction&, const base::Actor&, const Column& wanted, base::Instant now);
base::Result<Column> update_column(
    db::Transaction&, const base::Actor&, const Column& wanted, base::Instant now);
/// Under another parent of the same site (0: first level), at `position`. Old addresses of the
/// column and its sub-columns are kept as redirects (find_moved_column).
base::Result<Column> move_column(
    db::Transaction&, const base::Actor&, base::ColumnId, base::ColumnId parent, int position,
    base::Instant now);
/// Requires that nothing was ever released in it (the caller says so), else site.column_not_empty.
base::Result<> remove_column(
    db::Transaction&, const base::Actor&, base::ColumnId, bool has_releases, base::Instant now);

base::Result<Column> load_column(db::Transaction&, base::ColumnId);
std::vector<Column> list_columns(db::Transaction&, base::SiteId); // Depth first, in order.
std::optional<Column> find_column_by_path(db::Transaction&, base::SiteId, std::string_view path);
std::optional<Column> find_moved_column(db::Transaction&, base::SiteId, std::string_view old_path);

} // namespace site
