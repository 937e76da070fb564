#pragma once

// The public face of every site: routes, and what the server needs around them. Wire it so:
//
//   portal::Portal face({.themes = "themes"}, database, index, files);
//   hooks.cache_key = portal::cache_key;                     // cache_rules.h
//   pump.subscribe("page_cache", EventPump::From::Now,
//                  [&](const auto& batch) { cache.drop(face.take_events(batch)); });
//   hooks.error_page = … face.error_page(request, status, error) for paths that are not /api or
//   /console

#include "http/route.h"
#include "portal/site_book.h"
#include "portal/theme.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace db {
class Database;
struct Event;
} // namespace db
namespace library {
class FileStore;
}
namespace search {
class Index;
}
namespace text {
class TraditionalConverter;
}

namespace portal {

struct PortalSettings {
    std::filesystem::path themes; // The folder of all themes.
};

/// Thread-safe. Everything passed in must live longer.
class Portal {
public:
    /// Throws std::runtime_error when the base theme does not load. `index` may be null: then the
    /// search says that it is not available.
    Portal(
        const PortalSettings&, db::Database&, const search::Index* index,
        const library::FileStore&);
    ~Portal();

    /// GET routes only, all public; the last is /{rest*}.
    http::Routes routes();

    /// The preview for the console: portal/preview.h.
    http::Routes preview_routes();

    /// Reads what the first search would have to wait for, on a thread of its own.
    void warm_up();

    /// Forgets what the events changed and returns the tags to be dropped from the page cache. To
    /// be called by the cache's subscriber, in order.
    std::vector<std::string> take_events(const std::vector<db::Event>&);

    /// An error as a page of the site that was asked, or as a bare one. Never throws.
    http::Response error_page(const http::Request&, int status, const base::Error&);

    /// Themes that could not be loaded, each with the reason, for the log.
    const std::vector<std::string>& theme_faults() const { return themes_.faults(); }

private:
    struct Asked; // One request, understood.

    http::Reply answer(const http::Request&);
    http::Reply answer_page(const Asked&);
    http::Reply answer_address(const Asked&);
    http::Reply answer_search(const Asked&);
    http::Reply answer_feed(const Asked&, std::string_view column_path);
    http::Reply answer_sitemap(const Asked&);
    http::Reply answer_static(const http::Request&);
    http::Reply answer_file(const http::Request&);
    http::Response page(const Asked&, std::string bytes, std::vector<std::string> tags) const;
    http::Response fault(const Asked&, int status) const;
    Asked understand(const http::Request&, std::shared_ptr<const SiteFacts>) const;

    ThemeShelf themes_;
    db::Database& database_;
    const search::Index* index_;
    const library::FileStore& files_;
    SiteBook book_;
    std::unique_ptr<text::TraditionalConverter> converter_;
    std::jthread warming_;
};

} // namespace portal
