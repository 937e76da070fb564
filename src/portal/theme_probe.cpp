#include "portal/theme_probe.h"

#include <array>
#include <string_view>

namespace portal {
namespace {

constexpr std::array pages = {
    "page/home",         "page/list",    "page/channel",   "page/single",        "page/leaders",
    "page/institutions", "page/item",    "page/policy",    "page/search",        "page/sitemap",
    "page/about",        "page/contact", "page/copyright", "page/accessibility", "page/error"};

Fields probe_data(bool is_home)
{
    Fields data{
        {"official_tags", Html{"<meta name=\"SiteName\" content=\"探针网站\">"}},
        {"is_home", is_home},
        {"title", "探针标题"},
        {"badge_url", "https://bszs.conac.cn/probe"},
        {"jiucuo_url", "https://zfwzgl.www.gov.cn/probe"},
        {"view_large", "?view=large"},
        {"view_contrast", "?view=contrast"},
        {"css", "/static/probe.css"},
    };
    data.set("nav", List{Fields{{"name", "探针栏目"}, {"url", "/probe-column/"}}});
    data.set(
        "site", Fields{
                    {"name", "探针网站"},
                    {"id_code", "0000000000"},
                    {"icp", "探ICP备00000000号"},
                    {"police", "探公网安备00000000000000号"},
                    {"sponsor", "探针主办"},
                    {"operator", "探针承办"},
                    {"phone", "000-0000000"}});
    return data;
}

struct Need {
    std::string_view what;
    std::string_view sign;
};

constexpr std::array needs = {
    Need{
        "页面标签（紧跟在 <meta charset> 之后）",
        "<meta charset=\"utf-8\">\n<meta name=\"SiteName\""},
    Need{"页面标题", "<title>探针标题</title>"},
    Need{"跳到主要内容的链接", "href=\"#main\""},
    Need{"主要内容区 <main id=\"main\"", "<main id=\"main\""},
    Need{"页头的网站名称", "探针网站"},
    Need{"主导航", "href=\"/probe-column/\""},
    Need{"站内搜索", "action=\"/search\""},
    Need{"关怀版入口", "?view=large"},
    Need{"高对比入口", "?view=contrast"},
    Need{"党政机关网站标识", "https://bszs.conac.cn/probe"},
    Need{"我为政府网站找错入口", "https://zfwzgl.www.gov.cn/probe"},
    Need{"网站标识码", "0000000000"},
    Need{"ICP备案号", "探ICP备00000000号"},
    Need{"公安机关备案号", "探公网安备00000000000000号"},
    Need{"主办单位", "探针主办"},
    Need{"承办单位", "探针承办"},
    Need{"联系方式", "000-0000000"},
    Need{"站点地图", "href=\"/sitemap\""},
    Need{"样式表", "/static/probe.css"},
};

} // namespace

std::vector<std::string> probe_faults(const TemplateSet& templates)
{
    std::vector<std::string> faults;
    for (const auto* name : {"layout/frame", "layout/bare"}) {
        if (!templates.has(name))
            return {"模板 " + std::string(name)};
    }
    for (const std::string page : pages) {
        if (!templates.has(page)) {
            faults.push_back("模板 " + page);
            continue;
        }
        auto data = probe_data(page == "page/home");
        data.set("content", Html{templates.render(page, data)});
        const auto bytes = templates.render("layout/frame", data);
        for (const auto& need : needs) {
            if (bytes.find(need.sign) == std::string::npos)
                faults.push_back(page + " 的" + std::string(need.what));
        }
    }
    return faults;
}

} // namespace portal
