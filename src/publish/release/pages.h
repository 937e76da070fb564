#pragma once

// What the public may see, for the portal, the feeds and the search index. Nothing here shows
// anything that is not live.

#include "base/result.h"
#include "publish/release/publication.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace db {
class Transaction;
}

namespace release {

/// A line of a list.
struct Listed {
    PublicationId id;
    base::ItemId item;
    base::SiteId site;
    base::ColumnId column;
    library::ItemKind kind = library::ItemKind::Article;
    std::string title;
    std::string summary;
    std::string url;
    base::Instant published_at;
    bool pinned = false;
    int position = 0;          // Among the pinned.
    std::int64_t sort_key = 0; // Of equals by both the higher stands first.
    std::string cover_hash;
    std::string cover_alt;
    std::string document_number; // Policy.
    library::Validity validity = library::Validity::Valid;
    std::string interpretation_form; // "chart"
    std::string post;                // Leader.
    int rank = 0;
};

/// Pinned first, then newest first; leaders by rank. `columns` as they are, sub-columns not added.
std::vector<Listed> list_live(
    db::Transaction&, const std::vector<base::ColumnId>& columns, int offset, int limit);
std::int64_t count_live(db::Transaction&, const std::vector<base::ColumnId>& columns);
/// Newest release in those columns; nothing when blank.
std::optional<base::Instant> find_last_release(
    db::Transaction&, const std::vector<base::ColumnId>& columns);
/// Everything of a site, newest first: sitemap.xml, feeds.
std::vector<Listed> list_live_of_site(db::Transaction&, base::SiteId, int offset, int limit);

/// One page: the publication and what it says.
struct Shown {
    Publication publication;
    library::Item item;
    library::Version version;
};

struct MovedTo {
    std::string url;
};
struct Gone {
    std::string title;
};
/// nullopt: this address never was.
using Found = std::variant<Shown, MovedTo, Gone>;
std::optional<Found> find_by_url(db::Transaction&, base::SiteId, std::string_view url);
std::optional<Shown> find_live(db::Transaction&, PublicationId);

/// By what their live versions say: the live publications on this site of the interpretations of a
/// policy, and of the policies that an interpretation explains; elsewhere on the platform when not
/// on this site (then with the other site's id).
std::vector<Listed> list_interpretations(db::Transaction&, base::SiteId, base::ItemId policy);
std::vector<Listed> list_policies(db::Transaction&, base::SiteId, base::ItemId interpretation);

/// Is a file part of something live? Only then may the public have it. Gives its name and type.
std::optional<library::Attachment> find_public_file(db::Transaction&, std::string_view hash);

/// All publications of an item, every state, for the console.
std::vector<Publication> list_publications_of(db::Transaction&, base::ItemId);
base::Result<Publication> load_publication(db::Transaction&, PublicationId);
std::int64_t count_publications_in(db::Transaction&, base::ColumnId);
std::int64_t count_all_live(db::Transaction&);

} // namespace release
