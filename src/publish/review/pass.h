#pragma once

#include "base/actor.h"
#include "base/result.h"
#include "core/identity/ability.h"
#include "publish/review/flow.h"
#include "publish/review/pass_rules.h"

namespace db {
class Transaction;
}

namespace review {

/// Approves a level (the last one makes the item 待发布) or returns the version to its author.
/// Refuses with review.flow_not_found or review.obstructed, whose message names every obstacle.
base::Result<Flow> pass(
    db::Transaction&, const base::Actor&, const identity::Authority&, FlowId, const Decision&,
    base::Instant now);

} // namespace review
