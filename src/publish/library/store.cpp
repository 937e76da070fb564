#include "publish/library/store.h"

#include "base/assert.h"
#include "db/database.h"
#include "publish/library/content_json.h"

#include <fmt/format.h>

namespace library::store {
namespace {

constexpr auto insert_item_sql = R"sql(
    INSERT INTO library_items
        (kind, state, org_id, author_id, author_name, title, newest_version_id, newest_number,
         approved_version_id, shared, origin_id, created_at, updated_at, revision)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto update_item_sql = R"sql(
    UPDATE library_items
    SET state = ?, title = ?, newest_version_id = ?, newest_number = ?, approved_version_id = ?,
        shared = ?, updated_at = ?, revision = revision + 1
    WHERE id = ? AND revision = ?
)sql";

constexpr auto select_item_sql = "SELECT * FROM library_items WHERE id = ?";

constexpr auto update_origin_sql = "UPDATE library_items SET origin_id = ? WHERE id = ?";

constexpr auto insert_version_sql = R"sql(
    INSERT INTO library_versions
        (item_id, number, title, content, digest, saved_by, saved_by_name, saved_at, autosaved, note)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto select_version_sql = "SELECT * FROM library_versions WHERE id = ?";
constexpr auto select_version_number_sql =
    "SELECT * FROM library_versions WHERE item_id = ? AND number = ?";
constexpr auto delete_version_sql = "DELETE FROM library_versions WHERE id = ?";
constexpr auto keep_version_sql = "UPDATE library_versions SET autosaved = 0 WHERE id = ?";
constexpr auto select_version_heads_sql = R"sql(
    SELECT id, number, title, digest, saved_by_name, saved_at, autosaved, note
    FROM library_versions WHERE item_id = ? ORDER BY number DESC
)sql";

constexpr auto select_targets_sql = R"sql(
    SELECT site_id, column_id FROM library_targets WHERE item_id = ? ORDER BY column_id
)sql";
constexpr auto delete_targets_sql = "DELETE FROM library_targets WHERE item_id = ?";
constexpr auto insert_target_sql = R"sql(
    INSERT INTO library_targets (item_id, site_id, column_id) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING
)sql";
constexpr auto delete_links_sql = "DELETE FROM library_links WHERE interpretation_id = ?";
constexpr auto insert_link_sql = R"sql(
    INSERT INTO library_links (interpretation_id, policy_id) VALUES (?, ?) ON CONFLICT DO NOTHING
)sql";
constexpr auto select_interpretations_sql = R"sql(
    SELECT interpretation_id AS id FROM library_links WHERE policy_id = ? ORDER BY 1
)sql";
constexpr auto select_policies_sql = R"sql(
    SELECT policy_id AS id FROM library_links WHERE interpretation_id = ? ORDER BY 1
)sql";

constexpr auto insert_file_sql = R"sql(
    INSERT INTO library_files
        (hash, name, size, media_type, width, height, uploaded_by, uploaded_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING
)sql";
constexpr auto select_file_sql = "SELECT * FROM library_files WHERE hash = ?";

constexpr auto insert_submission_sql = R"sql(
    INSERT INTO library_submissions
        (item_id, title, from_org, to_org, state, note, answer, accepted_as, submitted_by,
         submitted_by_name, submitted_at, answered_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";
constexpr auto update_submission_sql = R"sql(
    UPDATE library_submissions SET state = ?, answer = ?, accepted_as = ?, answered_at = ?
    WHERE id = ?
)sql";
constexpr auto select_submission_sql = "SELECT * FROM library_submissions WHERE id = ?";
constexpr auto select_open_receivers_sql =
    "SELECT to_org AS id FROM library_submissions WHERE item_id = ? AND state = 'pending'";
constexpr auto select_open_submission_sql = R"sql(
    SELECT id FROM library_submissions WHERE item_id = ? AND to_org = ? AND state = 'pending'
)sql";

Item read_item(const db::Row& row)
{
    const auto kind = item_kind_from(row.text("kind"));
    const auto state = item_state_from(row.text("state"));
    VERIFY(kind && state);
    return {
        .id = row.id<base::ItemId>("id"),
        .kind = *kind,
        .state = *state,
        .org = row.id<base::OrgId>("org_id"),
        .author = row.id<base::UserId>("author_id"),
        .author_name = row.text("author_name"),
        .title = row.text("title"),
        .newest = row.id<VersionId>("newest_version_id"),
        .newest_number = static_cast<int>(row.integer("newest_number")),
        .approved = row.id<VersionId>("approved_version_id"),
        .shared = row.flag("shared"),
        .origin = row.id<base::ItemId>("origin_id"),
        .created_at = row.instant("created_at"),
        .updated_at = row.instant("updated_at"),
        .revision = static_cast<int>(row.integer("revision")),
    };
}

