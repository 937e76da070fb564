#include "publish/review/pass.h"

#include "core/audit/audit.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/review/inbox.h"
#include "publish/review/refusals.h"
#include "publish/review/store.h"

#include <fmt/format.h>

namespace review {
namespace {

using library::ItemState;

const Level& current_level(const Flow& flow)
{
    return flow.levels.at(static_cast<std::size_t>(flow.level) - 1);
}

base::Result<> refuse_if_obstructed(
    const Flow& flow, const Decision& decision, const identity::Authority& authority)
{
    const bool able = authority.may(waiting_ability(flow), {.org = flow.org});
    const auto found = pass_obstacles(flow, decision, able);
    if (found.empty())
        return {};
    std::vector<base::FieldError> reasons;
    reasons.reserve(found.size());
    for (const auto obstacle : found)
        reasons.push_back({std::string(to_code(obstacle)), std::string(explain(obstacle))});
    return obstructed(std::move(reasons));
}

/// To the next level, or through.
void advance(Flow& flow, base::Instant now)
{
    flow.level += 1;
    flow.due_at.reset();
    if (static_cast<std::size_t>(flow.level) > flow.levels.size()) {
        flow.state = FlowState::Approved;
        flow.later_review_due = false;
        return;
    }
    if (const int hours = current_level(flow).due_hours; hours > 0)
        flow.due_at = now + std::chrono::hours(hours);
}

/// A version that was released in an emergency and then not approved stays where it is until
/// somebody withdraws it, but can't be released anywhere else (先审后发); the flow says so and the
/// author gets it back as a draft.
void turn_back(Flow& flow)
{
    flow.state = FlowState::Returned;
    flow.later_review_due = false;
    flow.due_at.reset();
}

/// Of an emergency: the author may have written on, or sent a newer text to review, by now. That
/// keeps its state; only the approval is taken back.
base::Result<> return_rushed(
    db::Transaction& tx, const Flow& flow, const library::Item& item, base::Instant now)
{
    if (item.approved != flow.version)
        return {}; // A later version has passed the whole chain.
    const auto before = store::find_version_passed_before(tx, flow.item, flow.id);
    TRY(library::revoke_approval(tx, flow.item, before, now));
    if (item.newest == flow.version)
        TRY(library::move_state(tx, flow.item, ItemState::Returned, before, now));
    return {};
}

base::Result<> move_item(db::Transaction& tx, const Flow& flow, base::Instant now)
{
    const auto item = TRY(library::load_item(tx, flow.item));
    if (flow.state == FlowState::Returned && flow.emergency) {
        TRY(return_rushed(tx, flow, item, now));
    } else if (flow.state == FlowState::Returned) {
        TRY(library::move_state(tx, flow.item, ItemState::Returned, item.approved, now));
    } else if (flow.state == FlowState::Approved && !flow.emergency) {
        TRY(library::move_state(tx, flow.item, ItemState::Approved, flow.version, now));
    }
    return {};
}

void record(
    db::Transaction& tx, const base::Actor& actor, const Flow& flow, const Pass& passed,
    base::Instant now)
{
    const bool approves = passed.verdict == Verdict::Approve;
    audit::record(
        tx, actor,
        {.action = approves ? "review.approve" : "review.return",
         .subject_kind = "item",
         .subject = flow.item.value,
         .summary = fmt::format(
             "{}{}《{}》{}{}", passed.level_name, approves ? "通过" : "退回", flow.title,
             passed.note.empty() ? "" : "：", passed.note)},
        now);
}

} // namespace

base::Result<Flow> pass(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority, FlowId id,
    const Decision& decision, base::Instant now)
{
    auto flow = store::find_flow(tx, id);
    if (!flow)
        return flow_not_found();
    TRY(refuse_if_obstructed(*flow, decision, authority));

    const Pass passed{
        .flow = id,
        .level = flow->level,
        .level_name = current_level(*flow).name,
        .reviewer = actor.user,
        .reviewer_name = actor.name,
        .verdict = decision.verdict,
        .gates = decision.gates,
        .proof = decision.proof.value_or(Proof{}),
        .comments = decision.comments,
        .note = decision.note,
        .at = now,
    };
    store::insert_pass(tx, passed);
    if (decision.verdict == Verdict::Approve)
        advance(*flow, now);
    else
        turn_back(*flow);
    store::update_flow(tx, *flow, now);
    TRY(move_item(tx, *flow, now));
    record(tx, actor, *flow, passed, now);
    return load_flow(tx, id);
}

} // namespace review
