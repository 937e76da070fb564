#include "publish/review/store.h"

#include "base/assert.h"
#include "db/database.h"
#include "publish/review/flow_json.h"

#include <fmt/format.h>

namespace review::store {
namespace {

constexpr auto insert_flow_sql = R"sql(
    INSERT INTO review_flows
        (item_id, version_id, title, kind, org_id, author_id, author_name, submitted_by,
         submitted_by_name, submitted_at, levels, level, ability, state, emergency,
         later_review_due, emergency_reason, due_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto update_flow_sql = R"sql(
    UPDATE review_flows
    SET level = ?, ability = ?, state = ?, later_review_due = ?, due_at = ?, closed_at = ?
    WHERE id = ?
)sql";

constexpr auto select_flow_sql = "SELECT * FROM review_flows WHERE id = ?";
constexpr auto select_open_flow_sql =
    "SELECT * FROM review_flows WHERE item_id = ? AND state = 'open'";
constexpr auto select_flows_of_item_sql =
    "SELECT * FROM review_flows WHERE item_id = ? ORDER BY id DESC";

constexpr auto select_passed_before_sql = R"sql(
    SELECT version_id FROM review_flows
    WHERE item_id = ? AND id < ? AND state = 'approved' AND later_review_due = 0
    ORDER BY id DESC LIMIT 1
)sql";

constexpr auto insert_pass_sql = R"sql(
    INSERT INTO review_passes
        (flow_id, level, level_name, reviewer_id, reviewer_name, verdict, record, note, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";
constexpr auto select_passes_sql = "SELECT * FROM review_passes WHERE flow_id = ? ORDER BY id";

constexpr auto insert_chain_sql = R"sql(
    INSERT INTO review_chains (name, org_id, column_id, levels, revision)
    VALUES (?, ?, ?, ?, 0) RETURNING id
)sql";
constexpr auto update_chain_sql = R"sql(
    UPDATE review_chains SET name = ?, org_id = ?, column_id = ?, levels = ?,
        revision = revision + 1
    WHERE id = ? AND revision = ?
)sql";
constexpr auto delete_chain_sql = "DELETE FROM review_chains WHERE id = ?";
constexpr auto select_chains_sql = "SELECT * FROM review_chains ORDER BY id";

Flow read_flow(const db::Row& row)
{
    const auto kind = library::item_kind_from(row.text("kind"));
    const auto state = flow_state_from(row.text("state"));
    VERIFY(kind && state);
    return {
        .id = row.id<FlowId>("id"),
        .item = row.id<base::ItemId>("item_id"),
        .version = row.id<library::VersionId>("version_id"),
        .title = row.text("title"),
        .kind = *kind,
        .org = row.id<base::OrgId>("org_id"),
        .author = row.id<base::UserId>("author_id"),
        .author_name = row.text("author_name"),
        .submitted_by = row.id<base::UserId>("submitted_by"),
        .submitted_by_name = row.text("submitted_by_name"),
        .submitted_at = row.instant("submitted_at"),
        .levels = levels_from_text(row.text("levels")),
        .level = static_cast<int>(row.integer("level")),
        .state = *state,
        .emergency = row.flag("emergency"),
        .later_review_due = row.flag("later_review_due"),
        .emergency_reason = row.text("emergency_reason"),
        .due_at = row.optional_instant("due_at"),
    };
}

Pass read_pass(const db::Row& row)
{
    const auto verdict = verdict_from(row.text("verdict"));
    VERIFY(verdict);
    Pass pass{
        .id = row.integer("id"),
        .flow = row.id<FlowId>("flow_id"),
        .level = static_cast<int>(row.integer("level")),
        .level_name = row.text("level_name"),
        .reviewer = row.id<base::UserId>("reviewer_id"),
        .reviewer_name = row.text("reviewer_name"),
        .verdict = *verdict,
        .note = row.text("note"),
        .at = row.instant("at"),
    };
    read_record(row.text("record"), pass);
    return pass;
}

std::vector<Flow> read_flows(const db::Rows& rows)
{
    std::vector<Flow> flows;
    for (const auto& row : rows)
        flows.push_back(read_flow(row));
    return flows;
}

std::optional<Flow> with_passes(db::Transaction& tx, const db::Rows& rows)
{
    if (rows.empty())
        return std::nullopt;
    auto flow = read_flow(rows.front());
    flow.passes = list_passes(tx, flow.id);
    return flow;
}

struct Where {
    std::string sql;
    std::vector<db::Value> arguments;
};

std::string placeholders(std::size_t count)
{
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
        list += i == 0 ? "?" : ", ?";
    return list;
}

/// (ability = ? AND org_id IN (…)) OR (…): what waits for somebody with these abilities.
void add_waiting(Where& where, const std::vector<FlowQuery::AbilityAt>& abilities)
{
    std::string any;
    for (const auto& at : abilities) {
        if (!at.everywhere && at.orgs.empty())
            continue;
        any += any.empty() ? "(" : " OR ";
        where.arguments.push_back(db::to_value(at.ability));
        any += at.everywhere
                   ? "ability = ?"
                   : fmt::format("(ability = ? AND org_id IN ({}))", placeholders(at.orgs.size()));
        if (at.everywhere)
            continue;
        for (const auto org : at.orgs)
            where.arguments.push_back(db::to_value(org));
    }
    where.sql += " AND " + (any.empty() ? std::string("1 = 0") : any + ")");
}

