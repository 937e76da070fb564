#pragma once

// Every page as a pure function of facts: same facts, same bytes. One .cpp file per page.

#include "portal/facts.h"
#include "portal/theme.h"

#include <string>

namespace portal {

std::string home_page(const Theme&, const SiteFacts&, const Visit&, const HomeFacts&);
std::string column_page(const Theme&, const SiteFacts&, const Visit&, const ColumnFacts&);
std::string item_page(const Theme&, const SiteFacts&, const Visit&, const ItemFacts&);
std::string search_page(const Theme&, const SiteFacts&, const Visit&, const SearchFacts&);
std::string site_map_page(const Theme&, const SiteFacts&, const Visit&);

/// The pages that a site has by itself, made from its facts.
enum class SelfPage { About, Contact, Copyright, Accessibility };
std::string self_page(const Theme&, const SiteFacts&, const Visit&, SelfPage);

std::string error_page(const Theme&, const SiteFacts&, const Visit&, const ErrorFacts&);
/// When there is no site to stand in: 421 (wrong host), or 500 and 503 when facts can't be loaded.
std::string bare_error_page(const Theme&, const ErrorFacts&, const std::string& request_id);

/// "/search?q=…&type=…" of a choice, on the given page.
std::string search_address(const SearchChoice&, int page);

} // namespace portal
