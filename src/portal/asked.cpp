#include "portal/asked.h"

#include "core/org/org.h"
#include "db/database.h"
#include "portal/load.h"
#include "portal/markup.h"
#include "publish/library/files.h"
#include "publish/release/pages.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace portal {
namespace {

constexpr int search_page_size = 10;

std::int64_t number_or_zero(const http::Request& request, std::string_view name)
{
    const auto text = request.query_value(name).value_or("");
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? number : 0;
}

search::Query query_of(const SearchChoice& choice, const SiteFacts& facts)
{
    search::Query query;
    query.text = choice.text;
    if (!choice.type.empty())
        query.types = {choice.type};
    if (choice.site > 0)
        query.sites = {choice.site};
    else if (choice.site == 0 && facts.site.kind == site::SiteKind::Department)
        query.sites = {facts.site.id.value};
    if (choice.year != 0)
        query.years = {choice.year};
    if (choice.org != 0)
        query.orgs = {choice.org};
    query.sort = choice.newest_first ? search::Sort::Newest : search::Sort::Relevance;
    query.scope = choice.titles_only ? search::Scope::TitleOnly : search::Scope::All;
    query.offset = (choice.page - 1) * search_page_size;
    query.limit = search_page_size;
    return query;
}

void load_org_names(db::Database& database, SearchFacts& found)
{
    database.read([&](db::Transaction& tx) {
        for (const auto& entry : found.results->facets.orgs) {
            std::int64_t id = 0;
            std::from_chars(entry.value.data(), entry.value.data() + entry.value.size(), id);
            if (const auto org = org::load_org(tx, base::OrgId{id}))
                found.org_names[id] = org->short_name.empty() ? org->name : org->short_name;
        }
    });
}

using ItemsOfHits = std::map<std::int64_t, base::ItemId>;

ItemsOfHits items_of(db::Database& database, const std::vector<search::Hit>& hits)
{
    return database.read([&](db::Transaction& tx) {
        ItemsOfHits items;
        for (const auto& hit : hits) {
            if (const auto there = release::load_publication(tx, {hit.id}))
                items[hit.id] = there->item;
        }
        return items;
    });
}

/// Few enough are compared as a whole, so that pages and the total count items; of more only what
/// stands on one page.
void set_items(
    SearchFacts& found, const search::Query& query, const SiteFacts& facts, db::Database& database,
    const search::Index& index)
{
    auto hits = found.results->hits;
    found.total = static_cast<std::int64_t>(found.results->total);
    const bool all = found.results->total_is_exact && found.total <= search::hits_max;
    const bool one_page = query.offset == 0 && found.total <= query.limit;
    if (all && !one_page) {
        auto whole = query;
        whole.offset = 0;
        whole.limit = search::hits_max;
        if (auto more = index.search(whole))
            hits = std::move(more->hits);
    }
    const auto wanted = found.choice.site > 0 ? found.choice.site : facts.site.id.value;
    auto items = grouped(hits, items_of(database, hits), wanted);
    if (all) {
        found.total = static_cast<std::int64_t>(items.size());
        const auto begin = std::min(items.size(), static_cast<std::size_t>(query.offset));
        const auto end = std::min(items.size(), begin + static_cast<std::size_t>(query.limit));
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(end), items.end());
        items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    found.items = std::move(items);
}

} // namespace

std::vector<FoundItem> grouped(
    const std::vector<search::Hit>& hits, const std::map<std::int64_t, base::ItemId>& items,
    std::int64_t wanted_site)
{
    std::vector<FoundItem> out;
    std::map<base::ItemId, std::size_t> places;
    for (const auto& hit : hits) {
        const auto item = items.find(hit.id);
        const auto place = item == items.end() ? places.end() : places.find(item->second);
        if (place == places.end()) {
            if (item != items.end())
                places[item->second] = out.size();
            out.push_back({hit, {}});
            continue;
        }
        auto& found = out[place->second];
        found.also.push_back(hit);
        if (found.hit.site != wanted_site && hit.site == wanted_site)
            std::swap(found.hit, found.also.back());
    }
    return out;
}

