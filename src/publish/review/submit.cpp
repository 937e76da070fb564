#include "publish/review/submit.h"

#include "core/audit/audit.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/review/defaults.h"
#include "publish/review/inbox.h"
#include "publish/review/refusals.h"
#include "publish/review/store.h"
#include "text/utf8.h"

#include <fmt/format.h>

namespace review {
namespace {

using library::ItemState;

bool is_draft(ItemState state) { return state == ItemState::Draft || state == ItemState::Returned; }

auto changed_since()
{
    return base::refuse(
        Kind::Conflict, "library.changed", "在您打开之后，稿件已被他人修改，请刷新后再送审");
}

std::optional<base::Instant> due_after(base::Instant now, int hours)
{
    return hours == 0 ? std::nullopt : std::optional(now + std::chrono::hours(hours));
}

struct Ready {
    library::Item item;
    library::Version version;
};

/// The item with its newest version, if that may go to review now.
base::Result<Ready> load_ready(db::Transaction& tx, base::ItemId id, int expected_revision)
{
    auto item = TRY(library::load_item(tx, id));
    if (item.state == ItemState::InReview || store::find_open_flow(tx, id))
        return already_open();
    if (!is_draft(item.state))
        return not_a_draft();
    if (item.revision != expected_revision)
        return changed_since();
    auto version = TRY(library::load_version(tx, item.newest));
    if (auto faults = library::submission_faults(item.kind, version.content); !faults.empty())
        return base::refuse_fields("library.invalid", std::move(faults));
    return Ready{std::move(item), std::move(version)};
}

Flow new_flow(db::Transaction& tx, const base::Actor& actor, const Ready& ready, base::Instant now)
{
    const auto chain = chain_for(tx, ready.item.org, ready.version.content.targets);
    return {
        .item = ready.item.id,
        .version = ready.version.id,
        .title = ready.version.content.title,
        .kind = ready.item.kind,
        .org = ready.item.org,
        .author = ready.item.author,
        .author_name = ready.item.author_name,
        .submitted_by = actor.user,
        .submitted_by_name = actor.name,
        .submitted_at = now,
        .levels = chain.levels,
        .due_at = due_after(now, chain.levels.front().due_hours),
    };
}

} // namespace

base::Result<Flow> submit(
    db::Transaction& tx, const base::Actor& actor, base::ItemId id, int expected_revision,
    base::Instant now)
{
    const auto ready = TRY(load_ready(tx, id, expected_revision));
    auto flow = new_flow(tx, actor, ready, now);
    flow.id = store::insert_flow(tx, flow);
    TRY(library::move_state(tx, id, ItemState::InReview, ready.item.approved, now));
    audit::record(
        tx, actor,
        {.action = "review.submit",
         .subject_kind = "item",
         .subject = id.value,
         .summary = fmt::format("送审《{}》第{}版", flow.title, ready.version.number),
         .after = ready.version.digest},
        now);
    return flow;
}

base::Result<Flow> take_back(
    db::Transaction& tx, const base::Actor& actor, FlowId id, const std::string& reason,
    base::Instant now)
{
    auto flow = store::find_flow(tx, id);
    if (!flow)
        return flow_not_found();
    if (flow->state != FlowState::Open)
        return flow_closed();
    store::insert_pass(
        tx, {.flow = id,
             .level = flow->level,
             .level_name = flow->levels.at(static_cast<std::size_t>(flow->level) - 1).name,
             .reviewer = actor.user,
             .reviewer_name = actor.name,
             .verdict = Verdict::TakeBack,
             .note = reason,
             .at = now});
    flow->state = FlowState::TakenBack;
    flow->due_at.reset();
    store::update_flow(tx, *flow, now);
    const auto item = TRY(library::load_item(tx, flow->item));
    TRY(library::move_state(tx, flow->item, ItemState::Draft, item.approved, now));
    audit::record(
        tx, actor,
        {.action = "review.take_back",
         .subject_kind = "item",
         .subject = flow->item.value,
         .summary = fmt::format("撤回送审《{}》", flow->title)},
        now);
    return *store::find_flow(tx, id);
}

base::Result<Flow> submit_emergency(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    base::ItemId id, int expected_revision, const std::string& reason, base::Instant now)
{
    const auto ready = TRY(load_ready(tx, id, expected_revision));
    TRY(identity::require(authority, identity::ability::review_emergency, {.org = ready.item.org}));
    if (actor.user == ready.item.author)
        return author_may_not_rush();
    if (text::trim(reason).empty())
        return base::refuse_fields("review.invalid", {{"reason", "请写明应急发布的原因"}});

    auto flow = new_flow(tx, actor, ready, now);
    flow.state = FlowState::Approved;
    flow.emergency = true;
    flow.later_review_due = true;
    flow.emergency_reason = reason;
    flow.due_at = due_after(now, later_review_due_hours());
    flow.id = store::insert_flow(tx, flow);
    TRY(library::move_state(tx, id, ItemState::Approved, ready.version.id, now));
    audit::record(
        tx, actor,
        {.action = "review.emergency",
         .subject_kind = "item",
         .subject = id.value,
         .summary = fmt::format("应急放行《{}》，须事后补审。原因：{}", flow.title, reason),
         .after = ready.version.digest},
        now);
    return flow;
}

} // namespace review
