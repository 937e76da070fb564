#include "publish/release/store.h"

#include "base/assert.h"
#include "db/database.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace release::store {
namespace {

namespace json = boost::json;

constexpr auto insert_sql = R"sql(
    INSERT INTO release_publications
        (item_id, version_id, site_id, column_id, kind, url, state, publish_at, expire_at, pinned,
         position, sort_key, title, listing, changed_at, withdrawn_reason)
    VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
    RETURNING id
)sql";

constexpr auto update_sql = R"sql(
    UPDATE release_publications
    SET version_id = ?, state = ?, publish_at = ?, expire_at = ?, pinned = ?, position = ?,
        sort_key = ?, title = ?, listing = ?, changed_at = ?, withdrawn_reason = ?
    WHERE id = ?
)sql";

constexpr auto update_standing_sql = R"sql(
    UPDATE release_publications
    SET state = ?, expire_at = ?, pinned = ?, position = ?, changed_at = ?, withdrawn_reason = ?
    WHERE id = ?
)sql";

constexpr auto update_address_sql =
    "UPDATE release_publications SET column_id = ?, url = ?, changed_at = ? WHERE id = ?";
constexpr auto insert_url_sql = R"sql(
    INSERT INTO release_urls (site_id, url, publication_id) VALUES (?, ?, ?)
    ON CONFLICT (site_id, url) DO UPDATE SET publication_id = excluded.publication_id
)sql";

constexpr auto select_sql = "SELECT * FROM release_publications WHERE id = ?";
constexpr auto select_in_column_sql =
    "SELECT * FROM release_publications WHERE item_id = ? AND column_id = ?";
constexpr auto select_by_url_sql = R"sql(
    SELECT p.* FROM release_urls u JOIN release_publications p ON p.id = u.publication_id
    WHERE u.site_id = ? AND u.url = ?
)sql";
constexpr auto select_of_item_sql =
    "SELECT * FROM release_publications WHERE item_id = ? ORDER BY id";
constexpr auto select_to_begin_sql = R"sql(
    SELECT * FROM release_publications WHERE state = 'scheduled' AND publish_at <= ?
    ORDER BY publish_at, id LIMIT ?
)sql";
constexpr auto select_to_end_sql = R"sql(
    SELECT * FROM release_publications
    WHERE expire_at IS NOT NULL AND expire_at <= ? AND state = 'live'
    ORDER BY expire_at, id LIMIT ?
)sql";

constexpr auto select_column_sql = R"sql(
    SELECT * FROM release_publications WHERE column_id = ? AND state = 'live'
    ORDER BY pinned DESC, position DESC, sort_key DESC, id DESC LIMIT ? OFFSET ?
)sql";
constexpr auto count_column_sql =
    "SELECT count(*) AS n FROM release_publications WHERE column_id = ? AND state = 'live'";
constexpr auto count_ever_sql =
    "SELECT count(*) AS n FROM release_publications WHERE column_id = ?";
constexpr auto count_all_live_sql =
    "SELECT count(*) AS n FROM release_publications WHERE state = 'live'";
constexpr auto select_last_sql = R"sql(
    SELECT max(publish_at) AS at FROM release_publications WHERE column_id = ? AND state = 'live'
)sql";
constexpr auto select_site_sql = R"sql(
    SELECT * FROM release_publications WHERE site_id = ? AND state = 'live'
    ORDER BY publish_at DESC, id DESC LIMIT ? OFFSET ?
)sql";
constexpr auto select_live_of_item_sql =
    "SELECT * FROM release_publications WHERE item_id = ? AND state = 'live' ORDER BY id";

constexpr auto delete_files_sql = "DELETE FROM release_files WHERE publication_id = ?";
constexpr auto insert_file_sql = R"sql(
    INSERT INTO release_files (hash, publication_id, name, size, media_type)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
)sql";
constexpr auto select_file_sql = R"sql(
    SELECT f.* FROM release_files f JOIN release_publications p ON p.id = f.publication_id
    WHERE f.hash = ? AND p.state = 'live' LIMIT 1
)sql";

constexpr auto delete_links_sql = "DELETE FROM release_links WHERE publication_id = ?";
constexpr auto insert_link_sql = R"sql(
    INSERT INTO release_links (publication_id, policy_id) VALUES (?, ?) ON CONFLICT DO NOTHING
)sql";
constexpr auto select_links_sql =
    "SELECT policy_id AS id FROM release_links WHERE publication_id = ? ORDER BY 1";
constexpr auto select_live_interpretations_sql = R"sql(
    SELECT p.* FROM release_links l JOIN release_publications p ON p.id = l.publication_id
    WHERE l.policy_id = ? AND p.state = 'live' ORDER BY p.item_id, p.id
)sql";
constexpr auto select_live_policies_sql = R"sql(
    SELECT p.* FROM release_publications p WHERE p.state = 'live' AND p.item_id IN (
        SELECT l.policy_id FROM release_links l
        JOIN release_publications own ON own.id = l.publication_id
        WHERE own.item_id = ? AND own.state = 'live')
    ORDER BY p.item_id, p.id
)sql";

