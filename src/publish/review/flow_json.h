#pragma once

// Flows, passes, levels and chains as JSON: one form for the store and for the API.

#include "base/result.h"
#include "publish/review/flow.h"
#include "publish/review/pass_rules.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace review {

boost::json::object to_json(const Flow&, base::Instant now);
boost::json::object to_json(const Pass&);
boost::json::object to_json(const Chain&);
boost::json::array to_json(const std::vector<Level>&);

/// Refuse with review.invalid, naming the fields.
base::Result<Decision> decision_from(const boost::json::object&, base::UserId reviewer);
base::Result<Chain> chain_from(const boost::json::object&);

std::string to_text(const std::vector<Level>&);
std::vector<Level> levels_from_text(std::string_view);

/// Gates, proof and comments of a pass.
std::string record_text(const Pass&);
void read_record(std::string_view text, Pass& pass);

} // namespace review
