#include "portal/preview.h"

#include "core/identity/ability.h"
#include "db/database.h"
#include "portal/asked.h"
#include "portal/load.h"
#include "portal/pages.h"
#include "portal/site_book.h"
#include "publish/library/query.h"
#include "publish/library/rights.h"
#include "publish/release/pages.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace portal {
namespace {

constexpr std::string_view files_folder = "/files/";
constexpr std::size_t hash_length = 64;

/// Also of what exists but is not for this reader: ids must not be probed.
auto not_found()
{
    return base::refuse(
        base::Error::Kind::NotFound, "portal.no_preview",
        "没有这个稿件或版本，或者不在您的权限范围内");
}

/// 0 when absent, -1 when it is no number: then nothing has that id.
std::int64_t number_of(const http::Request& request, std::string_view name)
{
    const auto text = request.query_value(name).value_or("");
    if (text.empty())
        return 0;
    std::int64_t number = -1;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? number : -1;
}

/// As it would stand on the site: where it stands already, else in the column it is meant for.
release::Publication place_on(
    db::Transaction& tx, const library::Item& item, const library::Version& version,
    base::SiteId site, base::Instant now)
{
    for (auto& there : release::list_publications_of(tx, item.id)) {
        const bool stands = there.state == release::PublicationState::Live
                            || there.state == release::PublicationState::Scheduled;
        if (there.site == site && stands)
            return there;
    }
    release::Publication wanted;
    wanted.item = item.id;
    wanted.site = site;
    wanted.publish_at = now;
    for (const auto& target : version.content.targets) {
        if (target.site != site)
            continue;
        wanted.column = target.column;
        break;
    }
    return wanted;
}

bool is_live(const library::Version& version, const release::Publication& there)
{
    return there.id && there.state == release::PublicationState::Live
           && there.version == version.id;
}

std::string version_text(const library::Version& version)
{
    return fmt::format(
        "第 {} 版，{} 由{}保存", version.number, base::to_minute_text(version.saved_at),
        version.saved_by_name);
}

base::Result<base::SiteId> site_wanted(
    const http::Request& request, const library::Version& version,
    const std::vector<site::Site>& sites)
{
    const auto asked = number_of(request, "site");
    const auto& targets = version.content.targets;
    auto wanted = base::SiteId{asked};
    if (asked == 0 && !targets.empty())
        wanted = targets.front().site;
    else if (asked == 0 && !sites.empty())
        wanted = sites.front().id;
    const bool exists = std::any_of(
        sites.begin(), sites.end(), [&](const auto& site) { return site.id == wanted; });
    if (!exists)
        return not_found();
    return wanted;
}

/// Released interpretations are found by their live links; one that is not yet says itself what it
/// explains.
void add_policies(db::Transaction& tx, base::SiteId site, ItemFacts& item)
{
    if (!item.policies.empty())
        return;
    for (const auto policy : item.shown.version.content.interprets) {
        std::optional<release::Publication> nearest;
        for (auto& there : release::list_publications_of(tx, policy)) {
            if (there.state != release::PublicationState::Live)
                continue;
            if (!nearest || (nearest->site != site && there.site == site))
                nearest = std::move(there);
        }
        const auto shown = nearest ? release::find_live(tx, nearest->id) : std::nullopt;
        if (!shown)
            continue;
        release::Listed line;
        line.id = nearest->id;
        line.item = policy;
        line.site = nearest->site;
        line.column = nearest->column;
        line.kind = shown->item.kind;
        line.title = shown->version.content.title;
        line.url = nearest->url;
        line.published_at = nearest->publish_at;
        line.document_number = shown->version.content.policy.document_number;
        line.validity = shown->version.content.policy.validity;
        item.policies.push_back(std::move(line));
    }
}

std::optional<site::Column> find_hidden(db::Transaction& tx, base::ColumnId id)
{
    if (!id)
        return std::nullopt;
    auto column = site::load_column(tx, id);
    return column ? std::optional(std::move(*column)) : std::nullopt;
}

struct Preview {
    SiteFacts facts;
    ItemFacts item;
    Visit visit;
};

base::Result<Preview> load_preview(db::Transaction& tx, const http::Request& request)
{
    const auto authority = identity::Authority::load(tx, request.actor.user, request.now);
    const auto id = TRY(request.id<base::ItemId>("id"));
    auto item = library::find_item(tx, id);
    if (!item || !library::may_read(tx, authority, *item))
        return not_found();
    const auto number = number_of(request, "version");
    auto found = number == 0 ? library::load_version(tx, item->newest)
                             : library::load_version_number(tx, id, static_cast<int>(number));
    if (!found)
        return not_found();
    auto version = std::move(*found);
    const auto sites = site::list_sites(tx);
    const auto wanted = TRY(site_wanted(request, version, sites));
    const auto site =
        std::find_if(sites.begin(), sites.end(), [&](const auto& one) { return one.id == wanted; });

    Preview preview;
    preview.facts = load_site_facts(tx, *site, sites);
    if (request.loopback)
        preview.facts = kept_local(std::move(preview.facts), request.port);
    auto place = place_on(tx, *item, version, wanted, request.now);
    preview.visit.preview = is_live(version, place) ? "预览：这一版已经发布" : "预览：尚未发布";
    preview.visit.preview_version = version_text(version);
    preview.visit.path = "/";
    preview.visit.now = request.now;
    const auto column = place.column;
    preview.item =
        load_item_page(tx, preview.facts, {std::move(place), std::move(*item), std::move(version)});
    add_policies(tx, wanted, preview.item);
    if (preview.item.column.id) {
        preview.visit.path = preview.item.column.path;
    } else if (const auto hidden = find_hidden(tx, column)) {
        preview.item.column = *hidden; // Prepared, not yet shown to the public.
    } else {
        preview.item.column.name = "未选栏目";
    }
    return preview;
}

std::string local_base(const SiteFacts& facts)
{
    for (const auto& neighbour : facts.neighbours) {
        if (neighbour.id == facts.site.id)
            return neighbour.base_url;
    }
    return base_url_of(facts, facts.site.id);
}

http::Reply answer_preview(
    db::Database& database, const ThemeShelf& themes, const http::Request& request)
{
    const auto preview =
        TRY(database.read([&](db::Transaction& tx) { return load_preview(tx, request); }));
    const auto& facts = preview.facts;
    const auto page = item_page(themes.find(facts.site.theme), facts, preview.visit, preview.item);
    return http::html(with_preview_addresses(page, local_base(facts)))
        .with_header("Cache-Control", "no-store")
        .with_header("X-Robots-Tag", "noindex");
}

/// One address of the page, as the console needs it.
void append_address(
    std::string& out, std::string_view address, bool is_link, std::string_view base_url)
{
    const auto hash = address.starts_with(files_folder)
                          ? address.substr(files_folder.size(), hash_length)
                          : std::string_view();
    if (is_file_hash(hash)) {
        out += "/api/files/";
        out += hash;
        return;
    }
    if (is_link && address.starts_with('/'))
        out += base_url;
    out += address;
}

} // namespace

std::string with_preview_addresses(std::string_view page, std::string_view base_url)
{
    std::string out;
    out.reserve(page.size() + page.size() / 8);
    while (true) {
        const auto href = page.find(" href=\"");
        const auto src = page.find(" src=\"");
        const auto at = std::min(href, src);
        if (at == std::string_view::npos)
            break;
        const auto begin = page.find('"', at) + 1;
        const auto end = page.find('"', begin);
        if (end == std::string_view::npos)
            break;
        const auto tag = page.rfind('<', at);
        const bool is_link = tag != std::string_view::npos && page.substr(tag).starts_with("<a ");
        out += page.substr(0, begin);
        append_address(out, page.substr(begin, end - begin), is_link, base_url);
        page.remove_prefix(end);
    }
    out += page;
    return out;
}

http::Routes preview_routes(db::Database& database, const ThemeShelf& themes)
{
    return {
        {http::Method::Get, "/api/items/{id}/preview", http::needs(identity::ability::library_read),
         [&database, &themes](const http::Request& request) {
             return answer_preview(database, themes, request);
         }},
    };
}

} // namespace portal
