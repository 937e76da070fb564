#include "core/org/store.h"

#include "base/assert.h"
#include "db/database.h"

namespace org {
namespace {

constexpr auto insert_one = R"sql(
    INSERT INTO org_orgs
        (parent_id, path, name, short_name, kind, level, region_code, credit_code, issuer_abbr,
         supervising_org_id, phone, address, duties, position, valid_until, successor_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto update_one = R"sql(
    UPDATE org_orgs
    SET parent_id = ?, path = ?, name = ?, short_name = ?, kind = ?, level = ?, region_code = ?,
        credit_code = ?, issuer_abbr = ?, supervising_org_id = ?, phone = ?, address = ?,
        duties = ?, position = ?, valid_until = ?, successor_id = ?
    WHERE id = ?
)sql";

constexpr auto select_one = "SELECT * FROM org_orgs WHERE id = ?";
constexpr auto select_all = "SELECT * FROM org_orgs ORDER BY position, id";

// Paths hold digits and slashes only: nothing to escape.
constexpr auto select_under = "SELECT id FROM org_orgs WHERE path LIKE ? ORDER BY id";

constexpr auto update_paths = R"sql(
    UPDATE org_orgs SET path = CAST(? AS TEXT) || substr(path, CAST(? AS INTEGER))
    WHERE path LIKE ?
)sql";

Org read_org(const db::Row& row)
{
    Org org;
    org.id = row.id<base::OrgId>("id");
    org.parent = row.id<base::OrgId>("parent_id");
    org.path = row.text("path");
    org.name = row.text("name");
    org.short_name = row.text("short_name");
    const auto kind = org_kind_from(row.text("kind"));
    const auto level = org_level_from(row.text("level"));
    VERIFY(kind && level);
    org.kind = *kind;
    org.level = *level;
    org.region_code = row.text("region_code");
    org.credit_code = row.text("credit_code");
    org.issuer_abbr = row.text("issuer_abbr");
    org.supervising_org = row.id<base::OrgId>("supervising_org_id");
    org.phone = row.text("phone");
    org.address = row.text("address");
    org.duties = row.text("duties");
    org.position = static_cast<int>(row.integer("position"));
    org.valid_until = row.optional_instant("valid_until");
    org.successor = row.id<base::OrgId>("successor_id");
    return org;
}

} // namespace

base::OrgId insert_org(db::Transaction& tx, const Org& org)
{
    const auto rows = tx.query(
        insert_one, org.parent, org.path, org.name, org.short_name, to_string(org.kind),
        to_string(org.level), org.region_code, org.credit_code, org.issuer_abbr,
        org.supervising_org, org.phone, org.address, org.duties, org.position, org.valid_until,
        org.successor);
    VERIFY(rows.size() == 1);
    return rows.front().id<base::OrgId>("id");
}

void save_org(db::Transaction& tx, const Org& org)
{
    const auto changed = tx.execute(
        update_one, org.parent, org.path, org.name, org.short_name, to_string(org.kind),
        to_string(org.level), org.region_code, org.credit_code, org.issuer_abbr,
        org.supervising_org, org.phone, org.address, org.duties, org.position, org.valid_until,
        org.successor, org.id);
    VERIFY(changed == 1);
}

std::optional<Org> find_org(db::Transaction& tx, base::OrgId id)
{
    const auto rows = tx.query(select_one, id);
    return rows.empty() ? std::nullopt : std::optional(read_org(rows.front()));
}

std::vector<Org> list_all(db::Transaction& tx)
{
    std::vector<Org> orgs;
    for (const auto& row : tx.query(select_all))
        orgs.push_back(read_org(row));
    return orgs;
}

std::vector<base::OrgId> list_ids_under(db::Transaction& tx, std::string_view path)
{
    std::vector<base::OrgId> ids;
    for (const auto& row : tx.query(select_under, std::string(path) + "%"))
        ids.push_back(row.id<base::OrgId>("id"));
    return ids;
}

void move_subtree(db::Transaction& tx, std::string_view old_path, std::string_view new_path)
{
    const auto rest_begins = static_cast<std::int64_t>(old_path.size()) + 1;
    tx.execute(update_paths, new_path, rest_begins, std::string(old_path) + "%");
}

} // namespace org
