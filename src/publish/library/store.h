#pragma once

// The library in SQL. Nothing outside this pair of files names a table of this module.

#include "publish/library/files.h"
#include "publish/library/item.h"
#include "publish/library/query.h"
#include "publish/library/submission.h"

#include <optional>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace library::store {

base::ItemId insert_item(db::Transaction&, const Item&);

/// Writes the item if nobody has since it was read (item.revision), and moves its revision on;
/// false otherwise.
bool update_item(db::Transaction&, Item&);
std::optional<Item> find_item(db::Transaction&, base::ItemId);
void set_origin(db::Transaction&, base::ItemId, base::ItemId origin);

VersionId insert_version(db::Transaction&, const Version&);
std::optional<Version> find_version(db::Transaction&, VersionId);
std::optional<Version> find_version_number(db::Transaction&, base::ItemId, int number);
void remove_version(db::Transaction&, VersionId);
void keep_version(db::Transaction&, VersionId); // It counts as saved by hand from now on.
std::vector<VersionHead> list_versions(db::Transaction&, base::ItemId);

/// What lists look for in the newest version.
void replace_targets(db::Transaction&, base::ItemId, const std::vector<Target>&);
std::vector<Target> list_targets(db::Transaction&, base::ItemId);
void replace_links(
    db::Transaction&, base::ItemId interpretation, const std::vector<base::ItemId>& policies);
std::vector<base::ItemId> list_interpretations_of(db::Transaction&, base::ItemId policy);
std::vector<base::ItemId> list_policies_of(db::Transaction&, base::ItemId interpretation);

std::vector<Item> list_items(db::Transaction&, const ItemFilter&, int offset, int limit);
std::int64_t count_items(db::Transaction&, const ItemFilter&);

void insert_file(db::Transaction&, const StoredFile&, base::UserId by, base::Instant now);
std::optional<StoredFile> find_file(db::Transaction&, std::string_view hash);

SubmissionId insert_submission(db::Transaction&, const Submission&, base::UserId by);
void update_submission(db::Transaction&, const Submission&);
std::optional<Submission> find_submission(db::Transaction&, SubmissionId);
bool has_open_submission(db::Transaction&, base::ItemId, base::OrgId to);
std::vector<base::OrgId> list_open_receivers(db::Transaction&, base::ItemId);
std::vector<Submission> list_submissions(
    db::Transaction&, const SubmissionFilter&, int offset, int limit);
std::int64_t count_submissions(db::Transaction&, const SubmissionFilter&);

} // namespace library::store
