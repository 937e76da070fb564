// The site map and the pages that a site has by itself.

#include "portal/frame.h"
#include "portal/pages.h"

#include <algorithm>

namespace portal {
namespace {

int depth_of(const site::Column& column)
{
    return static_cast<int>(std::count(column.id_path.begin(), column.id_path.end(), '/')) - 1;
}

struct SelfDescription {
    std::string_view page;
    const char* title;
};

SelfDescription description_of(SelfPage page)
{
    switch (page) {
    case SelfPage::About: return {"page/about", "关于我们"};
    case SelfPage::Contact: return {"page/contact", "联系我们"};
    case SelfPage::Copyright: return {"page/copyright", "版权声明"};
    case SelfPage::Accessibility: break;
    }
    return {"page/accessibility", "无障碍声明"};
}

} // namespace

std::string site_map_page(const Theme& theme, const SiteFacts& facts, const Visit& visit)
{
    PageHead head;
    head.title = "站点地图";
    head.description = facts.site.name + "网站的全部栏目";
    head.trail = {{"站点地图", ""}};
    auto data = frame_fields(facts, visit, head);
    List groups;
    for (const auto& root : facts.columns) {
        if (root.parent)
            continue;
        List below;
        for (const auto& column : facts.columns) {
            if (column.id != root.id && column.id_path.starts_with(root.id_path))
                below.push_back(Fields{
                    {"name", column.name},
                    {"url", column.path},
                    {"depth", std::clamp(depth_of(column) - 1, 1, 4)}});
        }
        Fields group{{"name", root.name}, {"url", root.path}};
        group.set("columns_shown", !below.empty());
        group.set("columns", std::move(below));
        groups.push_back(std::move(group));
    }
    data.set("groups", std::move(groups));
    return theme.render("page/sitemap", std::move(data));
}

std::string self_page(const Theme& theme, const SiteFacts& facts, const Visit& visit, SelfPage page)
{
    const auto description = description_of(page);
    PageHead head;
    head.title = description.title;
    head.trail = {{description.title, ""}};
    return theme.render(description.page, frame_fields(facts, visit, head));
}

} // namespace portal
