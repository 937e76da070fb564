#pragma once

// Flows, passes and chains in SQL. Nothing outside this pair of files names a table of this module.

#include "publish/review/flow.h"

#include <optional>
#include <string>
#include <vector>

namespace db {
class Transaction;
}

namespace review::store {

FlowId insert_flow(db::Transaction&, const Flow&);
/// State, level, due time and what follows from them.
void update_flow(db::Transaction&, const Flow&, base::Instant now);
std::optional<Flow> find_flow(db::Transaction&, FlowId); // With passes.
std::optional<Flow> find_open_flow(db::Transaction&, base::ItemId);
std::vector<Flow> list_flows_of(db::Transaction&, base::ItemId);
/// The version of the last flow before this one that every level has passed; 0: none.
library::VersionId find_version_passed_before(db::Transaction&, base::ItemId, FlowId);
void insert_pass(db::Transaction&, const Pass&);
std::vector<Pass> list_passes(db::Transaction&, FlowId);

/// A WHERE clause over review_flows with its arguments; see inbox.cpp.
struct FlowQuery {
    struct AbilityAt {
        std::string ability;
        bool everywhere = false;
        std::vector<base::OrgId> orgs;
    };
    std::vector<AbilityAt> waiting_for; // Open flows whose level one of these passes.
    bool later_review_only = false;
    std::optional<base::UserId> passed_by;   // Instead: flows that this person has passed.
    std::optional<base::UserId> returned_to; // Instead: returned flows of this author.
    std::optional<base::UserId> not_by;      // Without what this person wrote, sent in or passed.
    std::string text;
};
std::vector<Flow> list_flows(db::Transaction&, const FlowQuery&, int offset, int limit);
std::int64_t count_flows(db::Transaction&, const FlowQuery&);

ChainId insert_chain(db::Transaction&, const Chain&);
bool update_chain(db::Transaction&, Chain&);
bool remove_chain(db::Transaction&, ChainId);
std::vector<Chain> list_chains(db::Transaction&);

} // namespace review::store
