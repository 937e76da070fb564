#include "core/site/store.h"

#include "base/assert.h"
#include "core/site/json.h"
#include "db/database.h"

#include <map>

namespace site {
namespace {

constexpr auto insert_one_site = R"sql(
    INSERT INTO site_sites
        (code, name, english_name, kind, state, supervising_org_id, sponsor_org_id,
         operator_org_id, primary_domain, site_code, icp_number, police_filing_number, badge_id,
         contact_phone, contact_email, contact_address, description, responsible_json, links_json,
         theme, layout_json, revision)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto update_one_site = R"sql(
    UPDATE site_sites
    SET code = ?, name = ?, english_name = ?, kind = ?, state = ?, supervising_org_id = ?,
        sponsor_org_id = ?, operator_org_id = ?, primary_domain = ?, site_code = ?,
        icp_number = ?, police_filing_number = ?, badge_id = ?, contact_phone = ?,
        contact_email = ?, contact_address = ?, description = ?, responsible_json = ?,
        links_json = ?, theme = ?, layout_json = ?, revision = ?
    WHERE id = ?
)sql";

constexpr auto select_site = "SELECT * FROM site_sites WHERE id = ?";
constexpr auto select_site_by_code = "SELECT * FROM site_sites WHERE code = ?";
constexpr auto select_site_by_host = R"sql(
    SELECT * FROM site_sites WHERE id = (SELECT site_id FROM site_hosts WHERE host = ?)
)sql";
constexpr auto select_sites = "SELECT * FROM site_sites ORDER BY id";
constexpr auto select_hosts = "SELECT host FROM site_hosts WHERE site_id = ? ORDER BY position";
constexpr auto select_all_hosts = "SELECT host, site_id FROM site_hosts ORDER BY position";

constexpr auto insert_one_column = R"sql(
    INSERT INTO site_columns
        (site_id, parent_id, id_path, name, slug, path, kind, column_type, description, keywords,
         owner_org_id, update_cycle_days, in_nav, hidden, position, review_levels)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    RETURNING id
)sql";

constexpr auto update_one_column = R"sql(
    UPDATE site_columns
    SET parent_id = ?, id_path = ?, name = ?, slug = ?, path = ?, kind = ?, column_type = ?,
        description = ?, keywords = ?, owner_org_id = ?, update_cycle_days = ?, in_nav = ?,
        hidden = ?, position = ?, review_levels = ?
    WHERE id = ?
)sql";

constexpr auto select_columns =
    "SELECT * FROM site_columns WHERE site_id = ? ORDER BY position, id";
constexpr auto select_children = R"sql(
    SELECT * FROM site_columns WHERE site_id = ? AND parent_id = ? ORDER BY position, id
)sql";
// A path of ids holds digits and slashes only: nothing to escape.
constexpr auto select_subtree = R"sql(
    SELECT * FROM site_columns WHERE site_id = ? AND id_path LIKE ? ORDER BY id_path
)sql";
constexpr auto select_column_by_path = "SELECT * FROM site_columns WHERE site_id = ? AND path = ?";

constexpr auto save_one_moved = R"sql(
    INSERT INTO site_moved_columns (site_id, old_path, column_id) VALUES (?, ?, ?)
    ON CONFLICT (site_id, old_path) DO UPDATE SET column_id = excluded.column_id
)sql";

Site read_site(const db::Row& row)
{
    Site site;
    site.id = row.id<base::SiteId>("id");
    site.code = row.text("code");
    site.name = row.text("name");
    site.english_name = row.text("english_name");
    const auto kind = site_kind_from(row.text("kind"));
    const auto state = site_state_from(row.text("state"));
    VERIFY(kind && state);
    site.kind = *kind;
    site.state = *state;
    site.supervising_org = row.id<base::OrgId>("supervising_org_id");
    site.sponsor_org = row.id<base::OrgId>("sponsor_org_id");
    site.operator_org = row.id<base::OrgId>("operator_org_id");
    site.primary_domain = row.text("primary_domain");
    site.site_code = row.text("site_code");
    site.icp_number = row.text("icp_number");
    site.police_filing_number = row.text("police_filing_number");
    site.badge_id = row.text("badge_id");
    site.contact_phone = row.text("contact_phone");
    site.contact_email = row.text("contact_email");
    site.contact_address = row.text("contact_address");
    site.description = row.text("description");
    site.responsible = responsible_from(row.text("responsible_json"));
    site.links = links_from(row.text("links_json"));
    site.theme = row.text("theme");
    site.layout = row.text("layout_json");
    site.revision = static_cast<int>(row.integer("revision"));
    return site;
}

