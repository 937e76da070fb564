#pragma once

// A record on the wire: AuditRecord of web/openapi.yaml.

#include "core/audit/audit.h"

#include <boost/json.hpp>

namespace audit {

boost::json::object to_json(const Record&);

} // namespace audit
