#pragma once

// Reading flows: what waits for a person over all sites, and the trail of an item.

#include "base/result.h"
#include "core/identity/ability.h"
#include "publish/review/flow.h"

#include <vector>

namespace db {
class Transaction;
}

namespace review {

/// Refuses with review.flow_not_found.
base::Result<Flow> load_flow(db::Transaction&, FlowId); // With passes.
std::optional<Flow> find_open_flow(db::Transaction&, base::ItemId);
std::vector<Flow> list_flows_of(db::Transaction&, base::ItemId); // With passes, newest first.

enum class Inbox { Waiting, Done, Returned, LaterReview };

struct InboxFilter {
    Inbox inbox = Inbox::Waiting; // Waiting: open flows at a level that this person may pass.
    std::string text;
};
std::vector<Flow> list_inbox(
    db::Transaction&, base::UserId, const identity::Authority&, const InboxFilter&, int offset,
    int limit);
std::int64_t count_inbox(
    db::Transaction&, base::UserId, const identity::Authority&, const InboxFilter&);

/// Chains as data.
std::vector<Chain> list_chains(db::Transaction&);
base::Result<Chain> save_chain(
    db::Transaction&, const base::Actor&, const Chain& wanted, base::Instant now); // id 0: new.
base::Result<> remove_chain(db::Transaction&, const base::Actor&, ChainId, base::Instant now);
/// The chain that an item of that organisation for those columns must pass: of several columns, the
/// longest.
Chain chain_for(db::Transaction&, base::OrgId, const std::vector<library::Target>& targets);

} // namespace review
