#pragma once

// Who may do what with an item. A grant for an organisation holds for its items; a grant for a site
// or a column holds for the items that are meant for it: reading needs one such column, writing
// needs all of them, so that nobody changes what also stands elsewhere.

#include "core/identity/ability.h"
#include "publish/library/item.h"

#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace library {

/// Where the targets of a text lie, each with the item's organisation as owner of the text.
std::vector<identity::Place> places_of(db::Transaction&, base::OrgId, const std::vector<Target>&);

/// May the item be looked at: by its organisation, because it is shared, or because it is meant for
/// a column of the asker.
bool may_read(db::Transaction&, const identity::Authority&, const Item&);

/// Does `ability` hold for the item as a whole?
bool may_do(db::Transaction&, const identity::Authority&, std::string_view ability, const Item&);
bool may_do(
    db::Transaction&, const identity::Authority&, std::string_view ability, base::OrgId,
    const std::vector<Target>&);

/// What lists may show to the asker, apart from shared items: see ItemFilter.
struct Readable {
    bool all_orgs = false;
    std::vector<base::OrgId> orgs;
    std::vector<base::SiteId> sites;
    std::vector<base::ColumnId> columns; // With their sub-columns.
};
Readable readable_by(db::Transaction&, const identity::Authority&, std::string_view ability);

} // namespace library