Column read_column(const db::Row& row)
{
    Column column;
    column.id = row.id<base::ColumnId>("id");
    column.site = row.id<base::SiteId>("site_id");
    column.parent = row.id<base::ColumnId>("parent_id");
    column.id_path = row.text("id_path");
    column.name = row.text("name");
    column.slug = row.text("slug");
    column.path = row.text("path");
    const auto kind = column_kind_from(row.text("kind"));
    VERIFY(kind);
    column.kind = *kind;
    column.column_type = row.text("column_type");
    column.description = row.text("description");
    column.keywords = row.text("keywords");
    column.owner_org = row.id<base::OrgId>("owner_org_id");
    column.update_cycle_days = static_cast<int>(row.integer("update_cycle_days"));
    column.in_nav = row.flag("in_nav");
    column.hidden = row.flag("hidden");
    column.position = static_cast<int>(row.integer("position"));
    column.review_levels = static_cast<int>(row.integer("review_levels"));
    return column;
}

std::vector<Column> read_columns(const db::Rows& rows)
{
    std::vector<Column> columns;
    for (const auto& row : rows)
        columns.push_back(read_column(row));
    return columns;
}

std::optional<Column> read_at_most_one_column(const db::Rows& rows)
{
    VERIFY(rows.size() <= 1);
    return rows.empty() ? std::nullopt : std::optional(read_column(rows.front()));
}

std::optional<Site> read_with_hosts(db::Transaction& tx, const db::Rows& rows)
{
    VERIFY(rows.size() <= 1);
    if (rows.empty())
        return std::nullopt;
    auto site = read_site(rows.front());
    for (const auto& row : tx.query(select_hosts, site.id))
        site.domains.push_back(row.text("host"));
    return site;
}

void save_hosts(db::Transaction& tx, const Site& site)
{
    tx.execute("DELETE FROM site_hosts WHERE site_id = ?", site.id);
    std::int64_t position = 0;
    for (const auto& host : site.domains)
        tx.execute(
            "INSERT INTO site_hosts (host, site_id, position) VALUES (?, ?, ?)", host, site.id,
            position++);
}

} // namespace

base::SiteId insert_site(db::Transaction& tx, const Site& site)
{
    const auto rows = tx.query(
        insert_one_site, site.code, site.name, site.english_name, to_string(site.kind),
        to_string(site.state), site.supervising_org, site.sponsor_org, site.operator_org,
        site.primary_domain, site.site_code, site.icp_number, site.police_filing_number,
        site.badge_id, site.contact_phone, site.contact_email, site.contact_address,
        site.description, to_text(site.responsible), to_text(site.links), site.theme, site.layout,
        site.revision);
    Site made = site;
    made.id = rows.front().id<base::SiteId>("id");
    save_hosts(tx, made);
    return made.id;
}

void save_site(db::Transaction& tx, const Site& site)
{
    const auto changed = tx.execute(
        update_one_site, site.code, site.name, site.english_name, to_string(site.kind),
        to_string(site.state), site.supervising_org, site.sponsor_org, site.operator_org,
        site.primary_domain, site.site_code, site.icp_number, site.police_filing_number,
        site.badge_id, site.contact_phone, site.contact_email, site.contact_address,
        site.description, to_text(site.responsible), to_text(site.links), site.theme, site.layout,
        site.revision, site.id);
    VERIFY(changed == 1);
    save_hosts(tx, site);
}

std::optional<Site> find_site(db::Transaction& tx, base::SiteId id)
{
    return read_with_hosts(tx, tx.query(select_site, id));
}

std::optional<Site> find_site_by_code(db::Transaction& tx, std::string_view code)
{
    return read_with_hosts(tx, tx.query(select_site_by_code, code));
}

std::optional<Site> find_site_by_host(db::Transaction& tx, std::string_view host)
{
    return read_with_hosts(tx, tx.query(select_site_by_host, host));
}

