#pragma once

// Sites and columns as JSON: on the wire (web/openapi.yaml), in the audit trail, in the columns of
// site_sites that are read with their site only.

#include "core/site/column.h"
#include "core/site/site.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace site {

boost::json::object to_json(const Site&);
boost::json::object to_json(const Column&);

std::string to_text(const std::vector<ResponsiblePerson>&);
std::string to_text(const std::vector<FriendlyLink>&);
std::vector<ResponsiblePerson> responsible_from(std::string_view text);
std::vector<FriendlyLink> links_from(std::string_view text);

} // namespace site
