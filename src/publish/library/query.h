#pragma once

// Reading the library: one item, its versions, lists for the console.

#include "base/result.h"
#include "publish/library/item.h"

#include <optional>
#include <string>
#include <vector>

namespace db {
class Transaction;
}

namespace library {

/// Refuses with library.item_not_found.
base::Result<Item> load_item(db::Transaction&, base::ItemId);
std::optional<Item> find_item(db::Transaction&, base::ItemId);
base::Result<Version> load_version(db::Transaction&, VersionId);
base::Result<Version> load_version_number(db::Transaction&, base::ItemId, int number);

/// Newest first, without bodies.
struct VersionHead {
    VersionId id;
    int number = 0;
    std::string title;
    std::string digest;
    std::string saved_by_name;
    base::Instant saved_at;
    bool autosaved = false;
    std::string note;
};
std::vector<VersionHead> list_versions(db::Transaction&, base::ItemId);

enum class ItemOrder { UpdatedNewest, UpdatedOldest, CreatedNewest, Title };

struct ItemFilter {
    std::string text; // In the title.
    std::vector<ItemState> states;
    std::vector<ItemKind> kinds;
    bool all_orgs = false; // Else only items of `orgs` …
    std::vector<base::OrgId> orgs;
    bool with_shared = false;               // … and those that others share …
    std::vector<base::SiteId> reader_sites; // … and those meant for these sites or columns.
    std::vector<base::ColumnId> reader_columns;
    std::vector<base::OrgId> owners; // Of these only, on top of the above; empty: of any.
    std::optional<base::UserId> author;
    std::optional<base::SiteId> target_site;
    std::optional<base::ColumnId> target_column;
    std::optional<base::Instant> updated_from;
    std::optional<base::Instant> updated_until;
    ItemOrder order = ItemOrder::UpdatedNewest;
};
std::vector<Item> list_items(db::Transaction&, const ItemFilter&, int offset, int limit);
std::int64_t count_items(db::Transaction&, const ItemFilter&);

/// The columns that the newest version is meant for.
std::vector<Target> list_targets(db::Transaction&, base::ItemId);

/// Interpretations of a policy, policies of an interpretation: by the newest versions.
std::vector<base::ItemId> list_interpretations_of(db::Transaction&, base::ItemId policy);
std::vector<base::ItemId> list_policies_of(db::Transaction&, base::ItemId interpretation);

} // namespace library
