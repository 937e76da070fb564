#pragma once

// What a page is made from: plain structs, loaded by load_*.cpp, shown by one function per page
// (pages.h). Rendering reads nothing else, so every page can be tested without a database.

#include "base/clock.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "portal/layout.h"
#include "publish/release/pages.h"
#include "search/index.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace portal {

/// A site of this platform, as others refer to it.
struct Neighbour {
    base::SiteId id;
    std::string name;
    std::string base_url;  // "https://www.example.gov.cn", without a slash at the end.
    std::string code = {}; // "yunling"
    std::vector<std::string> hosts = {}; // All names under which it answers.
};

/// What every page of a site shows.
struct SiteFacts {
    site::Site site;
    std::string sponsor;    // 主办单位
    std::string operator_;  // 承办单位
    std::string supervisor; // 主管单位
    Layout layout;
    std::vector<site::Column> columns; // The shown ones, depth first.
    std::vector<Neighbour> neighbours; // All sites of the platform, this one included.
};

const site::Column* find_column(const SiteFacts&, base::ColumnId);
/// "https://…" of the site itself; absolute addresses never come from the request.
std::string base_url_of(const SiteFacts&, base::SiteId);

/// How the reader came.
struct Visit {
    std::string path = "/"; // Decoded, without /hant.
    std::string query_kept; // "page=2": goes along when the view is switched.
    bool large = false;     // 关怀版
    bool contrast = false;  // 高对比
    bool hant = false;      // 繁體
    base::Instant now{};
    std::string request_id;
    std::string preview; // "预览：尚未发布", on top of the page; empty: this is the public page.
    std::string preview_version; // Which version it is.
};

struct NamedList {
    std::string title;
    site::Column column;
    std::vector<release::Listed> items;
};

/// One block of the home page with what its column holds.
struct HomeBlockFacts {
    HomeBlock block;
    std::optional<site::Column> column;
    std::vector<release::Listed> items;
    std::vector<site::Column> sub_columns;
};

struct HomeFacts {
    std::vector<HomeBlockFacts> blocks;
    std::map<base::ItemId, int> interpretation_counts; // By policy.
};

struct ColumnFacts {
    site::Column column;
    std::vector<release::Listed> items;
    std::int64_t total = 0;
    int page = 1; // From 1.
    int page_size = 20;
    std::map<base::ItemId, int> interpretation_counts;
    std::optional<release::Shown> single; // Page columns: the item whose text is shown.
    std::vector<NamedList> channels;      // Channel columns: sub-columns with their newest.
};

struct ItemFacts {
    release::Shown shown;
    site::Column column;
    std::vector<release::Listed> interpretations; // Of this policy.
    std::vector<release::Listed> policies;        // That this interpretation explains.
};

/// What the reader asked the search for; its address is canonical.
struct SearchChoice {
    std::string text;
    std::string type;
    std::int64_t site = 0; // 0: the default of the site; -1: all sites.
    int year = 0;
    std::int64_t org = 0;
    bool newest_first = false;
    bool titles_only = false;
    int page = 1;
};

/// One item that was found. It may stand in several columns and sites: those are `also`.
struct FoundItem {
    search::Hit hit;
    std::vector<search::Hit> also;
};

struct SearchFacts {
    SearchChoice choice;
    std::string complaint; // Why there is no answer, for the reader.
    std::optional<search::Results> results;
    std::vector<FoundItem> items; // This page of the results, each item once.
    std::int64_t total = 0;       // Items; publications where there are too many to compare.
    int page_size = 10;
    std::map<std::int64_t, std::string> org_names; // Of the organisations in the facets.
};

/// A page that says that something is wrong.
struct ErrorFacts {
    int status = 404;
    std::string code;  // "release.withdrawn"; decides what is said.
    std::string title; // Of the withdrawn item.
};

} // namespace portal
