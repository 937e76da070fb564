#include "http/problem.h"

#include "http/json.h"

namespace http {

int status_of(base::Error::Kind kind)
{
    switch (kind) {
    case base::Error::Kind::Invalid: return 422;
    case base::Error::Kind::Unauthenticated: return 401;
    case base::Error::Kind::Forbidden: return 403;
    case base::Error::Kind::NotFound: return 404;
    case base::Error::Kind::Conflict: return 409;
    case base::Error::Kind::Limited: return 429;
    }
    return 500;
}

Response problem(int status, const base::Error& error, std::string_view request_id)
{
    json::object body{
        {"title", error.message},
        {"status", status},
        {"code", error.code},
        {"request_id", request_id}};
    if (!error.fields.empty()) {
        auto& errors = body["errors"].emplace_object();
        // Of two complaints about one field the first is told: it is the one to mend first.
        for (const auto& field : error.fields)
            errors.emplace(field.field, field.message);
    }
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/problem+json; charset=utf-8");
    response.body = json::serialize(body);
    return response;
}

} // namespace http
