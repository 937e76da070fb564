#include "publish/release/api.h"

#include "core/site/column.h"
#include "db/database.h"
#include "http/json.h"
#include "publish/library/query.h"
#include "publish/library/rights.h"
#include "publish/release/announce.h"
#include "publish/release/outcome_json.h"
#include "publish/release/pages.h"
#include "publish/release/refusals.h"
#include "publish/release/release.h"

namespace release {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

json::object with_may(
    db::Transaction& tx, const Authority& authority, const Publication& publication)
{
    auto out = to_json(publication);
    if (const auto version = library::load_version(tx, publication.version))
        out["version_number"] = version->number;
    json::array may;
    const bool stands = publication.state == PublicationState::Live
                        || publication.state == PublicationState::Scheduled;
    const auto column = site::load_column(tx, publication.column);
    const auto place = column ? place_of(tx, *column) : base::Result<identity::Place>();
    if (stands && column && place) {
        if (authority.may(ability::release_withdraw, *place))
            may.emplace_back("withdraw");
        if (authority.may(ability::release_publish, *place)) {
            may.emplace_back("move");
            may.emplace_back("pin");
        }
    }
    out["may"] = std::move(may);
    return out;
}

base::Result<> require_readable(db::Transaction& tx, const Authority& authority, base::ItemId id)
{
    const auto item = TRY(library::load_item(tx, id));
    if (!library::may_read(tx, authority, item))
        return base::refuse(
            base::Error::Kind::NotFound, "library.item_not_found",
            "稿件不存在，或不在您的管理范围内");
    return {};
}

http::Reply list(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(require_readable(tx, authority, id));
        json::array answer;
        for (const auto& publication : list_publications_of(tx, id))
            answer.push_back(with_may(tx, authority, publication));
        return http::json_response(answer);
    });
}

http::Reply release_item(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto body = TRY(http::json_body(request));
    const auto order = TRY(order_from(body, id));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(require_readable(tx, authority, id));
        json::array outcomes;
        for (const auto& outcome : TRY(release(tx, request.actor, authority, order, request.now)))
            outcomes.push_back(to_json(outcome));
        return http::json_response(json::object{{"outcomes", std::move(outcomes)}});
    });
}

base::Result<std::string> reason_of(const http::Request& request)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    auto reason = read.find_text("reason", 500).value_or("");
    TRY(read.finish("release.invalid"));
    if (reason.empty())
        return reason_missing();
    return reason;
}

http::Reply withdraw_item(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto reason = TRY(reason_of(request));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(require_readable(tx, authority, id));
        json::array answer;
        for (const auto& publication :
             TRY(withdraw_everywhere(tx, request.actor, authority, id, reason, request.now)))
            answer.push_back(with_may(tx, authority, publication));
        return http::json_response(answer);
    });
}

http::Reply withdraw_one(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<PublicationId>("id"));
    const auto reason = TRY(reason_of(request));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto publication =
            TRY(withdraw(tx, request.actor, authority, id, reason, request.now));
        return http::json_response(with_may(tx, authority, publication));
    });
}

http::Reply move_one(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<PublicationId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const base::ColumnId to{read.need_integer("column_id", 1, INT64_MAX)};
    TRY(read.finish("release.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto publication = TRY(move(tx, request.actor, authority, id, to, request.now));
        return http::json_response(with_may(tx, authority, publication));
    });
}

http::Reply pin_one(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<PublicationId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto pinned = read.find_flag("pinned");
    const auto position = static_cast<int>(read.find_integer("position", 0, 1'000'000).value_or(0));
    if (!pinned)
        read.complain("pinned", "请说明是否置顶");
    TRY(read.finish("release.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto publication =
            TRY(set_pinned(tx, request.actor, authority, id, *pinned, position, request.now));
        return http::json_response(with_may(tx, authority, publication));
    });
}

} // namespace

http::Routes routes(db::Database& database)
{
    using http::Method;
    const auto with = [&database](auto deed) {
        return [&database, deed](const http::Request& request) { return deed(database, request); };
    };
    return {
        {Method::Get, "/api/items/{id}/publications", http::needs(ability::library_read),
         with(list)},
        {Method::Post, "/api/items/{id}/release", http::needs(ability::release_publish),
         with(release_item)},
        {Method::Post, "/api/items/{id}/withdraw", http::needs(ability::release_withdraw),
         with(withdraw_item)},
        {Method::Post, "/api/publications/{id}/withdraw", http::needs(ability::release_withdraw),
         with(withdraw_one)},
        {Method::Post, "/api/publications/{id}/move", http::needs(ability::release_publish),
         with(move_one)},
        {Method::Put, "/api/publications/{id}/pinned", http::needs(ability::release_publish),
         with(pin_one)},
    };
}

void decorate_column(
    db::Transaction& tx, const site::Column& column, base::Instant now, json::object& answer)
{
    // A column shows what stands below it too: it is blank only when all of that is.
    std::vector<base::ColumnId> shown;
    for (const auto& other : site::list_columns(tx, column.site)) {
        if (other.id_path.starts_with(column.id_path))
            shown.push_back(other.id);
    }
    const auto count = count_live(tx, shown);
    const auto last = find_last_release(tx, shown);
    answer["item_count"] = count;
    answer["blank"] = count == 0;
    if (last)
        answer["last_release_at"] = base::to_iso_text(*last);
    answer["stale"] = last && column.update_cycle_days > 0
                      && *last + std::chrono::days(column.update_cycle_days) < now;
}

} // namespace release