constexpr auto select_order_sql = "SELECT item_id, outcome FROM release_orders WHERE key = ?";
constexpr auto insert_order_sql =
    "INSERT INTO release_orders (key, item_id, user_id, outcome, at) VALUES (?, ?, ?, ?, ?)";

/// Later than every time of release, so that ranked people stand before and in their order.
constexpr std::int64_t rank_base = 9'000'000'000'000'000;

std::int64_t sort_key_of(const Publication& publication, const library::Content& content)
{
    return content.leader.rank > 0 ? rank_base - content.leader.rank
                                   : base::to_millis(publication.publish_at);
}

std::string listing_of(const library::Content& content)
{
    return json::serialize(json::object{
        {"summary", content.summary},
        {"cover_hash", content.cover_hash},
        {"cover_alt", content.cover_alt},
        {"document_number", content.policy.document_number},
        {"validity", library::to_string(content.policy.validity)},
        {"form", content.interpretation.form},
        {"post", content.leader.post},
        {"rank", content.leader.rank},
    });
}

Publication read(const db::Row& row)
{
    const auto state = publication_state_from(row.text("state"));
    VERIFY(state);
    return {
        .id = row.id<PublicationId>("id"),
        .item = row.id<base::ItemId>("item_id"),
        .version = row.id<library::VersionId>("version_id"),
        .site = row.id<base::SiteId>("site_id"),
        .column = row.id<base::ColumnId>("column_id"),
        .url = row.text("url"),
        .state = *state,
        .publish_at = row.instant("publish_at"),
        .expire_at = row.optional_instant("expire_at"),
        .pinned = row.flag("pinned"),
        .position = static_cast<int>(row.integer("position")),
        .changed_at = row.instant("changed_at"),
        .withdrawn_reason = row.text("withdrawn_reason"),
    };
}

std::string text_at(const json::object& object, std::string_view name)
{
    return std::string(object.at(name).as_string());
}

Listed read_listed(const db::Row& row)
{
    const auto kind = library::item_kind_from(row.text("kind"));
    VERIFY(kind);
    const auto listing = json::parse(row.text("listing"));
    const auto& more = listing.as_object();
    return {
        .id = row.id<PublicationId>("id"),
        .item = row.id<base::ItemId>("item_id"),
        .site = row.id<base::SiteId>("site_id"),
        .column = row.id<base::ColumnId>("column_id"),
        .kind = *kind,
        .title = row.text("title"),
        .summary = text_at(more, "summary"),
        .url = row.text("url"),
        .published_at = row.instant("publish_at"),
        .pinned = row.flag("pinned"),
        .position = static_cast<int>(row.integer("position")),
        .sort_key = row.integer("sort_key"),
        .cover_hash = text_at(more, "cover_hash"),
        .cover_alt = text_at(more, "cover_alt"),
        .document_number = text_at(more, "document_number"),
        .validity =
            library::validity_from(text_at(more, "validity")).value_or(library::Validity::Valid),
        .interpretation_form = text_at(more, "form"),
        .post = text_at(more, "post"),
        .rank = static_cast<int>(more.at("rank").as_int64()),
    };
}

std::vector<Publication> read_all(const db::Rows& rows)
{
    std::vector<Publication> publications;
    for (const auto& row : rows)
        publications.push_back(read(row));
    return publications;
}

std::vector<Listed> read_all_listed(const db::Rows& rows)
{
    std::vector<Listed> listed;
    for (const auto& row : rows)
        listed.push_back(read_listed(row));
    return listed;
}

std::optional<Publication> read_one(const db::Rows& rows)
{
    return rows.empty() ? std::nullopt : std::optional(read(rows.front()));
}

/// "/zwgk/zcwj/" + "2026/1122/" + "240.html": the day is that of the first release.
std::string address_of(const Publication& publication, std::string_view column_path)
{
    const auto day = base::china_date(publication.publish_at);
    return fmt::format(
        "{}{:04}/{:02}{:02}/{}.html", column_path, static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), publication.id.value);
}

} // namespace

Publication insert(
    db::Transaction& tx, Publication publication, const library::Item& item,
    const library::Content& content, std::string_view column_path)
{
    const auto rows = tx.query(
        insert_sql, publication.item, publication.version, publication.site, publication.column,
        library::to_string(item.kind), to_string(publication.state), publication.publish_at,
        publication.expire_at, publication.pinned, publication.position,
        sort_key_of(publication, content), content.title, listing_of(content),
        publication.changed_at);
    publication.id = rows.front().id<PublicationId>("id");
    change_address(tx, publication, column_path);
    return publication;
}

void update(
    db::Transaction& tx, const Publication& publication, const library::Item&,
    const library::Content& content)
{
    tx.execute(
        update_sql, publication.version, to_string(publication.state), publication.publish_at,
        publication.expire_at, publication.pinned, publication.position,
        sort_key_of(publication, content), content.title, listing_of(content),
        publication.changed_at, publication.withdrawn_reason, publication.id);
}

