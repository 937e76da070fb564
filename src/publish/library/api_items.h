#pragma once

// Shared by the api files of this room: who may see an item, and how its answer is built.

#include "base/result.h"
#include "core/identity/ability.h"
#include "http/json.h"
#include "http/route.h"
#include "publish/library/api.h"
#include "publish/library/item.h"

#include <string>
#include <vector>

namespace library {

/// An item outside the asker's scope does not exist for him (404), shared ones do.
base::Result<Item> load_readable(db::Transaction&, const identity::Authority&, base::ItemId id);

/// Readable, and `ability` holds at the item's organisation. Refuses with identity.forbidden.
base::Result<Item> load_for(
    db::Transaction&, const identity::Authority&, base::ItemId id, std::string_view ability);

/// ItemDetail of the contract.
base::Result<http::json::object> item_detail(
    db::Transaction&, const identity::Authority&, const Item&, const ItemDecorator&);

http::Routes item_routes(db::Database&, ItemDecorator);
http::Routes version_routes(db::Database&, ItemDecorator);
http::Routes file_routes(db::Database&, const FileStore&);
http::Routes submission_routes(db::Database&);

} // namespace library
