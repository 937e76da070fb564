#pragma once

// The preview (预览): what an item will look like on a site, made by the same functions as the
// public page, for those of the staff who may read the item. Never kept, never indexed.

#include "http/route.h"

#include <string>
#include <string_view>

namespace db {
class Database;
}

namespace portal {

class ThemeShelf;

/// GET /api/items/{id}/preview?site=&version=. Both must live longer than the routes.
http::Routes preview_routes(db::Database&, const ThemeShelf&);

/// The page as it can be shown inside the console: links lead to `base_url`, kept files come from
/// the library, for the public may not have them yet.
std::string with_preview_addresses(std::string_view page, std::string_view base_url);

} // namespace portal