std::vector<Site> list_sites(db::Transaction& tx)
{
    std::map<base::SiteId, std::vector<std::string>> hosts;
    for (const auto& row : tx.query(select_all_hosts))
        hosts[row.id<base::SiteId>("site_id")].push_back(row.text("host"));
    std::vector<Site> sites;
    for (const auto& row : tx.query(select_sites)) {
        sites.push_back(read_site(row));
        sites.back().domains = std::move(hosts[sites.back().id]);
    }
    return sites;
}

std::optional<base::SiteId> find_owner_of_host(db::Transaction& tx, std::string_view host)
{
    const auto rows = tx.query("SELECT site_id FROM site_hosts WHERE host = ?", host);
    return rows.empty() ? std::nullopt : std::optional(rows.front().id<base::SiteId>("site_id"));
}

base::ColumnId insert_column(db::Transaction& tx, const Column& column)
{
    const auto rows = tx.query(
        insert_one_column, column.site, column.parent, column.id_path, column.name, column.slug,
        column.path, to_string(column.kind), column.column_type, column.description,
        column.keywords, column.owner_org, column.update_cycle_days, column.in_nav, column.hidden,
        column.position, column.review_levels);
    return rows.front().id<base::ColumnId>("id");
}

void save_column(db::Transaction& tx, const Column& column)
{
    const auto changed = tx.execute(
        update_one_column, column.parent, column.id_path, column.name, column.slug, column.path,
        to_string(column.kind), column.column_type, column.description, column.keywords,
        column.owner_org, column.update_cycle_days, column.in_nav, column.hidden, column.position,
        column.review_levels, column.id);
    VERIFY(changed == 1);
}

void save_column_position(db::Transaction& tx, base::ColumnId id, int position)
{
    tx.execute("UPDATE site_columns SET position = ? WHERE id = ?", position, id);
}

void delete_column(db::Transaction& tx, base::ColumnId id)
{
    tx.execute("DELETE FROM site_moved_columns WHERE column_id = ?", id);
    tx.execute("DELETE FROM site_columns WHERE id = ?", id);
}

std::optional<Column> find_column(db::Transaction& tx, base::ColumnId id)
{
    return read_at_most_one_column(tx.query("SELECT * FROM site_columns WHERE id = ?", id));
}

std::vector<Column> list_column_subtree(db::Transaction& tx, const Column& column)
{
    auto columns = read_columns(tx.query(select_subtree, column.site, column.id_path + "%"));
    VERIFY(!columns.empty() && columns.front().id == column.id);
    return columns;
}

std::vector<Column> list_children(db::Transaction& tx, base::SiteId site, base::ColumnId parent)
{
    return read_columns(tx.query(select_children, site, parent));
}

std::vector<Column> list_columns(db::Transaction& tx, base::SiteId site)
{
    std::map<base::ColumnId, std::vector<Column>> children; // In order of position.
    for (auto& column : read_columns(tx.query(select_columns, site)))
        children[column.parent].push_back(std::move(column));
    std::vector<Column> tree;
    // Depth first without recursion: the children of the last one taken are put on top.
    std::vector<Column> waiting;
    const auto push = [&](std::vector<Column>& some) {
        std::move(some.rbegin(), some.rend(), std::back_inserter(waiting));
    };
    push(children[base::ColumnId{}]);
    while (!waiting.empty()) {
        tree.push_back(std::move(waiting.back()));
        waiting.pop_back();
        push(children[tree.back().id]);
    }
    return tree;
}

std::optional<Column> find_column_by_path(
    db::Transaction& tx, base::SiteId site, std::string_view path)
{
    return read_at_most_one_column(tx.query(select_column_by_path, site, path));
}

void save_moved_column(
    db::Transaction& tx, base::SiteId site, std::string_view old_path, base::ColumnId column)
{
    tx.execute(save_one_moved, site, old_path, column);
}

void delete_moved_path(db::Transaction& tx, base::SiteId site, std::string_view path)
{
    tx.execute("DELETE FROM site_moved_columns WHERE site_id = ? AND old_path = ?", site, path);
}

std::optional<base::ColumnId> find_moved_column_id(
    db::Transaction& tx, base::SiteId site, std::string_view old_path)
{
    const auto rows = tx.query(
        "SELECT column_id FROM site_moved_columns WHERE site_id = ? AND old_path = ?", site,
        old_path);
    return rows.empty() ? std::nullopt
                        : std::optional(rows.front().id<base::ColumnId>("column_id"));
}

} // namespace site
