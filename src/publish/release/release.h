#pragma once

// The deeds of release. A repeated call (a double click, a retry) with the same key does nothing a
// second time and gives the same answer.

#include "base/actor.h"
#include "base/result.h"
#include "core/identity/ability.h"
#include "publish/release/publication.h"

#include <string>
#include <vector>

namespace db {
class Transaction;
}

namespace release {

struct Order {
    base::ItemId item;
    std::vector<library::Target> targets;
    std::optional<base::Instant> publish_at; // Later than now: scheduled.
    std::optional<base::Instant> expire_at;
    bool pinned = false;
    std::string key; // Idempotency: random, made by the console when the form opens.
};

/// What became of each target: a partial failure is a normal state.
struct Outcome {
    library::Target target;
    base::Result<Publication> result;
};

/// Puts the approved version of an item into the columns; a target where an older version stands
/// gets the new one at the same address. Refuses as a whole with library.item_not_found,
/// release.not_approved, release.no_targets; per target with release.forbidden,
/// site.column_not_found, release.not_shared, release.bad_times.
base::Result<std::vector<Outcome>> release(
    db::Transaction&, const base::Actor&, const identity::Authority&, const Order&,
    base::Instant now);

/// Takes one publication down, or (all) the item everywhere. Its addresses answer 410 from now on.
/// Refuses with release.publication_not_found, release.forbidden, release.reason_missing.
base::Result<Publication> withdraw(
    db::Transaction&, const base::Actor&, const identity::Authority&, PublicationId,
    const std::string& reason, base::Instant now);
base::Result<std::vector<Publication>> withdraw_everywhere(
    db::Transaction&, const base::Actor&, const identity::Authority&, base::ItemId,
    const std::string& reason, base::Instant now);

/// To another column of the same site: new address, the old one redirects for ever.
base::Result<Publication> move(
    db::Transaction&, const base::Actor&, const identity::Authority&, PublicationId,
    base::ColumnId to, base::Instant now);

base::Result<Publication> set_pinned(
    db::Transaction&, const base::Actor&, const identity::Authority&, PublicationId, bool pinned,
    int position, base::Instant now);

/// Makes live what is due, and takes down what has expired. Safe to run twice; returns how many
/// changed. The job "release.due" calls it.
int settle_due(db::Transaction&, base::Instant now);

} // namespace release
