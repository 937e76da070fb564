#include "portal/portal.h"

#include "base/log.h"
#include "db/database.h"
#include "db/events.h"
#include "portal/asked.h"
#include "portal/cache_rules.h"
#include "portal/dependencies.h"
#include "portal/feeds.h"
#include "portal/hant.h"
#include "portal/load.h"
#include "portal/pages.h"
#include "portal/preview.h"
#include "publish/library/files.h"
#include "text/hanzi.h"

#include <algorithm>
#include <exception>

namespace portal {
namespace {

constexpr std::string_view feed_name = "rss.xml";

Host host_of(const http::Request& request)
{
    return {request.host, request.port, request.loopback};
}

/// The page that a site makes of itself at this path.
std::optional<SelfPage> self_page_at(std::string_view path)
{
    if (path == "/about")
        return SelfPage::About;
    if (path == "/contact")
        return SelfPage::Contact;
    if (path == "/copyright")
        return SelfPage::Copyright;
    if (path == "/accessibility")
        return SelfPage::Accessibility;
    return std::nullopt;
}

http::Response kept(http::Response response, std::vector<std::string> tags)
{
    response.caching = http::Caching{std::move(tags)};
    return response;
}

} // namespace

Portal::Portal(
    const PortalSettings& settings, db::Database& database, const search::Index* index,
    const library::FileStore& files)
    : themes_(settings.themes)
    , database_(database)
    , index_(index)
    , files_(files)
    , book_(database)
    , converter_(std::make_unique<text::TraditionalConverter>())
{
}

Portal::~Portal() = default;

http::Routes Portal::routes()
{
    const auto page = [this](const http::Request& request) { return answer(request); };
    const auto fixed = [this](const http::Request& request) { return answer_static(request); };
    const auto file = [this](const http::Request& request) { return answer_file(request); };
    const auto get = http::Method::Get;
    return {
        {get, "/search", http::public_access, page},
        {get, "/sitemap", http::public_access, page},
        {get, "/about", http::public_access, page},
        {get, "/contact", http::public_access, page},
        {get, "/copyright", http::public_access, page},
        {get, "/accessibility", http::public_access, page},
        {get, "/sitemap.xml", http::public_access, page},
        {get, "/robots.txt", http::public_access, page},
        {get, "/rss.xml", http::public_access, page},
        {get, "/static/{theme}/{file}", http::public_access, fixed},
        {get, "/files/{hash}", http::public_access, file}, // Pictures in texts.
        {get, "/files/{hash}/{name}", http::public_access, file},
        {get, "/hant/{rest*}", http::public_access, page},
        {get, "/{rest*}", http::public_access, page},
    };
}

http::Routes Portal::preview_routes() { return portal::preview_routes(database_, themes_); }

void Portal::warm_up()
{
    if (!index_)
        return;
    warming_ = std::jthread([index = index_] {
        try {
            // A word, and sounds that are no word: the lexicon and the correction with it.
            for (const auto* text : {"政策", "zhengcewenjianx"}) {
                search::Query query;
                query.text = text;
                query.limit = 1;
                static_cast<void>(index->search(query));
            }
        } catch (const std::exception& error) {
            base::log_warning("The search could not be warmed up: {}", error.what());
        }
    });
}

std::vector<std::string> Portal::take_events(const std::vector<db::Event>& events)
{
    std::vector<std::string> tags;
    for (const auto& event : events) {
        book_.forget(event);
        auto more = tags_of(event);
        tags.insert(tags.end(), more.begin(), more.end());
    }
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

Portal::Asked Portal::understand(
    const http::Request& request, std::shared_ptr<const SiteFacts> facts) const
{
    Asked asked{request, std::move(facts), {}, {}};
    std::string_view path = request.path;
    if (path.starts_with("/hant/")) {
        asked.visit.hant = true;
        path.remove_prefix(hant_prefix.size());
    }
    asked.mode = view_mode_of(request);
    asked.visit.path = path;
    asked.visit.large = asked.mode.large;
    asked.visit.contrast = asked.mode.contrast;
    asked.visit.now = request.now;
    asked.visit.request_id = request.actor.request_id;
    if (const auto page = page_number_of(request); page && *page > 1)
        asked.visit.query_kept = "page=" + std::to_string(*page);
    return asked;
}

http::Response Portal::page(
    const Asked& asked, std::string bytes, std::vector<std::string> tags) const
{
    if (asked.visit.hant)
        bytes = in_traditional(*converter_, bytes);
    auto response = http::html(std::move(bytes)).with_header("Cache-Control", "no-cache");
    if (asked.mode.from_query) {
        auto cookie = "hb_view=" + std::string(to_string(asked.mode))
                      + "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly";
        if (asked.request.secure)
            cookie += "; Secure";
        return std::move(response).with_header("Set-Cookie", cookie);
    }
    return tags.empty() ? std::move(response) : kept(std::move(response), std::move(tags));
}

http::Response Portal::fault(const Asked& asked, int status) const
{
    auto bytes = portal::error_page(
        themes_.find(asked.facts->site.theme), *asked.facts, asked.visit, {status, "", ""});
    if (asked.visit.hant)
        bytes = in_traditional(*converter_, bytes);
    return http::html(std::move(bytes), status).with_header("Cache-Control", "no-store");
}

http::Response Portal::error_page(
    const http::Request& request, int status, const base::Error& error)
{
    const ErrorFacts facts{status, error.code, ""};
    try {
        if (auto site = book_.find(host_of(request)); site && status != 421)
            return fault(understand(request, std::move(site)), status);
    } catch (const std::exception&) {
        // The database is away, which may be the very error: then without a site around it.
    }
    return http::html(
               bare_error_page(themes_.find("base"), facts, request.actor.request_id), status)
        .with_header("Cache-Control", "no-store");
}

http::Reply Portal::answer(const http::Request& request)
{
    auto facts = book_.find(host_of(request));
    if (!facts)
        return http::html(bare_error_page(themes_.find("base"), {421, "", ""}, ""), 421)
            .with_header("Cache-Control", "no-store");
    return answer_page(understand(request, std::move(facts)));
}

http::Reply Portal::answer_page(const Asked& asked)
{
    const auto& facts = *asked.facts;
    const auto& theme = themes_.find(facts.site.theme);
    const std::string_view path = asked.visit.path;
    if (path == "/") {
        const auto home = database_.read([&](db::Transaction& tx) { return load_home(tx, facts); });
        return page(asked, home_page(theme, facts, asked.visit, home), tags_of_home(facts, home));
    }
    if (path == "/search")
        return answer_search(asked);
    if (path == "/sitemap")
        return page(asked, site_map_page(theme, facts, asked.visit), tags_of_frame(facts));
    if (const auto self = self_page_at(path))
        return page(asked, self_page(theme, facts, asked.visit, *self), tags_of_frame(facts));
    if (path == "/robots.txt")
        return kept(http::text(robots_txt(facts)), tags_of_frame(facts));
    if (path == "/sitemap.xml")
        return answer_sitemap(asked);
    if (path.ends_with("/rss.xml"))
        return answer_feed(asked, path.substr(0, path.size() - feed_name.size()));
    return answer_address(asked);
}

http::Reply Portal::answer_address(const Asked& asked)
{
    const auto& facts = *asked.facts;
    const auto& theme = themes_.find(facts.site.theme);
    const auto prefix = asked.visit.hant ? std::string(hant_prefix) : std::string();
    const auto& path = asked.visit.path;
    const auto number = page_number_of(asked.request);
    if (const auto* column = find_column_at(facts, path)) {
        const auto shown = !number ? std::nullopt : database_.read([&](db::Transaction& tx) {
            return load_column_page(tx, facts, *column, *number);
        });
        if (!shown)
            return fault(asked, 404);
        const auto tags = tags_of_column(facts, *shown, columns_listed_by(facts, *column));
        return page(asked, column_page(theme, facts, asked.visit, *shown), tags);
    }
    if (find_column_at(facts, path + "/"))
        return http::redirect(prefix + encoded_path(path + "/"), 301);

    auto found = database_.read([&](db::Transaction& tx) { return find_at(tx, facts, path); });
    if (auto* item = std::get_if<ItemFacts>(&found)) {
        // A hidden column hides what stands in it.
        if (!item->column.id)
            return fault(asked, 404);
        return page(asked, item_page(theme, facts, asked.visit, *item), tags_of_item(facts, *item));
    }
    if (const auto* moved = std::get_if<release::MovedTo>(&found))
        return http::redirect(prefix + encoded_path(moved->url), 301);
    return fault(asked, std::holds_alternative<release::Gone>(found) ? 410 : 404);
}

http::Reply Portal::answer_feed(const Asked& asked, std::string_view column_path)
{
    const auto& facts = *asked.facts;
    const auto* column = column_path == "/" ? nullptr : find_column_at(facts, column_path);
    if (!column && column_path != "/")
        return fault(asked, 404);
    const auto columns = column ? columns_listed_by(facts, *column) : std::vector<base::ColumnId>();
    const auto items = database_.read([&](db::Transaction& tx) {
        return column ? release::list_live(tx, columns, 0, feed_length)
                      : release::list_live_of_site(tx, facts.site.id, 0, feed_length);
    });
    return kept(
        http::xml(rss_feed(facts, column, items), "application/rss+xml; charset=utf-8"),
        tags_of_feed(facts, columns));
}

http::Reply Portal::answer_sitemap(const Asked& asked)
{
    const auto& facts = *asked.facts;
    const auto items = database_.read([&](db::Transaction& tx) {
        return release::list_live_of_site(tx, facts.site.id, 0, sitemap_length);
    });
    return kept(http::xml(sitemap_xml(facts, items)), tags_of_feed(facts, {}));
}

http::Reply Portal::answer_search(const Asked& asked)
{
    const auto& facts = *asked.facts;
    const auto found = search_for(asked.request, facts, database_, index_);
    auto visit = asked.visit;
    visit.query_kept =
        search_address(found.choice, found.choice.page).substr(std::string_view("/search?").size());
    Asked shown = asked;
    shown.visit = visit;
    return page(shown, search_page(themes_.find(facts.site.theme), facts, visit, found), {});
}

http::Reply Portal::answer_static(const http::Request& request)
{
    const auto& theme = themes_.find(request.parameter("theme"));
    const auto* file = theme.name() == request.parameter("theme")
                           ? theme.find_static(request.parameter("file"))
                           : nullptr;
    if (!file)
        return base::refuse(base::Error::Kind::NotFound, "portal.no_such_file", "没有这个文件");
    http::Response response;
    response.body = file->bytes;
    response.with_header("Content-Type", file->media_type);
    response.with_header("Cache-Control", "public, max-age=31536000, immutable");
    return kept(std::move(response), {"static"});
}

http::Reply Portal::answer_file(const http::Request& request)
{
    const auto facts = book_.find(host_of(request));
    const auto hash = request.parameter("hash");
    const auto file =
        facts && is_file_hash(hash)
            ? database_.read([&](db::Transaction& tx) { return find_shown_file(tx, *facts, hash); })
            : std::nullopt;
    if (!file || !files_.has(hash))
        return base::refuse(
            base::Error::Kind::NotFound, "portal.no_such_file", "没有这个文件，或者它已随信息撤下");
    return file_response(*file, files_.path_of(hash));
}

} // namespace portal