void update_standing(db::Transaction& tx, const Publication& publication)
{
    tx.execute(
        update_standing_sql, to_string(publication.state), publication.expire_at,
        publication.pinned, publication.position, publication.changed_at,
        publication.withdrawn_reason, publication.id);
}

void change_address(db::Transaction& tx, Publication& publication, std::string_view column_path)
{
    publication.url = address_of(publication, column_path);
    tx.execute(
        update_address_sql, publication.column, publication.url, publication.changed_at,
        publication.id);
    tx.execute(insert_url_sql, publication.site, publication.url, publication.id);
}

std::optional<Publication> find(db::Transaction& tx, PublicationId id)
{
    return read_one(tx.query(select_sql, id));
}

std::optional<Publication> find_in_column(
    db::Transaction& tx, base::ItemId item, base::ColumnId column)
{
    return read_one(tx.query(select_in_column_sql, item, column));
}

std::optional<Publication> find_by_url(db::Transaction& tx, base::SiteId site, std::string_view url)
{
    return read_one(tx.query(select_by_url_sql, site, url));
}

std::vector<Publication> list_of_item(db::Transaction& tx, base::ItemId item)
{
    return read_all(tx.query(select_of_item_sql, item));
}

std::vector<Publication> list_to_begin(db::Transaction& tx, base::Instant now, int limit)
{
    return read_all(tx.query(select_to_begin_sql, now, limit));
}

std::vector<Publication> list_to_end(db::Transaction& tx, base::Instant now, int limit)
{
    return read_all(tx.query(select_to_end_sql, now, limit));
}

std::vector<Listed> list_column(db::Transaction& tx, base::ColumnId column, int limit)
{
    return list_column_page(tx, column, 0, limit);
}

std::vector<Listed> list_column_page(
    db::Transaction& tx, base::ColumnId column, int offset, int limit)
{
    return read_all_listed(tx.query(select_column_sql, column, limit, offset));
}

std::int64_t count_column(db::Transaction& tx, base::ColumnId column)
{
    return tx.query(count_column_sql, column).front().integer("n");
}

std::int64_t count_ever_in(db::Transaction& tx, base::ColumnId column)
{
    return tx.query(count_ever_sql, column).front().integer("n");
}

std::int64_t count_all_live(db::Transaction& tx)
{
    return tx.query(count_all_live_sql).front().integer("n");
}

std::optional<base::Instant> find_last_release(db::Transaction& tx, base::ColumnId column)
{
    return tx.query(select_last_sql, column).front().optional_instant("at");
}

std::vector<Listed> list_site(db::Transaction& tx, base::SiteId site, int offset, int limit)
{
    return read_all_listed(tx.query(select_site_sql, site, limit, offset));
}

std::vector<Listed> list_live_of_item(db::Transaction& tx, base::ItemId item)
{
    return read_all_listed(tx.query(select_live_of_item_sql, item));
}

void replace_links(
    db::Transaction& tx, PublicationId publication, const std::vector<base::ItemId>& policies)
{
    tx.execute(delete_links_sql, publication);
    for (const auto policy : policies)
        tx.execute(insert_link_sql, publication, policy);
}

std::vector<base::ItemId> list_links(db::Transaction& tx, PublicationId publication)
{
    std::vector<base::ItemId> policies;
    for (const auto& row : tx.query(select_links_sql, publication))
        policies.push_back(row.id<base::ItemId>("id"));
    return policies;
}

std::vector<Listed> list_live_interpretations(db::Transaction& tx, base::ItemId policy)
{
    return read_all_listed(tx.query(select_live_interpretations_sql, policy));
}

std::vector<Listed> list_live_policies(db::Transaction& tx, base::ItemId interpretation)
{
    return read_all_listed(tx.query(select_live_policies_sql, interpretation));
}

void replace_files(
    db::Transaction& tx, PublicationId publication, const std::vector<library::Attachment>& files)
{
    tx.execute(delete_files_sql, publication);
    for (const auto& file : files)
        tx.execute(insert_file_sql, file.hash, publication, file.name, file.size, file.media_type);
}

std::optional<library::Attachment> find_public_file(db::Transaction& tx, std::string_view hash)
{
    const auto rows = tx.query(select_file_sql, hash);
    if (rows.empty())
        return std::nullopt;
    const auto& row = rows.front();
    return library::Attachment{
        .hash = row.text("hash"),
        .name = row.text("name"),
        .size = static_cast<std::uint64_t>(row.integer("size")),
        .media_type = row.text("media_type"),
    };
}

std::optional<DoneOrder> find_order(db::Transaction& tx, std::string_view key)
{
    const auto rows = tx.query(select_order_sql, key);
    if (rows.empty())
        return std::nullopt;
    return DoneOrder{rows.front().id<base::ItemId>("item_id"), rows.front().text("outcome")};
}

void insert_order(
    db::Transaction& tx, std::string_view key, base::ItemId item, base::UserId user,
    std::string_view outcome, base::Instant now)
{
    tx.execute(insert_order_sql, key, item, user, outcome, now);
}

} // namespace release::store