SearchChoice search_choice_of(const http::Request& request)
{
    SearchChoice choice;
    choice.text = request.query_value("q").value_or("");
    const auto first = choice.text.find_first_not_of(" \t\n\r");
    choice.text = first == std::string::npos ? std::string() : choice.text.substr(first);
    while (!choice.text.empty() && choice.text.back() == ' ')
        choice.text.pop_back();
    const auto type = request.query_value("type").value_or("");
    if (library::item_kind_from(type))
        choice.type = type;
    choice.site = std::max<std::int64_t>(number_or_zero(request, "site"), -1);
    const auto year = number_or_zero(request, "year");
    choice.year = year >= 1949 && year <= 2200 ? static_cast<int>(year) : 0;
    choice.org = std::max<std::int64_t>(number_or_zero(request, "org"), 0);
    choice.newest_first = request.query_value("sort").value_or("") == "newest";
    choice.titles_only = request.query_value("in").value_or("") == "title";
    const auto page = page_number_of(request).value_or(1);
    choice.page = std::min(page, search::offset_max / search_page_size);
    return choice;
}

SearchFacts search_for(
    const http::Request& request, const SiteFacts& facts, db::Database& database,
    const search::Index* index)
{
    SearchFacts found;
    found.choice = search_choice_of(request);
    found.page_size = search_page_size;
    if (found.choice.text.empty())
        return found;
    if (!index) {
        found.complaint = "搜索服务正在准备，请稍后再试，或在站点地图中按栏目查找。";
        return found;
    }
    const auto query = query_of(found.choice, facts);
    auto results = index->search(query);
    if (!results) {
        found.complaint = results.error().message;
        return found;
    }
    found.results = std::move(*results);
    set_items(found, query, facts, database, *index);
    load_org_names(database, found);
    return found;
}

AtAddress find_at(db::Transaction& tx, const SiteFacts& facts, const std::string& path)
{
    if (auto found = release::find_by_url(tx, facts.site.id, path)) {
        if (auto* shown = std::get_if<release::Shown>(&*found))
            return load_item_page(tx, facts, std::move(*shown));
        if (const auto* moved = std::get_if<release::MovedTo>(&*found))
            return *moved;
        return release::Gone{};
    }
    const auto folder = path.ends_with('/') ? path : path + "/";
    if (const auto column = site::find_moved_column(tx, facts.site.id, folder))
        return release::MovedTo{column->path};
    return std::monostate();
}

bool is_file_hash(std::string_view hash)
{
    return hash.size() == 64
           && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<library::Attachment> find_shown_file(
    db::Transaction& tx, const SiteFacts& facts, std::string_view hash)
{
    if (auto file = release::find_public_file(tx, hash))
        return file;
    const auto& layout = facts.layout;
    const std::array own = {&layout.emblem, &layout.logo, &layout.badge, &layout.jiucuo};
    if (std::none_of(own.begin(), own.end(), [&](const auto* mark) { return *mark == hash; }))
        return std::nullopt;
    const auto stored = library::find_file(tx, hash);
    if (!stored)
        return std::nullopt;
    return library::Attachment{stored->hash, stored->name, stored->size, stored->media_type};
}

http::Response file_response(const library::Attachment& file, const std::string& path)
{
    static constexpr std::array<std::string_view, 4> shown = {
        "image/png", "image/jpeg", "image/webp", "image/gif"};
    const bool inline_picture =
        std::find(shown.begin(), shown.end(), file.media_type) != shown.end();
    http::Response response;
    response.file = http::FileBody{path, file.size};
    response.with_header(
        "Content-Type", file.media_type.empty() ? "application/octet-stream" : file.media_type);
    response.with_header(
        "Content-Disposition", std::string(inline_picture ? "inline" : "attachment")
                                   + "; filename*=UTF-8''" + percent_encoded(file.name));
    response.with_header(
        "Content-Security-Policy",
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
    // Not for ever: when the item is withdrawn its files go with it.
    response.with_header("Cache-Control", "no-cache");
    response.with_header("ETag", "\"" + file.hash + "\"");
    return response;
}

} // namespace portal
