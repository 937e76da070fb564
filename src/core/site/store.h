#pragma once

// The tables of sites, hosts, columns and former column addresses.

#include "core/site/column.h"
#include "core/site/site.h"

#include <optional>

namespace db {
class Transaction;
}

namespace site {

base::SiteId insert_site(db::Transaction&, const Site&);
void save_site(db::Transaction&, const Site&);
std::optional<Site> find_site(db::Transaction&, base::SiteId);
std::optional<base::SiteId> find_owner_of_host(db::Transaction&, std::string_view host);

base::ColumnId insert_column(db::Transaction&, const Column&);
void save_column(db::Transaction&, const Column&);
void save_column_position(db::Transaction&, base::ColumnId, int position);
void delete_column(db::Transaction&, base::ColumnId);
std::optional<Column> find_column(db::Transaction&, base::ColumnId);
/// The column and all below it, the column first.
std::vector<Column> list_column_subtree(db::Transaction&, const Column&);
std::vector<Column> list_children(db::Transaction&, base::SiteId, base::ColumnId parent);

void save_moved_column(
    db::Transaction&, base::SiteId, std::string_view old_path, base::ColumnId column);
void delete_moved_path(db::Transaction&, base::SiteId, std::string_view path);
std::optional<base::ColumnId> find_moved_column_id(
    db::Transaction&, base::SiteId, std::string_view old_path);

} // namespace site
