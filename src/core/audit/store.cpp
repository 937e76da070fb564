#include "core/audit/store.h"

#include "base/assert.h"
#include "db/database.h"

#include <algorithm>

namespace audit {
namespace {

constexpr auto take_number = R"sql(
    UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, hash
)sql";

constexpr auto insert_one = R"sql(
    INSERT INTO audit_records
        (sequence, at, user_id, org_id, user_name, address, request_id, action, subject_kind,
         subject, summary, before_json, after_json, refused, previous_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";

constexpr auto update_head = "UPDATE audit_head SET hash = ? WHERE id = 1";

constexpr auto select_head = "SELECT sequence, hash FROM audit_head WHERE id = 1";

constexpr auto select_after = R"sql(
    SELECT * FROM audit_records WHERE sequence > ? ORDER BY sequence LIMIT ?
)sql";

constexpr auto select_successor = R"sql(
    SELECT sequence FROM audit_records WHERE previous_hash = ? ORDER BY sequence LIMIT 1
)sql";

Record read_record(const db::Row& row)
{
    Record record;
    record.sequence = row.integer("sequence");
    record.at = row.instant("at");
    record.user = row.id<base::UserId>("user_id");
    record.org = row.id<base::OrgId>("org_id");
    record.user_name = row.text("user_name");
    record.address = row.text("address");
    record.request_id = row.text("request_id");
    record.action = row.text("action");
    record.subject_kind = row.text("subject_kind");
    record.subject = row.integer("subject");
    record.summary = row.text("summary");
    record.before = row.text("before_json");
    record.after = row.text("after_json");
    record.outcome = row.flag("refused") ? Outcome::Refused : Outcome::Done;
    record.previous_hash = row.text("previous_hash");
    record.hash = row.text("hash");
    return record;
}

std::vector<Record> read_records(const db::Rows& rows)
{
    std::vector<Record> records;
    records.reserve(rows.size());
    for (const auto& row : rows)
        records.push_back(read_record(row));
    return records;
}

/// The text as a LIKE pattern's literal part; '!' escapes.
std::string escape_like(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!')
            escaped += '!';
        escaped += c;
    }
    return escaped;
}

struct Condition {
    std::string sql = " WHERE 1 = 1";
    std::vector<db::Value> arguments;

    template <typename T>
    void add(std::string_view clause, const T& argument)
    {
        sql += clause;
        arguments.push_back(db::to_value(argument));
    }
};

/// The list is padded to a power of two, so that few different statements are ever prepared.
void add_orgs(Condition& condition, std::vector<base::OrgId> orgs)
{
    if (orgs.empty())
        orgs.push_back(base::OrgId{-1}); // Nobody's.
    std::size_t size = 1;
    while (size < orgs.size())
        size *= 2;
    orgs.resize(size, orgs.back());
    condition.sql += " AND org_id IN (";
    for (std::size_t i = 0; i < orgs.size(); ++i) {
        condition.sql += i == 0 ? "?" : ", ?";
        condition.arguments.push_back(db::to_value(orgs[i]));
    }
    condition.sql += ")";
}

Condition condition_of(const Filter& filter)
{
    Condition condition;
    if (filter.user)
        condition.add(" AND user_id = ?", *filter.user);
    if (!filter.action_prefix.empty())
        condition.add(" AND action LIKE ? ESCAPE '!'", escape_like(filter.action_prefix) + "%");
    if (!filter.subject_kind.empty())
        condition.add(" AND subject_kind = ?", filter.subject_kind);
    if (filter.subject)
        condition.add(" AND subject = ?", *filter.subject);
    if (filter.from)
        condition.add(" AND at >= ?", *filter.from);
    if (filter.until)
        condition.add(" AND at < ?", *filter.until);
    if (filter.outcome)
        condition.add(" AND refused = ?", *filter.outcome == Outcome::Refused);
    if (!filter.text.empty())
        condition.add(
            " AND (summary || ' ' || user_name) LIKE ? ESCAPE '!'",
            "%" + escape_like(filter.text) + "%");
    if (filter.orgs)
        add_orgs(condition, *filter.orgs);
    return condition;
}

} // namespace

Head take_next_number(db::Transaction& tx)
{
    const auto rows = tx.query(take_number);
    if (rows.size() != 1)
        throw db::Failure(db::Failure::Kind::Corrupt, "审计链的末端记录不存在，停止写入");
    return {rows.front().integer("sequence"), rows.front().text("hash")};
}

void insert_record(db::Transaction& tx, const Record& record)
{
    tx.execute(
        insert_one, record.sequence, record.at, record.user, record.org, record.user_name,
        record.address, record.request_id, record.action, record.subject_kind, record.subject,
        record.summary, record.before, record.after, record.outcome == Outcome::Refused,
        record.previous_hash, record.hash);
}

void save_head_hash(db::Transaction& tx, std::string_view hash)
{
    const auto changed = tx.execute(update_head, hash);
    VERIFY(changed == 1);
}

std::optional<Head> find_head(db::Transaction& tx)
{
    const auto rows = tx.query(select_head);
    if (rows.empty())
        return std::nullopt;
    return Head{rows.front().integer("sequence"), rows.front().text("hash")};
}

std::vector<Record> list_chain_after(db::Transaction& tx, std::int64_t sequence, int limit)
{
    return read_records(tx.query(select_after, sequence, limit));
}

std::optional<std::int64_t> find_successor_of(db::Transaction& tx, std::string_view hash)
{
    const auto rows = tx.query(select_successor, hash);
    return rows.empty() ? std::nullopt : std::optional(rows.front().integer("sequence"));
}

std::vector<Record> list_records_before(
    db::Transaction& tx, const Filter& filter, std::int64_t sequence, int limit)
{
    auto condition = condition_of(filter);
    if (sequence > 0)
        condition.add(" AND sequence < ?", sequence);
    condition.add(" ORDER BY sequence DESC LIMIT ?", limit);
    return read_records(
        tx.query_with("SELECT * FROM audit_records" + condition.sql, condition.arguments));
}

std::vector<Record> list_records(db::Transaction& tx, const Filter& filter, int offset, int limit)
{
    VERIFY(offset >= 0 && limit > 0 && limit <= 200);
    auto condition = condition_of(filter);
    condition.add(" ORDER BY sequence DESC LIMIT ?", limit);
    condition.add(" OFFSET ?", offset);
    return read_records(
        tx.query_with("SELECT * FROM audit_records" + condition.sql, condition.arguments));
}

std::int64_t count_records(db::Transaction& tx, const Filter& filter)
{
    const auto condition = condition_of(filter);
    const auto rows = tx.query_with(
        "SELECT COUNT(*) AS total FROM audit_records" + condition.sql, condition.arguments);
    return rows.front().integer("total");
}

} // namespace audit
