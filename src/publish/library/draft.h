#pragma once

// Drafting: an item enters the library and gets its versions. Nobody's text is ever overwritten: a
// writer who read an older state is refused and shown both (library.changed); the refused text can
// be kept as a version of its own.

#include "base/actor.h"
#include "base/result.h"
#include "publish/library/item.h"

#include <vector>

namespace db {
class Transaction;
}

namespace library {

/// What is wrong with a text before it may be sent to review; all of it at once. Pure.
/// Saving a draft asks only for what the draft itself needs (a title, sizes).
std::vector<base::FieldError> draft_faults(ItemKind, const Content&);
std::vector<base::FieldError> submission_faults(ItemKind, const Content&);

/// Cleans what a writer handed in: rich text sanitised, with the files it names under the address
/// that the public will have (body_files.h), document numbers normalised, spaces trimmed.
Content cleaned(Content);

/// Refuses with library.invalid (fields), org.not_found.
base::Result<Item> create_item(
    db::Transaction&, const base::Actor&, ItemKind, base::OrgId, const Content&, base::Instant now);

enum class SaveKind { ByHand, Autosave };

/// Writes a new version; it replaces the same writer's autosave before it, unless that was sent to
/// review or handed to others since. On a released
/// or approved item this opens a new draft, the public page stays as it is. Refuses with
/// library.item_not_found, library.in_review, library.changed, library.invalid.
base::Result<Item> save_item(
    db::Transaction&, const base::Actor&, base::ItemId, int expected_revision, const Content&,
    SaveKind, base::Instant now);

/// Makes an old version the newest again.
base::Result<Item> restore_version(
    db::Transaction&, const base::Actor&, base::ItemId, int version_number, int expected_revision,
    base::Instant now);

/// Lets other organisations use the item by reference, or ends that (what is released stays).
base::Result<Item> set_shared(
    db::Transaction&, const base::Actor&, base::ItemId, bool shared, base::Instant now);

/// Moves of the state by the rooms above (review, release). Refuses with library.changed when the
/// item is not in one of the states that lead there.
base::Result<Item> move_state(
    db::Transaction&, base::ItemId, ItemState to, VersionId approved, base::Instant now);

/// The version that may be released is another one from now on (0: none): a review after an
/// emergency release did not pass it. The state stays.
base::Result<> revoke_approval(
    db::Transaction&, base::ItemId, VersionId approved_instead, base::Instant now);

} // namespace library
