#pragma once

// Steps of answering a request, apart from the routes: the search as the reader asked it, what
// stands at an address, a file for download.

#include "http/response.h"
#include "portal/cache_rules.h"
#include "portal/facts.h"
#include "portal/frame.h"
#include "portal/portal.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace portal {

struct Portal::Asked {
    const http::Request& request;
    std::shared_ptr<const SiteFacts> facts;
    Visit visit;
    ViewMode mode;
};

/// The choice of the query string; what is out of range is as if it were absent.
SearchChoice search_choice_of(const http::Request&);

SearchFacts search_for(const http::Request&, const SiteFacts&, db::Database&, const search::Index*);

/// Each item once, at the place of its first hit: the hit on the wanted site if there is one, the
/// others as `also`. `items`: the item of each hit's publication.
std::vector<FoundItem> grouped(
    const std::vector<search::Hit>& hits, const std::map<std::int64_t, base::ItemId>& items,
    std::int64_t wanted_site);

/// An item's page, where it moved to, that it is gone, or nothing (monostate). Old addresses of
/// moved columns lead on too.
using AtAddress = std::variant<std::monostate, ItemFacts, release::MovedTo, release::Gone>;
AtAddress find_at(db::Transaction&, const SiteFacts&, const std::string& path);

bool is_file_hash(std::string_view);
/// A file of something live, or of the site's own marks.
std::optional<library::Attachment> find_shown_file(
    db::Transaction&, const SiteFacts&, std::string_view hash);
/// Pictures are shown; everything else is handed over for saving, and nothing runs as our origin.
http::Response file_response(const library::Attachment&, const std::string& path);

} // namespace portal
