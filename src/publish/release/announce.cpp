#include "publish/release/announce.h"

#include "core/site/site.h"
#include "db/events.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/release/events.h"
#include "publish/release/refusals.h"
#include "publish/release/store.h"

#include <algorithm>
#include <fmt/format.h>

namespace release {
namespace {

std::string payload_of(const Publication& publication, base::ColumnId from_column)
{
    const auto from =
        from_column ? fmt::format(",\"from_column\":{}", from_column.value) : std::string();
    return fmt::format(
        "{{\"item\":{},\"site\":{},\"column\":{}{}}}", publication.item.value,
        publication.site.value, publication.column.value, from);
}

/// A policy's page shows its interpretations and theirs show it: both sides must be made anew.
void announce_links(
    db::Transaction& tx, const Publication& publication, const std::vector<base::ItemId>& unlinked,
    base::Instant now)
{
    const auto tell = [&](PublicationId id, base::ItemId item, base::SiteId site,
                          base::ColumnId column) {
        const Publication other{.id = id, .item = item, .site = site, .column = column};
        db::append_event(tx, events::link_changed, id.value, payload_of(other, {}), now);
    };
    for (const auto& reading : store::list_live_interpretations(tx, publication.item))
        tell(reading.id, reading.item, reading.site, reading.column);
    auto policies = store::list_links(tx, publication.id);
    policies.insert(policies.end(), unlinked.begin(), unlinked.end());
    std::sort(policies.begin(), policies.end());
    policies.erase(std::unique(policies.begin(), policies.end()), policies.end());
    for (const auto item : policies) {
        for (const auto& policy : store::list_live_of_item(tx, item))
            tell(policy.id, policy.item, policy.site, policy.column);
    }
}

} // namespace

base::Result<identity::Place> place_of(db::Transaction& tx, const site::Column& column)
{
    auto org = column.owner_org;
    if (!org)
        org = TRY(site::load_site(tx, column.site)).sponsor_org;
    return identity::Place{.org = org, .site = column.site, .column_path = column.id_path};
}

base::Result<Publication> load_for(
    db::Transaction& tx, const identity::Authority& authority, PublicationId id,
    std::string_view ability)
{
    auto publication = store::find(tx, id);
    if (!publication)
        return publication_not_found();
    const auto column = TRY(site::load_column(tx, publication->column));
    const auto place = TRY(place_of(tx, column));
    if (!authority.may(ability, place))
        return publication_not_found();
    return std::move(*publication);
}

void announce(
    db::Transaction& tx, std::string_view event, const Publication& publication, base::Instant now,
    const Told& more)
{
    db::append_event(
        tx, event, publication.id.value, payload_of(publication, more.from_column), now);
    announce_links(tx, publication, more.unlinked, now);
}

base::Result<> settle_item(db::Transaction& tx, base::ItemId id, base::Instant now)
{
    const auto item = TRY(library::load_item(tx, id));
    const auto publications = store::list_of_item(tx, id);
    const auto is_live = [](const Publication& publication) {
        return publication.state == PublicationState::Live;
    };
    const bool stands = std::any_of(publications.begin(), publications.end(), is_live);
    const bool shows_newest =
        std::any_of(publications.begin(), publications.end(), [&](const Publication& publication) {
            return is_live(publication) && publication.version == item.newest;
        });
    const bool waits =
        item.state == library::ItemState::Approved || item.state == library::ItemState::Withdrawn;
    if (shows_newest && waits)
        TRY(library::move_state(tx, id, library::ItemState::Released, item.approved, now));
    if (!stands && item.state == library::ItemState::Released)
        TRY(library::move_state(tx, id, library::ItemState::Withdrawn, item.approved, now));
    return {};
}

} // namespace release
