#pragma once

// Which requests the page cache may answer, and under which key. Runs on an I/O thread: no I/O.

#include "http/request.h"

#include <optional>
#include <string>
#include <string_view>

namespace portal {

/// How the page is to look: of the cookie hb_view, changed by ?view=large|contrast|normal.
struct ViewMode {
    bool large = false;
    bool contrast = false;
    bool from_query = false; // Asked for just now: the answer sets the cookie.
};
ViewMode view_mode_of(const http::Request&);
/// "large", "contrast", "large-contrast", "normal".
std::string_view to_string(const ViewMode&);

/// Nothing for what must be made each time: the search, other methods, queries that are not ?page=n
/// of a column, a change of view. The key holds all that the answer depends on: host (and port on
/// this machine, where links carry it), path, page, view. The staff's session cookie changes
/// nothing on public pages and is not looked at.
std::optional<std::string> cache_key(const http::Request&);

/// ?page=: 1 when absent, nothing when it is not a number from 1 to 99999.
std::optional<int> page_number_of(const http::Request&);

} // namespace portal
