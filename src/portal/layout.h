#pragma once

// How a site arranges its public face (站点设置 → 首页与标识): site::Site::layout, a JSON object.
// What is unknown or of another type is left out, so a setting of a newer version costs nothing.
//
//   {"blocks": [{"block": "lead", "title": "云岭要闻", "column": "/xwzx/ylyw/", "count": 8}, …],
//    "services": [{"name": "生育服务", "icon": "baby", "url": "/bsfw/"}],
//    "hot_words": ["生育支持"], "upper_links": [{"name": "中国政府网", "url":
//    "https://www.gov.cn/"}], "figures": [{"name": "地区生产总值", "value": "186.4", "unit":
//    "亿元", "change": "5.6%", "points": [4, 5.2]}], "figures_title": "数据云岭", "figures_url":
//    "/sjfb/", "keywords": "云岭市,政务公开", "ipv6": true, "banner": {"level": "urgent", "text":
//    "…", "url": "/…"}, "grey": false, "images": {"emblem": "<file hash>", "logo": "…", "badge":
//    "…", "jiucuo": "…"}}
//
// block: lead, list, services, figures, topics. column: its path or its number.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portal {

struct HomeBlock {
    std::string block;
    std::string title;
    std::string column_path;    // Either …
    std::int64_t column_id = 0; // … or.
    int count = 7;
};

struct ServiceEntry {
    std::string name;
    std::string icon;
    std::string url;
};

struct NamedLink {
    std::string name;
    std::string url;
};

struct FigureEntry {
    std::string name;
    std::string value;
    std::string unit;
    std::string change_label = "同比增长";
    std::string change;
    std::vector<double> points;
};

struct Banner {
    std::string level; // "urgent" or "notice"
    std::string text;  // Empty: none.
    std::string url;
};

struct Layout {
    std::vector<HomeBlock> blocks;
    std::vector<ServiceEntry> services;
    std::vector<std::string> hot_words;
    std::vector<NamedLink> upper_links;
    std::vector<FigureEntry> figures;
    std::string figures_title;
    std::string figures_url;
    std::string keywords;
    Banner banner;
    bool grey = false;  // 公祭、哀悼
    bool ipv6 = false;  // Said only when somebody has said so.
    std::string emblem; // Hashes of uploaded files; empty: a labelled place-holder is shown.
    std::string logo;
    std::string badge;
    std::string jiucuo;
};

/// Never fails: what can't be read is as if it were not there.
Layout layout_from(std::string_view json);

} // namespace portal
