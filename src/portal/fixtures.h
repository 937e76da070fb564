#pragma once

// A made-up county and its pages, for the tests of this module.

#include "portal/facts.h"
#include "portal/theme.h"

#include <string>
#include <utility>
#include <vector>

namespace portal::testing {

SiteFacts good_site();       // A county portal with columns, links and services.
SiteFacts department_site(); // A department site of the same platform.
Visit good_visit(std::string path = "/");
HomeFacts good_home(const SiteFacts&);
HomeFacts department_home(const SiteFacts&);
const site::Column& column_named(const SiteFacts&, std::string_view name);
release::Listed good_line(const site::Column&, int number, std::string title);
ColumnFacts good_list(const SiteFacts&, std::string_view column);
ItemFacts good_news(const SiteFacts&);
ItemFacts good_policy(const SiteFacts&);
ItemFacts good_interpretation(const SiteFacts&);
SearchFacts good_search();

const Theme& base_theme();

/// Every page of the house: file name → bytes.
std::vector<std::pair<std::string, std::string>> every_page(const Theme&, const Visit& how);

} // namespace portal::testing
