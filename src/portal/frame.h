#pragma once

// What stands around every page: page tags, view modes, masthead, navigation, trail, footer, marks.

#include "portal/data.h"
#include "portal/facts.h"

#include <string>
#include <vector>

namespace portal {

/// What one page says about itself.
struct PageHead {
    std::string title;                    // Without the site's name.
    std::string description;              // For search engines.
    std::vector<NamedLink> trail;         // After 首页; the last has no url.
    const site::Column* column = nullptr; // Gives the column tags.
    const release::Shown* item = nullptr; // Gives the content tags.
    bool is_home = false;
    bool no_index = false;
    std::string search_text;
};

Fields frame_fields(const SiteFacts&, const Visit&, const PageHead&);

/// 首页 › … › this column, from the column tree.
std::vector<NamedLink> trail_to(const SiteFacts&, const site::Column&, bool link_last);

/// The 15 tags of 国办发〔2017〕47号 附件 that apply. Every page of a site has the first three.
std::string official_tags(const SiteFacts&, const Visit&, const PageHead&);

/// https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=…&url=…
std::string jiucuo_url(const SiteFacts&, const Visit&);

/// "/a%20b/" of "/a b/": a decoded path as an address.
std::string encoded_path(std::string_view path);

/// "/files/<hash>/<name>" of a kept file; "" of no hash.
std::string file_url(std::string_view hash, std::string_view name);

} // namespace portal
