#pragma once

// What a site and a column must be. Pure: no database, no clock.

#include "base/result.h"
#include "core/org/org.h"
#include "core/site/column.h"
#include "core/site/site.h"

#include <string_view>
#include <vector>

namespace site {

inline constexpr int column_levels_max = 5;

/// Every field that does not fit. Codes and numbers may be empty (a site in preparation has none).
std::vector<base::FieldError> list_site_errors(const Site&);
std::vector<base::FieldError> list_column_errors(const Column&);

/// may a unit of this kind and level have a site at all? R-022: of this kind?
bool may_have_site(const org::Org& sponsor);
bool may_have_portal(const org::Org& sponsor);

/// states in which a portal can never be.
bool is_closing_state(SiteState);

bool is_domain(std::string_view); // Lower case, ASCII or UTF-8 labels, at least one dot.

} // namespace site
