#pragma once

// What a page shows, as tags of the page cache, and which tags an event drops. The two must fit: a
// change re-renders all pages that show it, and only those (architecture.md §7).
//
//   site:3    the site itself: name, marks, navigation, columns, layout
//   org:5     an organisation named in the footer
//   column:17 the list of what stands in a column
//   item:240  an item and its interpretation links
//   latest:3  everything of a site, newest first (feeds, sitemap.xml)

#include "portal/facts.h"

#include <string>
#include <vector>

namespace db {
struct Event;
}

namespace portal {

std::vector<std::string> tags_of_frame(const SiteFacts&);
std::vector<std::string> tags_of_home(const SiteFacts&, const HomeFacts&);
/// `listed`: the columns whose items the page lists.
std::vector<std::string> tags_of_column(
    const SiteFacts&, const ColumnFacts&, const std::vector<base::ColumnId>& listed);
std::vector<std::string> tags_of_item(const SiteFacts&, const ItemFacts&);
std::vector<std::string> tags_of_feed(const SiteFacts&, const std::vector<base::ColumnId>& listed);

/// The tags that an event drops; none of an event that no page shows.
std::vector<std::string> tags_of(const db::Event&);

} // namespace portal