Where where_of(const FlowQuery& query)
{
    Where where{.sql = " WHERE 1 = 1"};
    if (query.passed_by) {
        where.sql += " AND id IN (SELECT flow_id FROM review_passes WHERE reviewer_id = ?)";
        where.arguments.push_back(db::to_value(*query.passed_by));
    } else if (query.returned_to) {
        // What was sent in again since is no longer the author's to mend.
        where.sql += " AND state = 'returned' AND author_id = ? AND NOT EXISTS (SELECT 1 FROM"
                     " review_flows later WHERE later.item_id = review_flows.item_id AND later.id >"
                     " review_flows.id)";
        where.arguments.push_back(db::to_value(*query.returned_to));
    } else {
        where.sql += query.later_review_only ? " AND later_review_due = 1"
                                             : " AND (state = 'open' OR later_review_due = 1)";
        add_waiting(where, query.waiting_for);
    }
    if (query.not_by) {
        where.sql += " AND author_id <> ? AND (submitted_by <> ? OR emergency = 1)"
                     " AND id NOT IN (SELECT flow_id FROM review_passes WHERE reviewer_id = ?)";
        where.arguments.insert(where.arguments.end(), 3, db::to_value(*query.not_by));
    }
    if (!query.text.empty()) {
        where.sql += " AND title LIKE ? ESCAPE '\\'";
        std::string pattern = "%";
        for (const char c : query.text) {
            if (c == '%' || c == '_' || c == '\\')
                pattern += '\\';
            pattern += c;
        }
        where.arguments.push_back(db::to_value(pattern + "%"));
    }
    return where;
}

} // namespace

FlowId insert_flow(db::Transaction& tx, const Flow& flow)
{
    const auto rows = tx.query(
        insert_flow_sql, flow.item, flow.version, flow.title, library::to_string(flow.kind),
        flow.org, flow.author, flow.author_name, flow.submitted_by, flow.submitted_by_name,
        flow.submitted_at, to_text(flow.levels), flow.level, waiting_ability(flow),
        to_string(flow.state), flow.emergency, flow.later_review_due, flow.emergency_reason,
        flow.due_at);
    return rows.front().id<FlowId>("id");
}

void update_flow(db::Transaction& tx, const Flow& flow, base::Instant now)
{
    const auto closed =
        flow.state == FlowState::Open ? std::nullopt : std::optional<base::Instant>(now);
    tx.execute(
        update_flow_sql, flow.level, waiting_ability(flow), to_string(flow.state),
        flow.later_review_due, flow.due_at, closed, flow.id);
}

std::optional<Flow> find_flow(db::Transaction& tx, FlowId id)
{
    return with_passes(tx, tx.query(select_flow_sql, id));
}

std::optional<Flow> find_open_flow(db::Transaction& tx, base::ItemId item)
{
    return with_passes(tx, tx.query(select_open_flow_sql, item));
}

std::vector<Flow> list_flows_of(db::Transaction& tx, base::ItemId item)
{
    auto flows = read_flows(tx.query(select_flows_of_item_sql, item));
    for (auto& flow : flows)
        flow.passes = list_passes(tx, flow.id);
    return flows;
}

library::VersionId find_version_passed_before(db::Transaction& tx, base::ItemId item, FlowId flow)
{
    const auto rows = tx.query(select_passed_before_sql, item, flow);
    return rows.empty() ? library::VersionId{} : rows.front().id<library::VersionId>("version_id");
}

void insert_pass(db::Transaction& tx, const Pass& pass)
{
    tx.execute(
        insert_pass_sql, pass.flow, pass.level, pass.level_name, pass.reviewer, pass.reviewer_name,
        to_string(pass.verdict), record_text(pass), pass.note, pass.at);
}

std::vector<Pass> list_passes(db::Transaction& tx, FlowId flow)
{
    std::vector<Pass> passes;
    for (const auto& row : tx.query(select_passes_sql, flow))
        passes.push_back(read_pass(row));
    return passes;
}

std::vector<Flow> list_flows(db::Transaction& tx, const FlowQuery& query, int offset, int limit)
{
    auto where = where_of(query);
    where.arguments.emplace_back(std::int64_t{limit});
    where.arguments.emplace_back(std::int64_t{offset});
    // What is due first stands first; what has no due time comes after.
    const auto sql = fmt::format(
        "SELECT * FROM review_flows{} ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, "
        "id LIMIT ? OFFSET ?",
        where.sql);
    return read_flows(tx.query_with(sql, where.arguments));
}

std::int64_t count_flows(db::Transaction& tx, const FlowQuery& query)
{
    const auto where = where_of(query);
    const auto sql = fmt::format("SELECT count(*) AS n FROM review_flows{}", where.sql);
    return tx.query_with(sql, where.arguments).front().integer("n");
}

ChainId insert_chain(db::Transaction& tx, const Chain& chain)
{
    const auto rows =
        tx.query(insert_chain_sql, chain.name, chain.org, chain.column, to_text(chain.levels));
    return rows.front().id<ChainId>("id");
}

bool update_chain(db::Transaction& tx, Chain& chain)
{
    const auto changed = tx.execute(
        update_chain_sql, chain.name, chain.org, chain.column, to_text(chain.levels), chain.id,
        chain.revision);
    chain.revision += 1;
    return changed == 1;
}

bool remove_chain(db::Transaction& tx, ChainId id) { return tx.execute(delete_chain_sql, id) == 1; }

std::vector<Chain> list_chains(db::Transaction& tx)
{
    std::vector<Chain> chains;
    for (const auto& row : tx.query(select_chains_sql)) {
        chains.push_back({
            .id = row.id<ChainId>("id"),
            .name = row.text("name"),
            .org = row.id<base::OrgId>("org_id"),
            .column = row.id<base::ColumnId>("column_id"),
            .levels = levels_from_text(row.text("levels")),
            .revision = static_cast<int>(row.integer("revision")),
        });
    }
    return chains;
}

} // namespace review::store
