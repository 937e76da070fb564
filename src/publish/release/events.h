#pragma once

// What release announces. subject = id of the publication; payload
// {"item":n,"site":n,"column":n,"from_column":n?}: the columns whose pages change.

#include <string_view>

namespace release::events {
inline constexpr std::string_view published = "release.published"; // New, or a new version, or due.
inline constexpr std::string_view withdrawn = "release.withdrawn"; // Also expired.
inline constexpr std::string_view moved = "release.moved";
inline constexpr std::string_view reordered = "release.reordered"; // Pinned or not.
/// An interpretation link of a live item changed, or the other end of it: the policy's pages must
/// be made anew. Subject: the publication of the other item.
inline constexpr std::string_view link_changed = "release.link_changed";
} // namespace release::events
