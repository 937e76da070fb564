#include "db/database.h"
#include "publish/library/api_items.h"
#include "publish/library/content_json.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"

#include <charconv>

namespace library {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

struct VersionNumber {
    std::int64_t value = 0;
};

json::object to_json(const VersionHead& head, const Item& item)
{
    return {
        {"id", head.id.value},
        {"number", head.number},
        {"title", head.title},
        {"digest", head.digest},
        {"saved_by_name", head.saved_by_name},
        {"saved_at", base::to_iso_text(head.saved_at)},
        {"autosaved", head.autosaved},
        {"note", head.note},
        {"approved", head.id == item.approved},
    };
}

http::Reply list(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto item = TRY(load_readable(tx, authority, id));
        json::array versions;
        for (const auto& head : list_versions(tx, id))
            versions.push_back(to_json(head, item));
        return http::json_response(versions);
    });
}

http::Reply show(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto number = TRY(request.id<VersionNumber>("number"));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto item = TRY(load_readable(tx, authority, id));
        const auto version = TRY(load_version_number(tx, id, static_cast<int>(number.value)));
        const VersionHead head{
            .id = version.id,
            .number = version.number,
            .title = version.content.title,
            .digest = version.digest,
            .saved_by_name = version.saved_by_name,
            .saved_at = version.saved_at,
            .autosaved = version.autosaved,
            .note = version.note,
        };
        auto answer = to_json(head, item);
        answer["content"] = to_console_json(version.content);
        return http::json_response(answer);
    });
}

http::Reply restore(db::Database& database, const http::Request& request, const ItemDecorator& more)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto number = TRY(request.id<VersionNumber>("number"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto revision = static_cast<int>(read.need_integer("revision", 0, INT32_MAX));
    TRY(read.finish("library.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_for(tx, authority, id, ability::library_write));
        const auto item = TRY(restore_version(
            tx, request.actor, id, static_cast<int>(number.value), revision, request.now));
        return http::json_response(TRY(item_detail(tx, authority, item, more)));
    });
}

} // namespace

http::Routes version_routes(db::Database& database, ItemDecorator more)
{
    using http::Method;
    return {
        {Method::Get, "/api/items/{id}/versions", http::needs(ability::library_read),
         [&database](const http::Request& request) { return list(database, request); }},
        {Method::Get, "/api/items/{id}/versions/{number}", http::needs(ability::library_read),
         [&database](const http::Request& request) { return show(database, request); }},
        {Method::Post, "/api/items/{id}/versions/{number}/restore", http::signed_in,
         [&database, more](const http::Request& request) {
             return restore(database, request, more);
         }},
    };
}

} // namespace library
