#pragma once

// What machines read: RSS 2.0 of a site and of a column, sitemap.xml (sitemaps.org 0.9),
// robots.txt.

#include "portal/facts.h"

#include <string>
#include <vector>

namespace portal {

/// `column` null: the whole site.
std::string rss_feed(
    const SiteFacts&, const site::Column* column, const std::vector<release::Listed>& items);
std::string sitemap_xml(const SiteFacts&, const std::vector<release::Listed>& items);
std::string robots_txt(const SiteFacts&);

} // namespace portal
