#pragma once

// Sending a draft to review, taking it back, and the way round it in an emergency.

#include "base/actor.h"
#include "base/result.h"
#include "core/identity/ability.h"
#include "publish/review/flow.h"

#include <string>

namespace db {
class Transaction;
}

namespace review {

/// Freezes the newest version and opens a flow for it. Refuses with library.item_not_found,
/// library.invalid (all faults at once), review.already_open, library.changed.
base::Result<Flow> submit(
    db::Transaction&, const base::Actor&, base::ItemId, int expected_revision, base::Instant now);

/// The author takes a version back that nobody has passed the last level of.
base::Result<Flow> take_back(
    db::Transaction&, const base::Actor&, FlowId, const std::string& reason, base::Instant now);

/// 应急发布: approved at once by one person with review.emergency who is not its author;
/// the whole chain must then review it within the due time of data/review.yaml.
base::Result<Flow> submit_emergency(
    db::Transaction&, const base::Actor&, const identity::Authority&, base::ItemId,
    int expected_revision, const std::string& reason, base::Instant now);

} // namespace review
