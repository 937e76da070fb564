#include "core/identity/api.h"
#include "core/identity/guard.h"
#include "core/identity/staff_fixture.h"
#include "http/json.h"

#include <algorithm>

namespace identity {
namespace {

using http::Method;

/// Through the router and the guard, as the server would.
class Console : public Staff {
protected:
    struct Answer {
        int status = 0;
        std::string code;
        http::json::value body;
        std::string cookie;
    };
    http::Router router{routes(*database, policy)};
    std::function<base::Result<>(http::Request&, const http::Route&)> guard =
        make_guard(*database, clock, policy);
    std::string token;
    std::string csrf;

    http::Request make(Method method, const std::string& path, std::string body = "{}")
    {
        http::Request request;
        request.method = method;
        const auto mark = path.find('?');
        request.path = path.substr(0, mark);
        if (mark != path.npos) {
            const auto equals = path.find('=', mark);
            request.query = {{path.substr(mark + 1, equals - mark - 1), path.substr(equals + 1)}};
        }
        request.body = std::move(body);
        request.host = "www.example.gov.cn";
        request.now = clock.now();
        request.actor.address = "10.0.0.1";
        request.actor.request_id = "r";
        request.headers = {{"content-type", "application/json"}};
        if (!token.empty())
            request.headers.emplace_back("cookie", "sid=" + token);
        if (!csrf.empty())
            request.headers.emplace_back("x-csrf-token", csrf);
        return request;
    }
    Answer send(http::Request request)
    {
        const auto match = router.find(request.method, request.path);
        request.parameters = match.parameters;
        auto admitted = guard(request, *match.route);
        if (!admitted)
            return {0, admitted.error().code, {}, {}};
        auto reply = match.route->handler(request);
        if (!reply)
            return {0, reply.error().code, {}, {}};
        Answer answer{reply->status, "", {}, {}};
        if (!reply->body.empty())
            answer.body = http::json::parse(reply->body);
        for (const auto& [name, value] : reply->headers)
            if (name == "set-cookie")
                answer.cookie = value;
        return answer;
    }
    Answer send(Method method, const std::string& path, std::string body = "{}")
    {
        return send(make(method, path, std::move(body)));
    }
    void sign_in(const std::string& login)
    {
        token.clear();
        csrf.clear();
        const auto answer = send(
            Method::Post, "/api/session",
            R"({"login":")" + login + R"(","password":")" + good_password + R"("})");
        ASSERT_EQ(answer.status, 200) << answer.code;
        token = answer.cookie.substr(4, 64);
        csrf = std::string(answer.body.at("csrf").as_string());
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Console, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Console, SignsInAndSaysWhoOneIs)
{
    make_person("pu", bureau, "editor", {.org = bureau});
    EXPECT_TRUE(send(Method::Get, "/api/session").body.at("user").is_null());
    sign_in("pu");
    const auto answer = send(Method::Get, "/api/session");
    EXPECT_EQ(answer.body.at("user").at("login").as_string(), "pu");
    EXPECT_EQ(answer.body.at("org").at("name").as_string(), "青溪县财政局");
    EXPECT_EQ(answer.body.at("csrf").as_string(), csrf);
    EXPECT_EQ(answer.body.at("grants").at(0).at("org_id").as_int64(), bureau.value);
    const auto left = send(Method::Delete, "/api/session");
    EXPECT_EQ(left.status, 204);
    EXPECT_NE(left.cookie.find("Max-Age=0"), std::string::npos);
    EXPECT_TRUE(send(Method::Get, "/api/session").body.at("user").is_null());
}

TEST_P(Console, GivesANewSessionAtLogInAndEndsTheFormerOne)
{
    make_person("pu", bureau, "editor");
    sign_in("pu");
    const auto former = token;
    auto request = make(
        Method::Post, "/api/session",
        std::string(R"({"login":"pu","password":")") + good_password + R"("})");
    const auto answer = send(request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.cookie.substr(4, 64), former);
    EXPECT_FALSE(is_alive(former));
}

TEST_P(Console, MarksTheCookieSafely)
{
    http::Request plain;
    EXPECT_EQ(set_session_cookie(plain, "t"), "sid=t; Path=/; HttpOnly; SameSite=Lax");
    plain.secure = true;
    EXPECT_EQ(
        set_session_cookie(plain, "t"), "__Host-sid=t; Path=/; HttpOnly; SameSite=Lax; Secure");
}

// Generated from the table, so that no new route is forgotten.
TEST_P(Console, OpensNoRouteToStrangersButTheSessionItself)
{
    for (const auto& route : router.routes()) {
        auto request = make(route.method, std::string(route.pattern));
        const auto admitted = guard(request, route);
        const bool is_public = route.pattern == "/api/session" && route.method != Method::Delete;
        EXPECT_EQ(admitted.has_value(), is_public) << route.pattern;
        if (!admitted) {
            EXPECT_EQ(admitted.error().code, "identity.not_signed_in") << route.pattern;
        }
    }
}

TEST_P(Console, ChangesNothingWithoutTheTokenOfThePage)
{
    make_person("sys", city, "system_admin");
    make_person("sec", city, "security_admin");
    for (const char* login : {"sys", "sec"}) {
        sign_in(login);
        csrf = "wrong";
        for (const auto& route : router.routes()) {
            auto request = make(route.method, std::string(route.pattern));
            const auto admitted = guard(request, route);
            if (route.method == Method::Get || route.access.kind == http::Access::Kind::Public)
                continue;
            ASSERT_FALSE(admitted) << route.pattern;
            EXPECT_TRUE(
                admitted.error().code == "identity.csrf"
                || admitted.error().code == "identity.forbidden")
                << route.pattern;
        }
    }
}

TEST_P(Console, ChangesNothingForAnotherSitesPage)
{
    make_person("sys", city, "system_admin");
    sign_in("sys");
    const auto with = [&](const char* name, const char* value) {
        auto request = make(Method::Post, "/api/account/totp");
        request.headers.emplace_back(name, value);
        const auto answer = send(std::move(request));
        return answer.code.empty() ? "ok" : answer.code;
    };
    EXPECT_EQ(with("origin", "https://evil.example"), "identity.cross_site");
    EXPECT_EQ(with("origin", "null"), "identity.cross_site");
    EXPECT_EQ(with("origin", "https://www.example.gov.cn.evil.example"), "identity.cross_site");
    EXPECT_EQ(with("origin", "https://www.example.gov.cn:8443"), "identity.cross_site");
    EXPECT_EQ(with("sec-fetch-site", "cross-site"), "identity.cross_site");
    EXPECT_EQ(with("sec-fetch-site", "same-site"), "identity.cross_site");
    EXPECT_EQ(with("origin", "https://www.example.gov.cn"), "ok");
    EXPECT_EQ(with("sec-fetch-site", "same-origin"), "ok");
    token.clear();
    auto login = make(Method::Post, "/api/session", R"({"login":"sys","password":"x"})");
    login.headers.emplace_back("origin", "https://evil.example");
    EXPECT_EQ(send(std::move(login)).code, "identity.cross_site");
}

// Roles × routes: who passes the gate of which staff route.
TEST_P(Console, OpensStaffRoutesByAbilityOnly)
{
    for (const auto& role : list_roles())
        make_person(
            "u-" + role.key.substr(0, 4) + role.key.substr(role.key.size() - 2), bureau, role.key,
            {.org = bureau});
    for (const auto& role : list_roles()) {
        sign_in("u-" + role.key.substr(0, 4) + role.key.substr(role.key.size() - 2));
        for (const auto& route : router.routes()) {
            if (route.access.kind != http::Access::Kind::Ability)
                continue;
            auto request = make(route.method, std::string(route.pattern));
            const bool expected =
                std::find(role.abilities.begin(), role.abilities.end(), route.access.ability)
                != role.abilities.end();
            EXPECT_EQ(guard(request, route).has_value(), expected)
                << role.key << " " << route.pattern;
        }
    }
}

TEST_P(Console, LetsNobodyWorkBeforeChangingAnInitialPassword)
{
    make_person("sys", city, "system_admin");
    sign_in("sys");
    const auto made = send(
        Method::Post, "/api/users",
        R"({"login":"new","name":"新人","org_id":)" + std::to_string(bureau.value)
            + R"(,"phone":"13812341234","password":")" + good_password + R"("})");
    ASSERT_EQ(made.status, 201) << made.code;
    EXPECT_EQ(made.body.at("phone").as_string(), "138****1234");
    sign_in("new");
    EXPECT_EQ(send(Method::Get, "/api/roles").code, "identity.password_change_required");
    const auto changed = send(
        Method::Post, "/api/account/password",
        std::string(R"({"old_password":")") + good_password
            + R"(","new_password":"Vm3-baishi-77"})");
    ASSERT_EQ(changed.status, 204) << changed.code;
    token = changed.cookie.substr(4, 64);
    EXPECT_EQ(send(Method::Get, "/api/roles").status, 200);
    EXPECT_EQ(send(Method::Get, "/api/session/all").body.as_array().size(), 1U);
}

TEST_P(Console, ShowsPeopleOfTheOwnPlaceOnly)
{
    make_person("sys", county, "system_admin", {.org = county});
    const auto mine = make_person("mine", bureau, "editor");
    const auto theirs = make_person("theirs", other_county, "editor");
    sign_in("sys");
    const auto at = [](const base::Actor& actor) {
        return "/api/users/" + std::to_string(actor.user.value);
    };
    EXPECT_EQ(send(Method::Get, "/api/users").body.at("total").as_int64(), 2);
    EXPECT_EQ(send(Method::Get, "/api/users?q=mine").body.at("total").as_int64(), 1);
    EXPECT_EQ(
        send(Method::Get, "/api/users?org=" + std::to_string(other_county.value))
            .body.at("total")
            .as_int64(),
        0);
    EXPECT_EQ(send(Method::Get, at(mine)).status, 200);
    EXPECT_EQ(send(Method::Get, at(theirs)).code, "identity.user_not_found");
    const auto body = R"({"login":"x1","name":"x","org_id":)" + std::to_string(bureau.value) + "}";
    EXPECT_EQ(send(Method::Put, at(theirs), body).code, "identity.user_not_found");
    EXPECT_EQ(send(Method::Put, at(mine), body).status, 200);
    EXPECT_EQ(send(Method::Get, "/api/users/999999").code, "identity.user_not_found");
    EXPECT_EQ(
        send(Method::Post, at(mine) + "/grants", R"({"role":"editor"})").code,
        "identity.forbidden");
    EXPECT_EQ(send(Method::Post, at(mine) + "/unlock").code, "identity.forbidden");
}

TEST_P(Console, GrantsAndRevokesThroughTheApi)
{
    make_person("sec", city, "security_admin");
    const auto person = make_person("pu", bureau, "");
    sign_in("sec");
    const auto at = "/api/users/" + std::to_string(person.user.value);
    const auto granted = send(Method::Post, at + "/grants", R"({"role":"editor"})");
    ASSERT_EQ(granted.status, 201) << granted.code;
    const auto id = std::to_string(granted.body.at("id").as_int64());
    EXPECT_EQ(send(Method::Get, at).body.at("abilities").as_array().size(), 5U);
    EXPECT_EQ(send(Method::Delete, at + "/grants/" + id).status, 204);
    EXPECT_EQ(send(Method::Delete, at + "/grants/" + id).code, "identity.grant_not_found");
    EXPECT_EQ(send(Method::Post, at + "/unlock").status, 204);
    EXPECT_EQ(send(Method::Post, "/api/users", "{}").code, "identity.forbidden");
    EXPECT_EQ(
        send(Method::Post, at + "/password", R"({"password":"Vm3-baishi-77"})").code,
        "identity.forbidden");
}

TEST_P(Console, AnswersForRoomsBelow)
{
    const auto admin = make_person("sys", county, "system_admin", {.org = county});
    const auto auditor = make_person("aud", county, "audit_admin", {.org = county});
    const auto chief = make_person("chief", city, "audit_admin");
    database->read([&](db::Transaction& tx) {
        EXPECT_TRUE(may_manage_org(tx, admin, bureau, start));
        EXPECT_FALSE(may_manage_org(tx, admin, other_county, start));
        EXPECT_FALSE(may_manage_org(tx, admin, {}, start));
        EXPECT_FALSE(may_manage_org(tx, auditor, bureau, start));
        EXPECT_EQ(visible_audit_orgs(tx, auditor, start)->size(), 2U);
        EXPECT_TRUE(visible_audit_orgs(tx, admin, start)->empty());
        EXPECT_FALSE(visible_audit_orgs(tx, chief, start));
    });
}

} // namespace
} // namespace identity
