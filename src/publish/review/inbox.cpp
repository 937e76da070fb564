#include "publish/review/inbox.h"

#include "core/audit/audit.h"
#include "core/org/org.h"
#include "core/site/column.h"
#include "publish/review/defaults.h"
#include "publish/review/refusals.h"
#include "publish/review/store.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace review {
namespace {

namespace ability = identity::ability;

constexpr std::array passing_abilities = {
    ability::review_proofread, ability::review_first, ability::review_second,
    ability::review_final};

store::FlowQuery query_of(
    base::UserId user, const identity::Authority& authority, const InboxFilter& filter)
{
    store::FlowQuery query{.text = filter.text};
    if (filter.inbox == Inbox::Done) {
        query.passed_by = user;
        return query;
    }
    if (filter.inbox == Inbox::Returned) {
        query.returned_to = user;
        return query;
    }
    for (const auto name : passing_abilities) {
        auto at = authority.orgs_of(name);
        query.waiting_for.push_back({std::string(name), at.everywhere, std::move(at.orgs)});
    }
    query.later_review_only = filter.inbox == Inbox::LaterReview;
    query.not_by = user;
    return query;
}

/// Does the chain hold for an organisation, and how near is it set? Deeper in the tree is nearer.
std::optional<std::size_t> nearness(db::Transaction& tx, const Chain& chain, base::OrgId org)
{
    if (!chain.org)
        return 0;
    if (!org::is_within(tx, org, chain.org))
        return std::nullopt;
    const auto holder = org::load_org(tx, chain.org);
    return holder ? std::optional(holder->path.size()) : std::nullopt;
}

std::optional<Chain> chain_of_org(
    db::Transaction& tx, const std::vector<Chain>& chains, base::OrgId org)
{
    std::optional<Chain> nearest;
    std::size_t nearest_depth = 0;
    for (const auto& chain : chains) {
        if (chain.column)
            continue;
        const auto depth = nearness(tx, chain, org);
        if (depth && (!nearest || *depth > nearest_depth)) {
            nearest = chain;
            nearest_depth = *depth;
        }
    }
    return nearest;
}

std::optional<Chain> chain_of_column(
    db::Transaction& tx, const std::vector<Chain>& chains, base::ColumnId column)
{
    const auto own = std::find_if(
        chains.begin(), chains.end(), [&](const Chain& chain) { return chain.column == column; });
    if (own != chains.end())
        return *own;
    const auto found = site::load_column(tx, column);
    if (!found || found->review_levels == 0)
        return std::nullopt;
    // One level: the final review alone; two: first and final; more: all the standard ones.
    Chain chain{.name = fmt::format("{}级审核", found->review_levels), .levels = default_levels()};
    while (chain.levels.size() > static_cast<std::size_t>(found->review_levels))
        chain.levels.erase(chain.levels.end() - 2);
    return chain;
}

} // namespace

base::Result<Flow> load_flow(db::Transaction& tx, FlowId id)
{
    auto flow = store::find_flow(tx, id);
    if (!flow)
        return flow_not_found();
    return std::move(*flow);
}

std::optional<Flow> find_open_flow(db::Transaction& tx, base::ItemId item)
{
    return store::find_open_flow(tx, item);
}

std::vector<Flow> list_flows_of(db::Transaction& tx, base::ItemId item)
{
    return store::list_flows_of(tx, item);
}

std::vector<Flow> list_inbox(
    db::Transaction& tx, base::UserId user, const identity::Authority& authority,
    const InboxFilter& filter, int offset, int limit)
{
    return store::list_flows(tx, query_of(user, authority, filter), offset, limit);
}

std::int64_t count_inbox(
    db::Transaction& tx, base::UserId user, const identity::Authority& authority,
    const InboxFilter& filter)
{
    return store::count_flows(tx, query_of(user, authority, filter));
}

std::vector<Chain> list_chains(db::Transaction& tx) { return store::list_chains(tx); }

base::Result<Chain> save_chain(
    db::Transaction& tx, const base::Actor& actor, const Chain& wanted, base::Instant now)
{
    auto chain = wanted;
    const auto all = store::list_chains(tx);
    const bool taken = std::any_of(all.begin(), all.end(), [&](const Chain& other) {
        return other.id != chain.id && other.org == chain.org && other.column == chain.column;
    });
    if (taken)
        return chain_taken();
    if (!chain.id)
        chain.id = store::insert_chain(tx, chain);
    else if (!store::update_chain(tx, chain))
        return chain_changed();
    audit::record(
        tx, actor,
        {.action = "review.chain_save",
         .subject_kind = "chain",
         .subject = chain.id.value,
         .summary = fmt::format("设置审核流程“{}”，共{}级", chain.name, chain.levels.size())},
        now);
    return chain;
}

base::Result<> remove_chain(
    db::Transaction& tx, const base::Actor& actor, ChainId id, base::Instant now)
{
    if (!store::remove_chain(tx, id))
        return chain_not_found();
    audit::record(
        tx, actor,
        {.action = "review.chain_remove",
         .subject_kind = "chain",
         .subject = id.value,
         .summary = "删除审核流程设置"},
        now);
    return {};
}

Chain chain_for(db::Transaction& tx, base::OrgId org, const std::vector<library::Target>& targets)
{
    const auto chains = store::list_chains(tx);
    std::optional<Chain> longest;
    for (const auto& target : targets) {
        auto chain = chain_of_column(tx, chains, target.column);
        if (!chain)
            chain = chain_of_org(tx, chains, org);
        if (!chain)
            chain = Chain{.name = "三审三校", .levels = default_levels()};
        if (!longest || chain->levels.size() > longest->levels.size())
            longest = std::move(chain);
    }
    if (longest)
        return std::move(*longest);
    auto chain = chain_of_org(tx, chains, org);
    return chain ? std::move(*chain) : Chain{.name = "三审三校", .levels = default_levels()};
}

} // namespace review