Version read_version(const db::Row& row)
{
    return {
        .id = row.id<VersionId>("id"),
        .item = row.id<base::ItemId>("item_id"),
        .number = static_cast<int>(row.integer("number")),
        .content = content_from_stored_text(row.text("content")),
        .digest = row.text("digest"),
        .saved_by = row.id<base::UserId>("saved_by"),
        .saved_by_name = row.text("saved_by_name"),
        .saved_at = row.instant("saved_at"),
        .autosaved = row.flag("autosaved"),
        .note = row.text("note"),
    };
}

std::optional<Version> read_one_version(const db::Rows& rows)
{
    return rows.empty() ? std::nullopt : std::optional(read_version(rows.front()));
}

Submission read_submission(const db::Row& row)
{
    const auto state = submission_state_from(row.text("state"));
    VERIFY(state);
    return {
        .id = row.id<SubmissionId>("id"),
        .item = row.id<base::ItemId>("item_id"),
        .title = row.text("title"),
        .from_org = row.id<base::OrgId>("from_org"),
        .to_org = row.id<base::OrgId>("to_org"),
        .state = *state,
        .note = row.text("note"),
        .answer = row.text("answer"),
        .accepted_as = row.id<base::ItemId>("accepted_as"),
        .submitted_by_name = row.text("submitted_by_name"),
        .submitted_at = row.instant("submitted_at"),
        .answered_at = row.optional_instant("answered_at"),
    };
}

std::vector<base::ItemId> read_ids(const db::Rows& rows)
{
    std::vector<base::ItemId> ids;
    for (const auto& row : rows)
        ids.push_back(row.id<base::ItemId>("id"));
    return ids;
}

/// A WHERE clause under construction: conditions with their arguments, in step.
class Conditions {
public:
    template <typename... Arguments>
    void add(std::string_view condition, const Arguments&... arguments)
    {
        sql_ += sql_.empty() ? " WHERE " : " AND ";
        sql_ += condition;
        (arguments_.push_back(db::to_value(arguments)), ...);
    }

    /// `column IN (?, ?, …)`: values go in as parameters, only their number shapes the text.
    static std::string in_list(std::string_view column, std::size_t count)
    {
        std::string sql = fmt::format("{} IN (", column);
        for (std::size_t i = 0; i < count; ++i)
            sql += i == 0 ? "?" : ", ?";
        return sql + ")";
    }

    void add_in(std::string_view column, const std::vector<db::Value>& values)
    {
        add_with(in_list(column, values.size()), values);
    }
    void add_with(std::string_view condition, const std::vector<db::Value>& values)
    {
        sql_ += sql_.empty() ? " WHERE " : " AND ";
        sql_ += condition;
        arguments_.insert(arguments_.end(), values.begin(), values.end());
    }

    const std::string& sql() const { return sql_; }
    std::vector<db::Value> with(std::initializer_list<std::int64_t> more) const
    {
        auto all = arguments_;
        for (const auto value : more)
            all.emplace_back(value);
        return all;
    }

private:
    std::string sql_;
    std::vector<db::Value> arguments_;
};

