#include "publish/release/pages.h"

#include "publish/library/query.h"
#include "publish/release/refusals.h"
#include "publish/release/store.h"

#include <algorithm>

namespace release {
namespace {

bool stands_before(const Listed& a, const Listed& b)
{
    if (a.pinned != b.pinned)
        return a.pinned;
    if (a.position != b.position)
        return a.position > b.position;
    if (a.sort_key != b.sort_key)
        return a.sort_key > b.sort_key;
    return a.id > b.id;
}

/// Of each item the publication on this site if there is one, else the first elsewhere. `by_item`
/// has those of one item side by side.
std::vector<Listed> nearest(base::SiteId site, std::vector<Listed> by_item)
{
    std::vector<Listed> found;
    for (auto& listed : by_item) {
        if (found.empty() || found.back().item != listed.item)
            found.push_back(std::move(listed));
        else if (found.back().site != site && listed.site == site)
            found.back() = std::move(listed);
    }
    return found;
}

base::Result<Shown> load_shown(db::Transaction& tx, const Publication& publication)
{
    auto item = TRY(library::load_item(tx, publication.item));
    auto version = TRY(library::load_version(tx, publication.version));
    return Shown{publication, std::move(item), std::move(version)};
}

} // namespace

std::vector<Listed> list_live(
    db::Transaction& tx, const std::vector<base::ColumnId>& columns, int offset, int limit)
{
    if (columns.size() == 1)
        return store::list_column_page(tx, columns.front(), offset, limit);
    // Each column's index gives its own first ones; merging them costs less than one sort of all.
    std::vector<Listed> merged;
    for (const auto column : columns) {
        auto first = store::list_column(tx, column, offset + limit);
        merged.insert(
            merged.end(), std::make_move_iterator(first.begin()),
            std::make_move_iterator(first.end()));
    }
    std::sort(merged.begin(), merged.end(), stands_before);
    const auto begin = std::min(merged.size(), static_cast<std::size_t>(offset));
    const auto end = std::min(merged.size(), begin + static_cast<std::size_t>(limit));
    return {
        std::make_move_iterator(merged.begin() + static_cast<std::ptrdiff_t>(begin)),
        std::make_move_iterator(merged.begin() + static_cast<std::ptrdiff_t>(end))};
}

std::int64_t count_live(db::Transaction& tx, const std::vector<base::ColumnId>& columns)
{
    std::int64_t count = 0;
    for (const auto column : columns)
        count += store::count_column(tx, column);
    return count;
}

std::optional<base::Instant> find_last_release(
    db::Transaction& tx, const std::vector<base::ColumnId>& columns)
{
    std::optional<base::Instant> last;
    for (const auto column : columns) {
        const auto at = store::find_last_release(tx, column);
        if (at && (!last || *at > *last))
            last = at;
    }
    return last;
}

std::vector<Listed> list_live_of_site(db::Transaction& tx, base::SiteId site, int offset, int limit)
{
    return store::list_site(tx, site, offset, limit);
}

std::optional<Found> find_by_url(db::Transaction& tx, base::SiteId site, std::string_view url)
{
    const auto publication = store::find_by_url(tx, site, url);
    if (!publication)
        return std::nullopt;
    switch (publication->state) {
    case PublicationState::Scheduled: return std::nullopt; // Nobody may guess what is to come.
    case PublicationState::Expired:
    case PublicationState::Withdrawn: {
        // Not even the title of what was withdrawn is shown: it may be the reason.
        return Gone{};
    }
    case PublicationState::Live: break;
    }
    if (publication->url != url)
        return MovedTo{publication->url};
    auto shown = load_shown(tx, *publication);
    return shown ? std::optional<Found>(std::move(*shown)) : std::nullopt;
}

std::optional<Shown> find_live(db::Transaction& tx, PublicationId id)
{
    const auto publication = store::find(tx, id);
    if (!publication || publication->state != PublicationState::Live)
        return std::nullopt;
    auto shown = load_shown(tx, *publication);
    return shown ? std::optional(std::move(*shown)) : std::nullopt;
}

std::vector<Listed> list_interpretations(
    db::Transaction& tx, base::SiteId site, base::ItemId policy)
{
    return nearest(site, store::list_live_interpretations(tx, policy));
}

std::vector<Listed> list_policies(
    db::Transaction& tx, base::SiteId site, base::ItemId interpretation)
{
    return nearest(site, store::list_live_policies(tx, interpretation));
}

std::optional<library::Attachment> find_public_file(db::Transaction& tx, std::string_view hash)
{
    return store::find_public_file(tx, hash);
}

std::vector<Publication> list_publications_of(db::Transaction& tx, base::ItemId item)
{
    return store::list_of_item(tx, item);
}

base::Result<Publication> load_publication(db::Transaction& tx, PublicationId id)
{
    auto publication = store::find(tx, id);
    if (!publication)
        return publication_not_found();
    return std::move(*publication);
}

std::int64_t count_publications_in(db::Transaction& tx, base::ColumnId column)
{
    return store::count_ever_in(tx, column);
}

std::int64_t count_all_live(db::Transaction& tx) { return store::count_all_live(tx); }

} // namespace release
