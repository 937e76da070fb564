#include "publish/review/api.h"

#include "core/site/column.h"
#include "core/site/site.h"
#include "db/database.h"
#include "http/json.h"
#include "publish/library/content_json.h"
#include "publish/library/query.h"
#include "publish/review/flow_json.h"
#include "publish/review/inbox.h"
#include "publish/review/pass.h"
#include "publish/review/refusals.h"
#include "publish/review/submit.h"
#include "publish/review/trail_csv.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace review {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

/// Who may look at a flow: readers of the organisation's items and those who may pass a level.
bool may_see(const Authority& authority, const Flow& flow)
{
    const identity::Place place{.org = flow.org};
    return authority.may(ability::library_read, place)
           || std::any_of(flow.levels.begin(), flow.levels.end(), [&](const Level& level) {
                  return authority.may(level.ability, place);
              });
}

base::Result<Flow> load_visible(db::Transaction& tx, const Authority& authority, FlowId id)
{
    auto flow = TRY(load_flow(tx, id));
    if (!may_see(authority, flow))
        return flow_not_found();
    return flow;
}

base::Result<library::Item> load_writable(
    db::Transaction& tx, const Authority& authority, base::ItemId id, std::string_view wanted)
{
    auto item = TRY(library::load_item(tx, id));
    if (!authority.may(ability::library_read, {.org = item.org}))
        return base::refuse(
            base::Error::Kind::NotFound, "library.item_not_found",
            "稿件不存在，或不在您的管理范围内");
    TRY(identity::require(authority, wanted, {.org = item.org}));
    return item;
}

/// The flow with the text under review, what it is compared with, and what the asker may do.
base::Result<json::object> flow_detail(
    db::Transaction& tx, const http::Request& request, const Authority& authority, const Flow& flow)
{
    auto answer = to_json(flow, request.now);
    const auto version = TRY(library::load_version(tx, flow.version));
    const auto item = TRY(library::load_item(tx, flow.item));
    answer["version_number"] = version.number;
    answer["content"] = library::to_console_json(version.content);
    if (item.approved && item.approved != flow.version) {
        const auto before = TRY(library::load_version(tx, item.approved));
        answer["compared_with"] = library::to_console_json(before.content);
    }
    const bool able = authority.may(waiting_ability(flow), {.org = flow.org});
    json::array obstacles;
    for (const auto obstacle : reviewer_obstacles(flow, request.actor.user, able)) {
        obstacles.push_back(
            json::object{{"code", to_code(obstacle)}, {"message", explain(obstacle)}});
    }
    json::array may;
    if (obstacles.empty())
        may.emplace_back("pass");
    const bool takes_back =
        flow.state == FlowState::Open && authority.may(ability::library_write, {.org = flow.org});
    if (takes_back)
        may.emplace_back("take_back");
    answer["obstacles"] = std::move(obstacles);
    answer["may"] = std::move(may);
    return answer;
}

std::optional<Inbox> inbox_from(std::string_view name)
{
    constexpr std::array names = {
        std::pair{std::string_view("waiting"), Inbox::Waiting},
        std::pair{std::string_view("done"), Inbox::Done},
        std::pair{std::string_view("returned"), Inbox::Returned},
        std::pair{std::string_view("later_review"), Inbox::LaterReview},
    };
    for (const auto& [known, inbox] : names) {
        if (known == name)
            return inbox;
    }
    return std::nullopt;
}

http::Reply list(db::Database& database, const http::Request& request)
{
    const auto page = TRY(request.query_number("page", 1, 1, 1'000'000));
    const auto size = TRY(request.query_number("size", 20, 1, 100));
    const auto inbox = inbox_from(request.query_value("inbox").value_or("waiting"));
    if (!inbox)
        return base::refuse_fields("review.invalid", {{"inbox", "没有这个收件箱"}});
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const InboxFilter filter{*inbox, std::string(request.query_value("q").value_or(""))};
        json::array items;
        const auto offset = static_cast<int>((page - 1) * size);
        for (const auto& flow :
             list_inbox(tx, request.actor.user, authority, filter, offset, static_cast<int>(size)))
            items.push_back(to_json(flow, request.now));
        const auto total = count_inbox(tx, request.actor.user, authority, filter);
        return http::json_response(json::object{{"total", total}, {"items", std::move(items)}});
    });
}

http::Reply show(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<FlowId>("id"));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto flow = TRY(load_visible(tx, authority, id));
        return http::json_response(TRY(flow_detail(tx, request, authority, flow)));
    });
}

http::Reply pass_level(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<FlowId>("id"));
    const auto body = TRY(http::json_body(request));
    const auto decision = TRY(decision_from(body, request.actor.user));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_visible(tx, authority, id));
        const auto flow = TRY(pass(tx, request.actor, authority, id, decision, request.now));
        return http::json_response(TRY(flow_detail(tx, request, authority, flow)));
    });
}

http::Reply take_it_back(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<FlowId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto reason = read.find_text("reason", 500).value_or("");
    TRY(read.finish("review.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto flow = TRY(load_visible(tx, authority, id));
        TRY(identity::require(authority, ability::library_write, {.org = flow.org}));
        const auto back = TRY(take_back(tx, request.actor, id, reason, request.now));
        return http::json_response(TRY(flow_detail(tx, request, authority, back)));
    });
}

http::Reply submit_item(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto revision = static_cast<int>(read.need_integer("revision", 0, INT32_MAX));
    TRY(read.finish("review.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_writable(tx, authority, id, ability::library_write));
        const auto flow = TRY(submit(tx, request.actor, id, revision, request.now));
        return http::json_response(to_json(flow, request.now));
    });
}

