#pragma once

// Staff on the wire: User, Grant, Role of web/openapi.yaml.

#include "core/identity/ability.h"
#include "core/identity/session.h"
#include "core/identity/staff.h"

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace identity {

/// The telephone number masked.
boost::json::object to_json(const User&, const std::vector<Grant>& grants);
boost::json::object to_json(const Grant&);
boost::json::object to_json(const Role&);
boost::json::object to_json(const Session&, std::int64_t current);
boost::json::array to_json(const std::vector<Grant>&);
boost::json::array to_json(const std::vector<std::string>&);

/// "138****1234"; one that is too short for that is hidden whole.
std::string mask_phone(std::string_view phone);

} // namespace identity
