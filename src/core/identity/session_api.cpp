#include "core/identity/session_api.h"

#include "core/identity/ability.h"
#include "core/identity/guard.h"
#include "core/identity/json.h"
#include "core/identity/refusals.h"
#include "core/identity/session.h"
#include "core/org/json.h"
#include "core/org/org.h"
#include "db/database.h"
#include "http/json.h"

namespace identity {
namespace {

constexpr std::size_t text_max = 300; // Longer than any password may be.
constexpr std::size_t agent_max = 200;

http::json::object to_session_json(db::Transaction& tx, const SignedIn& who, base::Instant now)
{
    const auto authority = Authority::load(tx, who.user.id, now);
    http::json::object object{
        {"user", to_json(who.user, authority.grants())},
        {"org", nullptr},
        {"abilities", to_json(authority.abilities())},
        {"grants", to_json(authority.grants())},
        {"csrf", who.session.csrf},
        {"must_change_password", who.user.must_change_password}};
    if (const auto org = org::load_org(tx, who.user.org))
        object["org"] = org::to_json(*org);
    return object;
}

http::json::object nobody_json()
{
    return {
        {"user", nullptr},
        {"org", nullptr},
        {"abilities", http::json::array()},
        {"csrf", ""},
        {"must_change_password", false}};
}

class Api {
public:
    Api(db::Database& database, const Policy& policy)
        : database_(database)
        , policy_(policy)
    {
    }

    http::Reply show(const http::Request& request) const
    {
        auto body = database_.read([&](db::Transaction& tx) {
            const auto who = find(tx, request);
            if (!who)
                return nobody_json();
            auto object = to_session_json(tx, *who, request.now);
            object["expires_at"] =
                base::to_iso_text(who->session.started_at + policy_.session_age_max);
            return object;
        });
        return private_json(std::move(body));
    }

    /// The guard does not see a public route without a cookie, so the origin is checked here.
    http::Reply log_in(const http::Request& request) const
    {
        if (!is_same_site(request))
            return cross_site();
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        LoginAttempt attempt;
        attempt.login = fields.need_text("login", text_max);
        attempt.password = fields.need_text("password", text_max);
        attempt.code = fields.find_text("totp", 40).value_or("");
        TRY(fields.finish("identity.invalid"));
        attempt.address = request.actor.address;
        attempt.agent = std::string(request.header("user-agent").value_or("")).substr(0, agent_max);
        attempt.request_id = request.actor.request_id;
        const auto login = TRY(identity::log_in(database_, attempt, request.now, policy_));
        // A session of before is not taken over: its holder may not be this person.
        end_former_session(request);
        auto answer = database_.read([&](db::Transaction& tx) {
            return to_session_json(tx, {login.session, login.user}, request.now);
        });
        return private_json(std::move(answer)).map([&](http::Response response) {
            return std::move(response).with_header(
                "set-cookie", set_session_cookie(request, login.token));
        });
    }

    http::Reply log_out(const http::Request& request) const
    {
        const auto who = TRY(need(request));
        identity::log_out(database_, request.actor, who.session.id, request.now);
        return http::no_content().with_header("set-cookie", set_session_cookie(request, ""));
    }

    http::Reply list(const http::Request& request) const
    {
        const auto who = TRY(need(request));
        http::json::array items;
        database_.read([&](db::Transaction& tx) {
            for (const auto& one : list_own_sessions(tx, who.user.id, request.now, policy_))
                items.push_back(to_json(one, who.session.id));
        });
        return private_json(std::move(items));
    }

    http::Reply end(const http::Request& request) const
    {
        struct SessionId {
            std::int64_t value = 0;
        };
        const auto id = TRY(request.id<SessionId>("id"));
        auto ended = database_.write([&](db::Transaction& tx) {
            return end_own_session(tx, request.actor, id.value, request.now);
        });
        TRY(std::move(ended));
        return http::no_content();
    }

