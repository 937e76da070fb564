#pragma once

// Shared by the deeds of this room: who may act on a publication, and how a change is told.

#include "base/actor.h"
#include "base/result.h"
#include "core/identity/ability.h"
#include "core/site/column.h"
#include "publish/release/publication.h"

#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace release {

/// Where a column lies, for the question of permission: its owner, or the site's sponsor.
base::Result<identity::Place> place_of(db::Transaction&, const site::Column&);

/// The publication, if the actor may act on its column; outside his scope it does not exist.
base::Result<Publication> load_for(
    db::Transaction&, const identity::Authority&, PublicationId, std::string_view ability);

/// What the publication no longer says of itself.
struct Told {
    base::ColumnId from_column = {};
    std::vector<base::ItemId> unlinked = {}; // Documents that its text before this one interpreted.
};

/// Appends the event, and tells the pages of linked policies and interpretations as well.
void announce(
    db::Transaction&, std::string_view event, const Publication&, base::Instant now,
    const Told& = {});

/// After any change: an item whose newest version stands somewhere is 已发布, a released one that
/// stands nowhere any more is 已撤下.
base::Result<> settle_item(db::Transaction&, base::ItemId, base::Instant now);

} // namespace release
