#pragma once

// Errors on the wire: one mapping from kinds to statuses, one JSON form (RFC 9457).

#include "base/result.h"
#include "http/response.h"

#include <string_view>

namespace http {

/// Invalid 422, Unauthenticated 401, Forbidden 403, NotFound 404, Conflict 409, Limited 429.
int status_of(base::Error::Kind);

/// application/problem+json: {"title","status","code","request_id","errors":{"field":"message"}}.
Response problem(int status, const base::Error& error, std::string_view request_id);

} // namespace http