    http::Reply change_password(const http::Request& request) const
    {
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        const auto old_password = fields.need_text("old_password", text_max);
        const auto new_password = fields.need_text("new_password", text_max);
        TRY(fields.finish("identity.invalid"));
        const auto who = TRY(need(request));
        const auto login = TRY(change_own_password(
            database_, request.actor, who.session, old_password, new_password, request.now,
            policy_));
        return http::no_content().with_header(
            "set-cookie", set_session_cookie(request, login.token));
    }

    http::Reply start_totp(const http::Request& request) const
    {
        auto started = database_.write([&](db::Transaction& tx) {
            return identity::start_totp(tx, request.actor, request.now);
        });
        const auto secret = TRY(std::move(started));
        return private_json(http::json::object{{"secret", secret.secret}, {"uri", secret.uri}});
    }

    http::Reply confirm_totp(const http::Request& request) const
    {
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        const auto code = fields.need_text("code", 20);
        TRY(fields.finish("identity.invalid"));
        auto confirmed = database_.write([&](db::Transaction& tx) {
            return identity::confirm_totp(tx, request.actor, code, request.now);
        });
        const auto codes = TRY(std::move(confirmed));
        return private_json(http::json::object{{"recovery_codes", to_json(codes)}});
    }

    http::Reply remove_totp(const http::Request& request) const
    {
        const auto body = TRY(http::json_body(request));
        http::FieldReader fields(body);
        const auto password = fields.need_text("password", text_max);
        TRY(fields.finish("identity.invalid"));
        TRY(identity::remove_totp(database_, request.actor, password, request.now, policy_));
        return http::no_content();
    }

private:
    std::optional<SignedIn> find(db::Transaction& tx, const http::Request& request) const
    {
        const auto token = request.cookie(session_cookie(request));
        return token ? find_session(tx, *token, request.now, policy_) : std::nullopt;
    }

    base::Result<SignedIn> need(const http::Request& request) const
    {
        auto who = database_.read([&](db::Transaction& tx) { return find(tx, request); });
        if (!who)
            return not_signed_in();
        return std::move(*who);
    }

    void end_former_session(const http::Request& request) const
    {
        const auto former = database_.read([&](db::Transaction& tx) { return find(tx, request); });
        if (!former)
            return;
        base::Actor actor = request.actor;
        actor.user = former->user.id;
        actor.org = former->user.org;
        actor.name = former->user.name;
        identity::log_out(database_, actor, former->session.id, request.now);
    }

    static http::Reply private_json(http::json::value body)
    {
        return http::json_response(body).with_header("cache-control", "no-store");
    }

    db::Database& database_;
    Policy policy_;
};

} // namespace

http::Routes session_routes(db::Database& database, const Policy& policy)
{
    using http::Method;
    using http::Request;
    const Api api(database, policy);
    return {
        {Method::Get, "/api/session", http::public_access,
         [api](const Request& request) { return api.show(request); }},
        {Method::Post, "/api/session", http::public_access,
         [api](const Request& request) { return api.log_in(request); }},
        {Method::Delete, "/api/session", http::signed_in,
         [api](const Request& request) { return api.log_out(request); }},
        {Method::Get, "/api/session/all", http::signed_in,
         [api](const Request& request) { return api.list(request); }},
        {Method::Delete, "/api/session/all/{id}", http::signed_in,
         [api](const Request& request) { return api.end(request); }},
        {Method::Post, "/api/account/password", http::signed_in,
         [api](const Request& request) { return api.change_password(request); }},
        {Method::Post, "/api/account/totp", http::signed_in,
         [api](const Request& request) { return api.start_totp(request); }},
        {Method::Put, "/api/account/totp", http::signed_in,
         [api](const Request& request) { return api.confirm_totp(request); }},
        {Method::Delete, "/api/account/totp", http::signed_in,
         [api](const Request& request) { return api.remove_totp(request); }},
    };
}

} // namespace identity