/// Text for LIKE … ESCAPE '\'.
std::string like_pattern(std::string_view text)
{
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

template <typename Ids>
std::vector<db::Value> values_of(const Ids& ids)
{
    std::vector<db::Value> values;
    for (const auto& id : ids)
        values.push_back(db::to_value(id));
    return values;
}

/// Owned by one of the organisations, shared, or meant for a site or column of the asker.
void add_ownership(Conditions& where, const ItemFilter& filter)
{
    if (filter.all_orgs)
        return;
    std::string any;
    std::vector<db::Value> arguments;
    const auto add = [&](std::string condition, const std::vector<db::Value>& values) {
        any += any.empty() ? "(" : " OR ";
        any += condition;
        arguments.insert(arguments.end(), values.begin(), values.end());
    };
    if (!filter.orgs.empty())
        add(Conditions::in_list("org_id", filter.orgs.size()), values_of(filter.orgs));
    if (filter.with_shared)
        add("shared = 1", {});
    if (!filter.reader_sites.empty())
        add("id IN (SELECT item_id FROM library_targets WHERE "
                + Conditions::in_list("site_id", filter.reader_sites.size()) + ")",
            values_of(filter.reader_sites));
    if (!filter.reader_columns.empty())
        add("id IN (SELECT item_id FROM library_targets WHERE "
                + Conditions::in_list("column_id", filter.reader_columns.size()) + ")",
            values_of(filter.reader_columns));
    where.add_with(any.empty() ? "1 = 0" : any + ")", arguments);
}

Conditions conditions_of(const ItemFilter& filter)
{
    Conditions where;
    add_ownership(where, filter);
    if (!filter.states.empty()) {
        std::vector<db::Value> states;
        for (const auto state : filter.states)
            states.push_back(db::to_value(to_string(state)));
        where.add_in("state", states);
    }
    if (!filter.kinds.empty()) {
        std::vector<db::Value> kinds;
        for (const auto kind : filter.kinds)
            kinds.push_back(db::to_value(to_string(kind)));
        where.add_in("kind", kinds);
    }
    if (!filter.text.empty())
        where.add("title LIKE ? ESCAPE '\\'", like_pattern(filter.text));
    if (!filter.owners.empty())
        where.add_in("org_id", values_of(filter.owners));
    if (filter.author)
        where.add("author_id = ?", *filter.author);
    if (filter.target_column)
        where.add(
            "id IN (SELECT item_id FROM library_targets WHERE column_id = ?)",
            *filter.target_column);
    if (filter.target_site)
        where.add(
            "id IN (SELECT item_id FROM library_targets WHERE site_id = ?)", *filter.target_site);
    if (filter.updated_from)
        where.add("updated_at >= ?", *filter.updated_from);
    if (filter.updated_until)
        where.add("updated_at < ?", *filter.updated_until);
    return where;
}

std::string_view order_of(ItemOrder order)
{
    switch (order) {
    case ItemOrder::UpdatedNewest: return " ORDER BY updated_at DESC, id DESC";
    case ItemOrder::UpdatedOldest: return " ORDER BY updated_at, id";
    case ItemOrder::CreatedNewest: return " ORDER BY created_at DESC, id DESC";
    case ItemOrder::Title: return " ORDER BY title, id";
    }
    base::verification_failed("a named ItemOrder", __FILE__, __LINE__);
}

Conditions conditions_of(const SubmissionFilter& filter)
{
    Conditions where;
    if (filter.from_orgs.empty() && filter.to_orgs.empty() && !filter.everywhere)
        where.add("1 = 0");
    if (!filter.from_orgs.empty())
        where.add_in("from_org", values_of(filter.from_orgs));
    if (!filter.to_orgs.empty())
        where.add_in("to_org", values_of(filter.to_orgs));
    if (filter.state)
        where.add("state = ?", to_string(*filter.state));
    return where;
}

} // namespace

base::ItemId insert_item(db::Transaction& tx, const Item& item)
{
    const auto rows = tx.query(
        insert_item_sql, to_string(item.kind), to_string(item.state), item.org, item.author,
        item.author_name, item.title, item.newest, item.newest_number, item.approved, item.shared,
        item.origin, item.created_at, item.updated_at, item.revision);
    return rows.front().id<base::ItemId>("id");
}

bool update_item(db::Transaction& tx, Item& item)
{
    const auto changed = tx.execute(
        update_item_sql, to_string(item.state), item.title, item.newest, item.newest_number,
        item.approved, item.shared, item.updated_at, item.id, item.revision);
    item.revision += 1;
    return changed == 1;
}

std::optional<Item> find_item(db::Transaction& tx, base::ItemId id)
{
    const auto rows = tx.query(select_item_sql, id);
    return rows.empty() ? std::nullopt : std::optional(read_item(rows.front()));
}

void set_origin(db::Transaction& tx, base::ItemId item, base::ItemId origin)
{
    tx.execute(update_origin_sql, origin, item);
}

VersionId insert_version(db::Transaction& tx, const Version& version)
{
    const auto rows = tx.query(
        insert_version_sql, version.item, version.number, version.content.title,
        to_stored_text(version.content), version.digest, version.saved_by, version.saved_by_name,
        version.saved_at, version.autosaved, version.note);
    return rows.front().id<VersionId>("id");
}

std::optional<Version> find_version(db::Transaction& tx, VersionId id)
{
    return read_one_version(tx.query(select_version_sql, id));
}

std::optional<Version> find_version_number(db::Transaction& tx, base::ItemId item, int number)
{
    return read_one_version(tx.query(select_version_number_sql, item, number));
}

void remove_version(db::Transaction& tx, VersionId id) { tx.execute(delete_version_sql, id); }

void keep_version(db::Transaction& tx, VersionId id) { tx.execute(keep_version_sql, id); }

std::vector<VersionHead> list_versions(db::Transaction& tx, base::ItemId item)
{
    std::vector<VersionHead> heads;
    for (const auto& row : tx.query(select_version_heads_sql, item)) {
        heads.push_back({
            .id = row.id<VersionId>("id"),
            .number = static_cast<int>(row.integer("number")),
            .title = row.text("title"),
            .digest = row.text("digest"),
            .saved_by_name = row.text("saved_by_name"),
            .saved_at = row.instant("saved_at"),
            .autosaved = row.flag("autosaved"),
            .note = row.text("note"),
        });
    }
    return heads;
}

