#include "app/system_api.h"

#include "app/openapi.h"
#include "db/database.h"
#include "db/events.h"
#include "http/json.h"

#include <memory>

namespace app {
namespace {

namespace json = http::json;

http::Response health(db::Database& database)
{
    try {
        database.read([](db::Transaction& tx) { db::find_last_event_id(tx); });
    } catch (const db::Failure& failure) {
        return http::json_response(
            json::object{
                {"status", "degraded"},
                {"version", HUABIAO_VERSION},
                {"checks", {{"database", "数据库暂时不可用"}}},
            },
            503);
    }
    return http::json_response(json::object{
        {"status", "ok"}, {"version", HUABIAO_VERSION}, {"checks", {{"database", "ok"}}}});
}

} // namespace

http::Routes system_routes(db::Database& database)
{
    using http::Method;
    const auto contract = std::make_shared<const std::string>(openapi_json());
    return {
        {Method::Get, "/api/openapi.json", http::public_access,
         [contract](const http::Request&) -> http::Reply {
             http::Response response;
             response.body = *contract;
             response.with_header("Content-Type", "application/json; charset=utf-8");
             return response;
         }},
        {Method::Get, "/api/health", http::public_access,
         [&database](const http::Request&) -> http::Reply { return health(database); }},
    };
}

} // namespace app
