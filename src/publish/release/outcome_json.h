#pragma once

// Publications and outcomes as JSON: for the API and for the memory of orders that were carried
// out.

#include "publish/release/release.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace release {

boost::json::object to_json(const Publication&);
boost::json::object to_json(const Outcome&);
base::Result<Order> order_from(const boost::json::object&, base::ItemId item);

std::string outcomes_text(const std::vector<Outcome>&);
/// Publications as they are now, errors as they were.
std::vector<Outcome> outcomes_from_text(db::Transaction&, std::string_view text);

} // namespace release
