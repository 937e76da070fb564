#pragma once

// Publications, addresses, public files and orders in SQL. Nothing outside this pair of files names
// a table of this module.

#include "publish/library/item.h"
#include "publish/release/pages.h"
#include "publish/release/publication.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace release::store {

/// Gives the publication its id and, with `path` of its column, its address.
Publication insert(
    db::Transaction&, Publication, const library::Item&, const library::Content&,
    std::string_view column_path);

/// Version, state, times, order; and what lists show of the version.
void update(db::Transaction&, const Publication&, const library::Item&, const library::Content&);
/// State, times, order, reason only.
void update_standing(db::Transaction&, const Publication&);

/// To another column, with a new address; the old one goes on leading here.
void change_address(db::Transaction&, Publication&, std::string_view column_path);

std::optional<Publication> find(db::Transaction&, PublicationId);
std::optional<Publication> find_in_column(db::Transaction&, base::ItemId, base::ColumnId);
std::optional<Publication> find_by_url(db::Transaction&, base::SiteId, std::string_view url);
std::vector<Publication> list_of_item(db::Transaction&, base::ItemId);
std::vector<Publication> list_to_begin(db::Transaction&, base::Instant now, int limit);
std::vector<Publication> list_to_end(db::Transaction&, base::Instant now, int limit);

std::vector<Listed> list_column(db::Transaction&, base::ColumnId, int limit);
std::vector<Listed> list_column_page(db::Transaction&, base::ColumnId, int offset, int limit);
std::int64_t count_column(db::Transaction&, base::ColumnId);
std::int64_t count_ever_in(db::Transaction&, base::ColumnId);
std::int64_t count_all_live(db::Transaction&);
std::optional<base::Instant> find_last_release(db::Transaction&, base::ColumnId);
std::vector<Listed> list_site(db::Transaction&, base::SiteId, int offset, int limit);
std::vector<Listed> list_live_of_item(db::Transaction&, base::ItemId);

void replace_files(db::Transaction&, PublicationId, const std::vector<library::Attachment>& files);
std::optional<library::Attachment> find_public_file(db::Transaction&, std::string_view hash);

/// The documents that a publication interprets.
void replace_links(db::Transaction&, PublicationId, const std::vector<base::ItemId>& policies);
std::vector<base::ItemId> list_links(db::Transaction&, PublicationId);
/// Live publications of interpretations of a policy, and of policies that live publications of an
/// interpretation explain; by item, then by age.
std::vector<Listed> list_live_interpretations(db::Transaction&, base::ItemId policy);
std::vector<Listed> list_live_policies(db::Transaction&, base::ItemId interpretation);

struct DoneOrder {
    base::ItemId item;
    std::string outcome;
};
std::optional<DoneOrder> find_order(db::Transaction&, std::string_view key);
void insert_order(
    db::Transaction&, std::string_view key, base::ItemId, base::UserId, std::string_view outcome,
    base::Instant now);

} // namespace release::store
