#include "core/audit/audit.h"
#include "core/site/column.h"
#include "publish/library/query.h"
#include "publish/release/announce.h"
#include "publish/release/events.h"
#include "publish/release/refusals.h"
#include "publish/release/release.h"
#include "publish/release/store.h"
#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace release {
namespace {

namespace ability = identity::ability;

bool stands(const Publication& publication)
{
    return publication.state == PublicationState::Live
           || publication.state == PublicationState::Scheduled;
}

void take_down(
    db::Transaction& tx, Publication& publication, PublicationState to, std::string reason,
    base::Instant now)
{
    const bool was_live = publication.state == PublicationState::Live;
    publication.state = to;
    publication.withdrawn_reason = std::move(reason);
    publication.changed_at = now;
    store::update_standing(tx, publication);
    store::replace_files(tx, publication.id, {});
    if (was_live)
        announce(tx, events::withdrawn, publication, now);
    store::replace_links(tx, publication.id, {});
}

void record(
    db::Transaction& tx, const base::Actor& actor, const Publication& publication,
    std::string_view title, base::Instant now)
{
    audit::record(
        tx, actor,
        {.action = "release.withdraw",
         .subject_kind = "item",
         .subject = publication.item.value,
         .summary = fmt::format(
             "撤下《{}》（{}），原因：{}", title, publication.url, publication.withdrawn_reason)},
        now);
}

} // namespace

base::Result<Publication> withdraw(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    PublicationId id, const std::string& reason, base::Instant now)
{
    auto publication = TRY(load_for(tx, authority, id, ability::release_withdraw));
    if (text::trim(reason).empty())
        return reason_missing();
    if (!stands(publication))
        return publication; // Twice the same click: it is down already.
    const auto item = TRY(library::load_item(tx, publication.item));
    take_down(tx, publication, PublicationState::Withdrawn, reason, now);
    record(tx, actor, publication, item.title, now);
    TRY(settle_item(tx, item.id, now));
    return publication;
}

base::Result<std::vector<Publication>> withdraw_everywhere(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    base::ItemId id, const std::string& reason, base::Instant now)
{
    const auto item = TRY(library::load_item(tx, id));
    if (text::trim(reason).empty())
        return reason_missing();
    // The owner of a text may call it back from wherever it stands; others only from their columns.
    const bool owns = authority.may(ability::release_withdraw, {.org = item.org});
    auto publications = store::list_of_item(tx, id);
    bool any_refused = false;
    for (auto& publication : publications) {
        if (!stands(publication))
            continue;
        if (!owns && !load_for(tx, authority, publication.id, ability::release_withdraw)) {
            any_refused = true;
            continue;
        }
        take_down(tx, publication, PublicationState::Withdrawn, reason, now);
        record(tx, actor, publication, item.title, now);
    }
    if (any_refused)
        return may_not_withdraw(); // All or nothing: the transaction is not kept.
    TRY(settle_item(tx, id, now));
    return publications;
}

int settle_due(db::Transaction& tx, base::Instant now)
{
    constexpr int batch = 500;
    int changed = 0;
    for (auto& publication : store::list_to_begin(tx, now, batch)) {
        publication.state = PublicationState::Live;
        publication.changed_at = now;
        store::update_standing(tx, publication);
        announce(tx, events::published, publication, now);
        (void)settle_item(tx, publication.item, now);
        ++changed;
    }
    for (auto& publication : store::list_to_end(tx, now, batch)) {
        take_down(tx, publication, PublicationState::Expired, "", now);
        (void)settle_item(tx, publication.item, now);
        ++changed;
    }
    return changed;
}

} // namespace release
