#include "db/database.h"
#include "publish/library/api_items.h"
#include "publish/library/draft.h"
#include "publish/library/refusals.h"
#include "publish/library/submission.h"

namespace library {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

json::object to_json(const Submission& submission, const Authority& authority)
{
    json::object out{
        {"id", submission.id.value},
        {"item_id", submission.item.value},
        {"title", submission.title},
        {"from_org_id", submission.from_org.value},
        {"to_org_id", submission.to_org.value},
        {"state", to_string(submission.state)},
        {"note", submission.note},
        {"answer", submission.answer},
        {"accepted_as", submission.accepted_as.value},
        {"submitted_by_name", submission.submitted_by_name},
        {"submitted_at", base::to_iso_text(submission.submitted_at)},
    };
    if (submission.answered_at)
        out["answered_at"] = base::to_iso_text(*submission.answered_at);
    json::array may;
    const bool answers = submission.state == SubmissionState::Pending
                         && authority.may(ability::library_accept, {.org = submission.to_org});
    if (answers) {
        may.emplace_back("accept");
        may.emplace_back("return");
    }
    out["may"] = std::move(may);
    return out;
}

http::Reply list(db::Database& database, const http::Request& request)
{
    const auto page = TRY(request.query_number("page", 1, 1, 1'000'000));
    const auto size = TRY(request.query_number("size", 20, 1, 100));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        SubmissionFilter filter;
        const bool sent = request.query_value("box") == "sent";
        auto own = authority.orgs_of(sent ? ability::library_contribute : ability::library_accept);
        filter.everywhere = own.everywhere;
        (sent ? filter.from_orgs : filter.to_orgs) = std::move(own.orgs);
        if (const auto state = request.query_value("state"); state && !state->empty()) {
            filter.state = submission_state_from(*state);
            if (!filter.state)
                return base::refuse_fields(
                    "library.bad_filter", {{"state", "筛选条件不对，请重新选择"}});
        }
        json::array items;
        const auto offset = static_cast<int>((page - 1) * size);
        for (const auto& submission : list_submissions(tx, filter, offset, static_cast<int>(size)))
            items.push_back(to_json(submission, authority));
        return http::json_response(
            json::object{{"total", count_submissions(tx, filter)}, {"items", std::move(items)}});
    });
}

http::Reply submit(db::Database& database, const http::Request& request)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const base::ItemId item{read.need_integer("item_id", 1, INT64_MAX)};
    const base::OrgId to{read.need_integer("to_org_id", 1, INT64_MAX)};
    const auto note = read.find_text("note", 1'000).value_or("");
    TRY(read.finish("library.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_for(tx, authority, item, ability::library_contribute));
        const auto submission = TRY(submit_item(tx, request.actor, item, to, note, request.now));
        return http::json_response(to_json(submission, authority), 201);
    });
}

using Answer = base::Result<Submission> (*)(
    db::Transaction&, const base::Actor&, SubmissionId, const std::string&, base::Instant);

http::Reply answer(db::Database& database, const http::Request& request, Answer deed)
{
    const auto id = TRY(request.id<SubmissionId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto words = read.find_text("answer", 1'000).value_or("");
    TRY(read.finish("library.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto submission = TRY(load_submission(tx, id));
        if (!authority.may(ability::library_accept, {.org = submission.to_org}))
            return submission_not_found();
        const auto answered = TRY(deed(tx, request.actor, id, words, request.now));
        return http::json_response(to_json(answered, authority));
    });
}

} // namespace

http::Routes submission_routes(db::Database& database)
{
    using http::Method;
    return {
        {Method::Get, "/api/submissions", http::signed_in,
         [&database](const http::Request& request) { return list(database, request); }},
        {Method::Post, "/api/submissions", http::needs(ability::library_contribute),
         [&database](const http::Request& request) { return submit(database, request); }},
        {Method::Post, "/api/submissions/{id}/accept", http::needs(ability::library_accept),
         [&database](const http::Request& request) {
             return answer(database, request, accept_submission);
         }},
        {Method::Post, "/api/submissions/{id}/return", http::needs(ability::library_accept),
         [&database](const http::Request& request) {
             return answer(database, request, return_submission);
         }},
    };
}

} // namespace library
