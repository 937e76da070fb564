#pragma once

// An organisation on the wire: Org of web/openapi.yaml.

#include "core/org/org.h"

#include <boost/json.hpp>

namespace org {

boost::json::object to_json(const Org&);

} // namespace org
