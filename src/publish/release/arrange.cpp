// Where a publication stands: in which column, and how high.

#include "core/audit/audit.h"
#include "core/site/column.h"
#include "publish/library/query.h"
#include "publish/release/announce.h"
#include "publish/release/events.h"
#include "publish/release/refusals.h"
#include "publish/release/release.h"
#include "publish/release/store.h"

#include <fmt/format.h>

namespace release {
namespace {

namespace ability = identity::ability;

} // namespace

base::Result<Publication> move(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    PublicationId id, base::ColumnId to, base::Instant now)
{
    auto publication = TRY(load_for(tx, authority, id, ability::release_publish));
    const auto column = TRY(site::load_column(tx, to));
    if (column.site != publication.site)
        return wrong_site();
    const auto place = TRY(place_of(tx, column));
    if (!authority.may(ability::release_publish, place))
        return forbidden();
    if (column.kind == site::ColumnKind::Channel)
        return channel_holds_nothing();
    if (to == publication.column)
        return publication;
    if (store::find_in_column(tx, publication.item, to))
        return base::refuse(
            Kind::Conflict, "release.already_there", "目标栏目里已有这篇稿件，不必移动");

    const auto from = publication.column;
    const auto old_url = publication.url;
    publication.column = to;
    publication.changed_at = now;
    store::change_address(tx, publication, column.path);
    if (publication.state == PublicationState::Live)
        announce(tx, events::moved, publication, now, {.from_column = from});
    audit::record(
        tx, actor,
        {.action = "release.move",
         .subject_kind = "item",
         .subject = publication.item.value,
         .summary = fmt::format("移到栏目“{}”", column.name),
         .before = old_url,
         .after = publication.url},
        now);
    return publication;
}

base::Result<Publication> set_pinned(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    PublicationId id, bool pinned, int position, base::Instant now)
{
    auto publication = TRY(load_for(tx, authority, id, ability::release_publish));
    if (publication.state != PublicationState::Live)
        return not_public();
    publication.pinned = pinned;
    publication.position = pinned ? position : 0;
    publication.changed_at = now;
    store::update_standing(tx, publication);
    announce(tx, events::reordered, publication, now);
    audit::record(
        tx, actor,
        {.action = "release.pin",
         .subject_kind = "item",
         .subject = publication.item.value,
         .summary = fmt::format("{}（{}）", pinned ? "置顶" : "取消置顶", publication.url)},
        now);
    return publication;
}

} // namespace release
