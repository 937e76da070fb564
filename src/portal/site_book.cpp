#include "portal/site_book.h"

#include "core/org/org.h"
#include "db/database.h"
#include "db/events.h"

#include <algorithm>
#include <fmt/format.h>

namespace portal {
namespace {

std::string org_name(db::Transaction& tx, base::OrgId id)
{
    if (!id)
        return {};
    const auto found = org::load_org(tx, id);
    return found ? found->name : std::string();
}

/// Hidden columns and everything below them are not there for the public.
std::vector<site::Column> shown_columns(db::Transaction& tx, base::SiteId id)
{
    std::vector<site::Column> shown;
    std::vector<std::string> hidden;
    for (auto& column : site::list_columns(tx, id)) {
        const bool below_hidden = std::any_of(hidden.begin(), hidden.end(), [&](const auto& path) {
            return column.id_path.starts_with(path);
        });
        if (column.hidden)
            hidden.push_back(column.id_path);
        else if (!below_hidden)
            shown.push_back(std::move(column));
    }
    return shown;
}

bool is_this_machine(std::string_view name)
{
    return name == "localhost" || name == "127.0.0.1" || name == "[::1]" || name == "::1";
}

constexpr std::string_view local_ending = ".localhost";

std::string_view host_in(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return {};
    const auto host = url.substr(scheme + 3);
    return host.substr(0, host.find_first_of(":/?#"));
}

/// An address of a site of this platform, moved to where that site is on this machine.
void keep_local(std::string& url, const std::vector<Neighbour>& neighbours)
{
    const auto host = host_in(url);
    if (host.empty())
        return;
    for (const auto& neighbour : neighbours) {
        const auto& hosts = neighbour.hosts;
        if (std::find(hosts.begin(), hosts.end(), host) == hosts.end())
            continue;
        const auto rest = url.find_first_of("/?#", url.find("://") + 3);
        url = neighbour.base_url + (rest == std::string::npos ? "/" : url.substr(rest));
        return;
    }
}

std::shared_ptr<const SiteFacts> shared_local(const SiteFacts& facts, std::uint16_t port)
{
    return std::make_shared<const SiteFacts>(kept_local(facts, port));
}

} // namespace

SiteFacts kept_local(SiteFacts facts, std::uint16_t port)
{
    const auto ending = port == 0 ? std::string() : fmt::format(":{}", port);
    for (auto& neighbour : facts.neighbours)
        neighbour.base_url = fmt::format("http://{}.localhost{}", neighbour.code, ending);
    for (auto& link : facts.site.links)
        keep_local(link.url, facts.neighbours);
    for (auto& link : facts.layout.upper_links)
        keep_local(link.url, facts.neighbours);
    for (auto& service : facts.layout.services)
        keep_local(service.url, facts.neighbours);
    return facts;
}

struct SiteBook::Book {
    std::map<std::string, std::shared_ptr<const SiteFacts>, std::less<>> by_host;
    std::map<std::string, std::shared_ptr<const SiteFacts>, std::less<>> by_code;
    std::shared_ptr<const SiteFacts> first;
};

SiteFacts load_site_facts(
    db::Transaction& tx, const site::Site& site, const std::vector<site::Site>& sites)
{
    SiteFacts facts;
    facts.site = site;
    facts.sponsor = org_name(tx, site.sponsor_org);
    facts.operator_ = org_name(tx, site.operator_org);
    facts.supervisor = org_name(tx, site.supervising_org);
    facts.layout = layout_from(site.layout);
    facts.columns = shown_columns(tx, site.id);
    for (const auto& other : sites) {
        facts.neighbours.push_back(
            {other.id, other.name, "https://" + other.primary_domain, other.code, other.domains});
    }
    return facts;
}

SiteBook::SiteBook(db::Database& database)
    : database_(database)
{
}

std::shared_ptr<const SiteBook::Book> SiteBook::open()
{
    std::uint64_t generation = 0;
    {
        const std::lock_guard lock(mutex_);
        if (book_)
            return book_;
        generation = generation_;
    }
    auto book = std::make_shared<Book>();
    database_.read([&](db::Transaction& tx) {
        const auto sites = site::list_sites(tx);
        for (const auto& site : sites) {
            if (site.state == site::SiteState::Preparing || site.state == site::SiteState::Closed)
                continue;
            auto facts = std::make_shared<const SiteFacts>(load_site_facts(tx, site, sites));
            for (const auto& domain : site.domains)
                book->by_host[domain] = facts;
            book->by_host[site.primary_domain] = facts;
            book->by_code[site.code] = facts;
            if (!book->first && site.kind == site::SiteKind::Portal)
                book->first = facts;
        }
    });
    // What was read while an event came in may be of before: used once, not kept.
    const std::lock_guard lock(mutex_);
    if (generation == generation_)
        book_ = book;
    return book;
}

std::shared_ptr<const SiteFacts> SiteBook::find(const Host& host)
{
    const auto book = open();
    const bool local_name = host.loopback && host.name.ends_with(local_ending);
    const auto known = book->by_host.find(host.name);
    if (known != book->by_host.end())
        return local_name ? shared_local(*known->second, host.port) : known->second;
    if (local_name) {
        const auto code = host.name.substr(0, host.name.size() - local_ending.size());
        const auto named = book->by_code.find(code);
        return named == book->by_code.end() ? nullptr : shared_local(*named->second, host.port);
    }
    if (host.loopback && is_this_machine(host.name) && book->first)
        return shared_local(*book->first, host.port);
    return nullptr;
}

void SiteBook::forget(const db::Event& event)
{
    if (!event.kind.starts_with("site.") && !event.kind.starts_with("org."))
        return;
    const std::lock_guard lock(mutex_);
    ++generation_;
    book_.reset();
}

} // namespace portal