std::vector<Target> list_targets(db::Transaction& tx, base::ItemId item)
{
    std::vector<Target> targets;
    for (const auto& row : tx.query(select_targets_sql, item))
        targets.push_back({row.id<base::SiteId>("site_id"), row.id<base::ColumnId>("column_id")});
    return targets;
}

void replace_targets(db::Transaction& tx, base::ItemId item, const std::vector<Target>& targets)
{
    tx.execute(delete_targets_sql, item);
    for (const auto& target : targets)
        tx.execute(insert_target_sql, item, target.site, target.column);
}

void replace_links(
    db::Transaction& tx, base::ItemId interpretation, const std::vector<base::ItemId>& policies)
{
    tx.execute(delete_links_sql, interpretation);
    for (const auto policy : policies)
        tx.execute(insert_link_sql, interpretation, policy);
}

std::vector<base::ItemId> list_interpretations_of(db::Transaction& tx, base::ItemId policy)
{
    return read_ids(tx.query(select_interpretations_sql, policy));
}

std::vector<base::ItemId> list_policies_of(db::Transaction& tx, base::ItemId interpretation)
{
    return read_ids(tx.query(select_policies_sql, interpretation));
}

std::vector<Item> list_items(db::Transaction& tx, const ItemFilter& filter, int offset, int limit)
{
    const auto where = conditions_of(filter);
    const auto sql = fmt::format(
        "SELECT * FROM library_items{}{} LIMIT ? OFFSET ?", where.sql(), order_of(filter.order));
    std::vector<Item> items;
    for (const auto& row : tx.query_with(sql, where.with({limit, offset})))
        items.push_back(read_item(row));
    return items;
}

std::int64_t count_items(db::Transaction& tx, const ItemFilter& filter)
{
    const auto where = conditions_of(filter);
    const auto sql = fmt::format("SELECT count(*) AS n FROM library_items{}", where.sql());
    return tx.query_with(sql, where.with({})).front().integer("n");
}

void insert_file(db::Transaction& tx, const StoredFile& file, base::UserId by, base::Instant now)
{
    tx.execute(
        insert_file_sql, file.hash, file.name, file.size, file.media_type, file.width, file.height,
        by, now);
}

std::optional<StoredFile> find_file(db::Transaction& tx, std::string_view hash)
{
    const auto rows = tx.query(select_file_sql, hash);
    if (rows.empty())
        return std::nullopt;
    const auto& row = rows.front();
    return StoredFile{
        .hash = row.text("hash"),
        .name = row.text("name"),
        .size = static_cast<std::uint64_t>(row.integer("size")),
        .media_type = row.text("media_type"),
        .width = static_cast<int>(row.integer("width")),
        .height = static_cast<int>(row.integer("height")),
    };
}

SubmissionId insert_submission(db::Transaction& tx, const Submission& submission, base::UserId by)
{
    const auto rows = tx.query(
        insert_submission_sql, submission.item, submission.title, submission.from_org,
        submission.to_org, to_string(submission.state), submission.note, submission.answer,
        submission.accepted_as, by, submission.submitted_by_name, submission.submitted_at,
        submission.answered_at);
    return rows.front().id<SubmissionId>("id");
}

void update_submission(db::Transaction& tx, const Submission& submission)
{
    tx.execute(
        update_submission_sql, to_string(submission.state), submission.answer,
        submission.accepted_as, submission.answered_at, submission.id);
}

std::optional<Submission> find_submission(db::Transaction& tx, SubmissionId id)
{
    const auto rows = tx.query(select_submission_sql, id);
    return rows.empty() ? std::nullopt : std::optional(read_submission(rows.front()));
}

bool has_open_submission(db::Transaction& tx, base::ItemId item, base::OrgId to)
{
    return !tx.query(select_open_submission_sql, item, to).empty();
}

std::vector<base::OrgId> list_open_receivers(db::Transaction& tx, base::ItemId item)
{
    std::vector<base::OrgId> receivers;
    for (const auto& row : tx.query(select_open_receivers_sql, item))
        receivers.push_back(row.id<base::OrgId>("id"));
    return receivers;
}

std::vector<Submission> list_submissions(
    db::Transaction& tx, const SubmissionFilter& filter, int offset, int limit)
{
    const auto where = conditions_of(filter);
    const auto sql = fmt::format(
        "SELECT * FROM library_submissions{} ORDER BY submitted_at DESC, id DESC LIMIT ? OFFSET ?",
        where.sql());
    std::vector<Submission> submissions;
    for (const auto& row : tx.query_with(sql, where.with({limit, offset})))
        submissions.push_back(read_submission(row));
    return submissions;
}

std::int64_t count_submissions(db::Transaction& tx, const SubmissionFilter& filter)
{
    const auto where = conditions_of(filter);
    const auto sql = fmt::format("SELECT count(*) AS n FROM library_submissions{}", where.sql());
    return tx.query_with(sql, where.with({})).front().integer("n");
}

} // namespace library::store
