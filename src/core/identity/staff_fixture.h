#pragma once

// For the tests of this room: two counties under a city, and how to fill them with people.

#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/identity/schema.h"
#include "core/identity/session.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "core/org/schema.h"
#include "db/testing/on_every_backend.h"

#include <gtest/gtest.h>

namespace identity {

using namespace std::chrono_literals;
using db::testing::TemporaryDatabase;

inline const auto start = base::instant_from("2026-11-22 09:00").value();
inline const char* const good_password = "Qx7-lanling-88";

inline Policy test_policy()
{
    Policy policy;
    policy.hash_cost = {.memory_kib = 64, .passes = 1, .lanes = 1};
    return policy;
}

inline std::vector<db::Migration> staff_schema()
{
    auto all = audit::migrations();
    for (const auto& more : {org::migrations(), migrations()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Two counties under a city, with people.
class Staff : public db::testing::OnEveryBackend {
protected:
    TemporaryDatabase database{staff_schema(), GetParam()};
    base::HeldClock clock{start};
    Policy policy = test_policy();
    base::OrgId city = make_org("云岭市", {});
    base::OrgId county = make_org("青溪县", city);
    base::OrgId bureau = make_org("青溪县财政局", county);
    base::OrgId other_county = make_org("白石县", city);

    base::OrgId make_org(const std::string& name, base::OrgId parent)
    {
        org::Org wanted;
        wanted.name = name;
        wanted.short_name = name;
        wanted.parent = parent;
        return database
            ->write([&](db::Transaction& tx) {
                return org::create_org(tx, base::system_actor(), wanted, start);
            })
            .value()
            .id;
    }
    template <typename Verb>
    auto write(Verb verb)
    {
        return database->write([&](db::Transaction& tx) { return verb(tx); });
    }
    static User wanted_user(const std::string& login, base::OrgId org)
    {
        User user;
        user.login = login;
        user.name = "人员" + login;
        user.org = org;
        return user;
    }
    base::Result<User> try_create(
        const base::Actor& actor, const std::string& login, base::OrgId org,
        std::string_view password = good_password)
    {
        return write([&](db::Transaction& tx) {
            return create_user(tx, actor, wanted_user(login, org), password, clock.now(), policy);
        });
    }
    base::Result<Grant> try_grant(
        const base::Actor& actor, base::UserId user, const std::string& role, Scope scope = {})
    {
        return write([&](db::Transaction& tx) {
            return grant_role(tx, actor, user, {.role = role, .scope = scope}, clock.now());
        });
    }
    /// A person with a role within an organisation (none: everywhere).
    base::Actor make_person(
        const std::string& login, base::OrgId org, const std::string& role, Scope scope = {})
    {
        const auto user = try_create(base::system_actor(), login, org).value();
        if (!role.empty()) {
            EXPECT_TRUE(try_grant(base::system_actor(), user.id, role, scope));
        }
        return {
            .user = user.id,
            .org = org,
            .name = user.name,
            .address = "10.0.0.1",
            .request_id = "r"};
    }
    Authority authority(base::UserId user)
    {
        return database->read(
            [&](db::Transaction& tx) { return Authority::load(tx, user, clock.now()); });
    }
    base::Result<Login> try_log_in(
        const std::string& login, const std::string& password, const std::string& code = "",
        const std::string& address = "10.0.0.1")
    {
        LoginAttempt attempt;
        attempt.login = login;
        attempt.password = password;
        attempt.code = code;
        attempt.address = address;
        attempt.request_id = "r";
        return log_in(*database, attempt, clock.now(), policy);
    }
    std::string code_of(const base::Result<Login>& login)
    {
        return login ? "ok" : login.error().code;
    }
    bool is_alive(const std::string& token)
    {
        return database->read([&](db::Transaction& tx) {
            return find_session(tx, token, clock.now(), policy).has_value();
        });
    }
    std::int64_t count_audit(const std::string& action, audit::Outcome outcome)
    {
        return database->read([&](db::Transaction& tx) {
            return audit::count_records(tx, {.action_prefix = action, .outcome = outcome});
        });
    }
};

} // namespace identity