http::Reply rush_item(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto revision = static_cast<int>(read.need_integer("revision", 0, INT32_MAX));
    const auto reason = read.need_text("reason", 500);
    TRY(read.finish("review.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_writable(tx, authority, id, ability::review_emergency));
        const auto flow =
            TRY(submit_emergency(tx, request.actor, authority, id, revision, reason, request.now));
        return http::json_response(to_json(flow, request.now));
    });
}

base::Result<std::vector<Flow>> readable_trail(db::Transaction& tx, const http::Request& request)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto authority = Authority::load(tx, request.actor.user, request.now);
    TRY(load_writable(tx, authority, id, ability::library_read));
    return list_flows_of(tx, id);
}

http::Reply trail(db::Database& database, const http::Request& request)
{
    return database.read([&](db::Transaction& tx) -> http::Reply {
        json::array answer;
        for (const auto& flow : TRY(readable_trail(tx, request)))
            answer.push_back(to_json(flow, request.now));
        return http::json_response(answer);
    });
}

http::Reply export_trail(db::Database& database, const http::Request& request)
{
    return database.read([&](db::Transaction& tx) -> http::Reply {
        auto response = http::text(to_csv(TRY(readable_trail(tx, request))));
        response.headers.clear();
        response.with_header("Content-Type", "text/csv; charset=utf-8");
        response.with_header("Content-Disposition", "attachment; filename=\"trail.csv\"");
        return response;
    });
}

http::Reply list_all_chains(db::Database& database, const http::Request&)
{
    return database.read([&](db::Transaction& tx) -> http::Reply {
        json::array answer;
        for (const auto& chain : list_chains(tx))
            answer.push_back(to_json(chain));
        return http::json_response(answer);
    });
}

/// A chain of a column may be set by who answers for the column, another by who answers for the
/// organisation: nobody makes the reviews of a neighbour laxer.
base::Result<> require_chain(db::Transaction& tx, const Authority& authority, const Chain& chain)
{
    if (chain.org || !chain.column)
        TRY(identity::require(authority, ability::review_chains, {.org = chain.org}));
    if (!chain.column)
        return {};
    const auto column = TRY(site::load_column(tx, chain.column));
    const auto site = TRY(site::load_site(tx, column.site));
    return identity::require(
        authority, ability::review_chains,
        {.org = column.owner_org ? column.owner_org : site.sponsor_org,
         .site = site.id,
         .column_path = column.id_path});
}

base::Result<Chain> load_chain(db::Transaction& tx, ChainId id)
{
    for (auto& chain : list_chains(tx)) {
        if (chain.id == id)
            return std::move(chain);
    }
    return chain_not_found();
}

http::Reply save_one_chain(db::Database& database, const http::Request& request, ChainId id)
{
    const auto body = TRY(http::json_body(request));
    auto chain = TRY(chain_from(body));
    chain.id = id;
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        if (id) {
            const auto before = TRY(load_chain(tx, id));
            TRY(require_chain(tx, authority, before));
        }
        TRY(require_chain(tx, authority, chain));
        const auto saved = TRY(save_chain(tx, request.actor, chain, request.now));
        return http::json_response(to_json(saved), id ? 200 : 201);
    });
}

http::Reply remove_one_chain(db::Database& database, const http::Request& request)
{
    const auto id = TRY(request.id<ChainId>("id"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto chain = TRY(load_chain(tx, id));
        TRY(require_chain(tx, authority, chain));
        TRY(remove_chain(tx, request.actor, id, request.now));
        return http::no_content();
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
        {Method::Post, "/api/items/{id}/submit", http::needs(ability::library_write),
         with(submit_item)},
        {Method::Post, "/api/items/{id}/emergency", http::needs(ability::review_emergency),
         with(rush_item)},
        {Method::Get, "/api/items/{id}/trail", http::needs(ability::library_read), with(trail)},
        {Method::Get, "/api/items/{id}/trail.csv", http::needs(ability::library_read),
         with(export_trail)},
        {Method::Get, "/api/flows", http::signed_in, with(list)},
        {Method::Get, "/api/flows/{id}", http::signed_in, with(show)},
        {Method::Post, "/api/flows/{id}/pass", http::signed_in, with(pass_level)},
        {Method::Post, "/api/flows/{id}/take-back", http::needs(ability::library_write),
         with(take_it_back)},
        {Method::Get, "/api/chains", http::signed_in, with(list_all_chains)},
        {Method::Post, "/api/chains", http::needs(ability::review_chains),
         [&database](const http::Request& request) {
             return save_one_chain(database, request, {});
         }},
        {Method::Put, "/api/chains/{id}", http::needs(ability::review_chains),
         [&database](const http::Request& request) -> http::Reply {
             const auto id = TRY(request.id<ChainId>("id"));
             return save_one_chain(database, request, id);
         }},
        {Method::Delete, "/api/chains/{id}", http::needs(ability::review_chains),
         with(remove_one_chain)},
    };
}

void decorate_item(db::Transaction& tx, const library::Item& item, json::object& answer)
{
    if (const auto flow = find_open_flow(tx, item.id)) {
        answer["flow_id"] = flow->id.value;
        return;
    }
    if (item.state != library::ItemState::Returned)
        return;
    for (const auto& flow : list_flows_of(tx, item.id)) {
        if (flow.state != FlowState::Returned || flow.passes.empty())
            continue;
        const auto returned = to_json(flow.passes.back());
        answer["returned_note"] = returned.at("note");
        answer["returned_comments"] = returned.at("comments");
        return;
    }
}

} // namespace review
