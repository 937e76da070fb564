#pragma once

// What core/site announces. subject = id of the site or column; payload {"site":n,"column":n}.

#include <string_view>

namespace site::events {
inline constexpr std::string_view site_changed = "site.changed";
inline constexpr std::string_view column_changed =
    "site.column_changed"; // Also created, moved, removed.
} // namespace site::events
