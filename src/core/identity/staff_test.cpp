#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/audit/verify.h"
#include "core/identity/api.h"
#include "core/identity/guard.h"
#include "core/identity/schema.h"
#include "core/identity/session.h"
#include "core/identity/staff.h"
#include "core/identity/totp.h"
#include "core/org/org.h"
#include "core/org/schema.h"
#include "db/testing/on_every_backend.h"
#include "http/json.h"

#include <gtest/gtest.h>

namespace identity {
namespace {

using namespace std::chrono_literals;
using db::testing::TemporaryDatabase;
using http::Method;

const auto start = base::instant_from("2026-11-22 09:00").value();
const char* const good_password = "Qx7-lanling-88";

Policy test_policy()
{
    Policy policy;
    policy.hash_cost = {.memory_kib = 64, .passes = 1, .lanes = 1};
    return policy;
}

std::vector<db::Migration> schema()
{
    auto all = audit::migrations();
    for (const auto& more : {org::migrations(), migrations()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Two counties under a city, with people.
class Staff : public db::testing::OnEveryBackend {
protected:
    TemporaryDatabase database{schema(), GetParam()};
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

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Staff, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Staff, AreKeptAndFound)
{
    const auto made = try_create(base::system_actor(), "lihua", bureau).value();
    const auto found =
        database->read([&](db::Transaction& tx) { return find_user_by_login(tx, "lihua"); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, made.id);
    EXPECT_EQ(found->org, bureau);
    EXPECT_EQ(found->password_changed_at, start);
    database->read([&](db::Transaction& tx) {
        EXPECT_EQ(count_users(tx, {}), 1);
        EXPECT_EQ(count_users(tx, {.text = "lihu"}), 1);
        EXPECT_EQ(count_users(tx, {.text = "li_ua"}), 0);
        EXPECT_EQ(count_users(tx, {.orgs = {county}}), 0);
        EXPECT_EQ(count_users(tx, {.orgs = {county, bureau, city}}), 1);
        EXPECT_EQ(count_users(tx, {.role = "editor"}), 0);
        EXPECT_EQ(count_users(tx, {.state = UserState::Disabled}), 0);
        EXPECT_EQ(list_users(tx, {}, 0, 10).size(), 1U);
    });
}

TEST_P(Staff, AreRefusedWithEveryFieldThatDoesNotFit)
{
    auto wanted = wanted_user("Li Hua", {99});
    wanted.name = " ";
    wanted.phone = "abc";
    const auto refused = write([&](db::Transaction& tx) {
        return create_user(tx, base::system_actor(), wanted, good_password, start, policy);
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "identity.invalid");
    EXPECT_EQ(refused.error().fields.size(), 4U);
}

TEST_P(Staff, HaveUniqueLoginsAndGoodPasswords)
{
    ASSERT_TRUE(try_create(base::system_actor(), "lihua", bureau));
    EXPECT_EQ(
        try_create(base::system_actor(), "lihua", county).error().code, "identity.login_taken");
    EXPECT_EQ(
        try_create(base::system_actor(), "wang", county, "Admin@123456").error().code,
        "identity.weak_password");
}

TEST_P(Staff, AreCreatedByTheSystemAdministratorOfTheirPlaceOnly)
{
    const auto admin = make_person("sys", county, "system_admin", {.org = county});
    const auto security = make_person("sec", city, "security_admin");
    const auto editor = make_person("ed", bureau, "editor", {.org = bureau});
    EXPECT_TRUE(try_create(admin, "a1", bureau));
    EXPECT_EQ(try_create(admin, "a2", other_county).error().code, "identity.forbidden");
    EXPECT_EQ(try_create(security, "a3", bureau).error().code, "identity.forbidden");
    EXPECT_EQ(try_create(editor, "a4", bureau).error().code, "identity.forbidden");
    EXPECT_EQ(
        try_create({.address = "10.0.0.9"}, "a5", bureau).error().code, "identity.not_signed_in");
}

TEST_P(Staff, OfAnotherCountyAreNotFound)
{
    const auto admin = make_person("sys", county, "system_admin", {.org = county});
    const auto theirs = make_person("other", other_county, "");
    const auto wanted = [&] {
        auto user = wanted_user("other", other_county);
        user.id = theirs.user;
        return user;
    }();
    const auto updated =
        write([&](db::Transaction& tx) { return update_user(tx, admin, wanted, start); });
    EXPECT_EQ(updated.error().code, "identity.user_not_found");
    const auto reset = write([&](db::Transaction& tx) {
        return reset_password(tx, admin, theirs.user, "Vm3-baishi-77", start, policy);
    });
    EXPECT_EQ(reset.error().code, "identity.user_not_found");
    const auto unlocked =
        write([&](db::Transaction& tx) { return unlock_user(tx, admin, theirs.user, start); });
    EXPECT_EQ(unlocked.error().code, "identity.user_not_found");
}

TEST_P(Staff, AreNotDisabledByThemselves)
{
    const auto admin = make_person("sys", city, "system_admin");
    auto self = wanted_user("sys", city);
    self.id = admin.user;
    self.state = UserState::Disabled;
    const auto refused =
        write([&](db::Transaction& tx) { return update_user(tx, admin, self, start); });
    EXPECT_EQ(refused.error().code, "identity.not_own_account");
}

TEST_P(Staff, AreGrantedRolesBySecurityAdministratorsOnly)
{
    const auto security = make_person("sec", city, "security_admin");
    const auto system = make_person("sys", city, "system_admin");
    const auto auditor = make_person("aud", city, "audit_admin");
    const auto person = make_person("pu", bureau, "");
    EXPECT_TRUE(try_grant(security, person.user, "editor", {.org = bureau}));
    EXPECT_EQ(try_grant(system, person.user, "publisher").error().code, "identity.forbidden");
    EXPECT_EQ(try_grant(auditor, person.user, "publisher").error().code, "identity.forbidden");
    EXPECT_EQ(try_grant(person, system.user, "publisher").error().code, "identity.forbidden");
    EXPECT_EQ(
        try_grant(security, person.user, "editor", {.org = bureau}).error().code,
        "identity.already_granted");
    EXPECT_EQ(try_grant(security, person.user, "king").error().code, "identity.unknown_role");
}

TEST_P(Staff, GrantNothingToThemselves)
{
    const auto security = make_person("sec", city, "security_admin");
    EXPECT_EQ(
        try_grant(security, security.user, "supervisor").error().code, "identity.not_own_role");
    const auto grants =
        database->read([&](db::Transaction& tx) { return list_grants(tx, security.user); });
    const auto revoked = write([&](db::Transaction& tx) {
        return revoke_role(tx, security, security.user, grants.front().id, start);
    });
    EXPECT_EQ(revoked.error().code, "identity.not_own_role");
}

TEST_P(Staff, GrantNoFurtherThanTheyReach)
{
    const auto security = make_person("sec", county, "security_admin", {.org = county});
    const auto mine = make_person("mine", bureau, "");
    const auto theirs = make_person("theirs", other_county, "");
    EXPECT_TRUE(try_grant(security, mine.user, "editor", {.org = bureau}));
    EXPECT_EQ(try_grant(security, mine.user, "editor").error().code, "identity.forbidden");
    EXPECT_EQ(
        try_grant(security, mine.user, "editor", {.site = {1}}).error().code, "identity.forbidden");
    EXPECT_EQ(
        try_grant(security, mine.user, "editor", {.org = other_county}).error().code,
        "identity.forbidden");
    EXPECT_EQ(
        try_grant(security, theirs.user, "editor", {.org = county}).error().code,
        "identity.user_not_found");
}

TEST_P(Staff, AreNeverTwoOfTheThreeAdministrators)
{
    const auto security = make_person("sec", city, "security_admin");
    const auto system = make_person("sys", city, "system_admin");
    const auto editor = make_person("ed", city, "editor");
    for (const char* role : {"security_admin", "audit_admin", "editor", "publisher"})
        EXPECT_EQ(
            try_grant(security, system.user, role).error().code,
            "identity.roles_exclude_each_other")
            << role;
    EXPECT_EQ(
        try_grant(security, editor.user, "audit_admin").error().code,
        "identity.roles_exclude_each_other");
    EXPECT_TRUE(try_grant(security, editor.user, "publisher"));
}

TEST_P(Staff, LoseARoleThatIsRevokedOrRunsOut)
{
    const auto security = make_person("sec", city, "security_admin");
    const auto person = make_person("pu", bureau, "");
    const auto grant = try_grant(security, person.user, "editor").value();
    EXPECT_TRUE(authority(person.user).may(ability::library_write));
    ASSERT_TRUE(write([&](db::Transaction& tx) {
        return revoke_role(tx, security, person.user, grant.id, start);
    }));
    EXPECT_FALSE(authority(person.user).may(ability::library_write));
    const auto again = write([&](db::Transaction& tx) {
        return revoke_role(tx, security, person.user, grant.id, start);
    });
    EXPECT_EQ(again.error().code, "identity.grant_not_found");
    ASSERT_TRUE(write([&](db::Transaction& tx) {
        return grant_role(
            tx, security, person.user, {.role = "editor", .expires_at = start + 1h}, start);
    }));
    EXPECT_TRUE(authority(person.user).may(ability::library_write));
    clock.advance(1h);
    EXPECT_FALSE(authority(person.user).may(ability::library_write));
}

TEST_P(Staff, MayDoOnlyWhatTheirGrantsCover)
{
    const auto person = make_person("pu", bureau, "");
    ASSERT_TRUE(try_grant(
        base::system_actor(), person.user, "editor", {.org = county, .site = {3}, .column = {17}}));
    const auto may = authority(person.user);
    const auto write_at = [&](Place place) { return may.may(ability::library_write, place); };
    EXPECT_TRUE(write_at({.org = bureau, .site = {3}, .column_path = "/2/17/40/"}));
    EXPECT_TRUE(write_at({.org = county, .site = {3}, .column_path = "/17/"}));
    EXPECT_FALSE(write_at({.org = city, .site = {3}, .column_path = "/17/"}));
    EXPECT_FALSE(write_at({.org = other_county, .site = {3}, .column_path = "/17/"}));
    EXPECT_FALSE(write_at({.org = bureau, .site = {4}, .column_path = "/17/"}));
    EXPECT_FALSE(write_at({.org = bureau, .site = {3}, .column_path = "/170/"}));
    EXPECT_FALSE(write_at({.org = bureau, .site = {3}, .column_path = ""}));
    EXPECT_FALSE(write_at({}));
    EXPECT_FALSE(may.may(ability::release_publish, {.org = bureau, .site = {3}}));
    EXPECT_EQ(require(may, ability::library_write, {}).error().code, "identity.forbidden");
    EXPECT_TRUE(may.orgs_of(ability::library_write).orgs.empty());
    ASSERT_TRUE(try_grant(base::system_actor(), person.user, "proofreader", {.org = county}));
    EXPECT_EQ(authority(person.user).orgs_of(ability::review_proofread).orgs.size(), 2U);
    ASSERT_TRUE(try_grant(base::system_actor(), person.user, "publisher"));
    EXPECT_TRUE(authority(person.user).orgs_of(ability::release_publish).everywhere);
}

TEST_P(Staff, MayDoNothingOnceDisabledOrExpired)
{
    const auto person = make_person("pu", bureau, "editor");
    auto user = wanted_user("pu", bureau);
    user.id = person.user;
    user.expires_at = start + 1h;
    const auto save = [&] {
        return write([&](db::Transaction& tx) {
            return update_user(tx, base::system_actor(), user, clock.now());
        });
    };
    ASSERT_TRUE(save());
    const auto token = try_log_in("pu", good_password)->token;
    EXPECT_TRUE(is_alive(token));
    clock.advance(1h);
    EXPECT_TRUE(authority(person.user).abilities().empty());
    EXPECT_FALSE(is_alive(token));
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "identity.account_disabled");
    user.expires_at.reset();
    ASSERT_TRUE(save());
    const auto second = try_log_in("pu", good_password)->token;
    user.state = UserState::Disabled;
    ASSERT_TRUE(save());
    EXPECT_FALSE(is_alive(second));
    user.state = UserState::Active;
    ASSERT_TRUE(save());
    EXPECT_FALSE(is_alive(second)); // Ended, not merely asleep.
}

TEST_P(Staff, LogInAndOut)
{
    const auto person = make_person("pu", bureau, "editor");
    const auto login = try_log_in("pu", good_password).value();
    EXPECT_EQ(login.token.size(), 64U);
    EXPECT_TRUE(is_alive(login.token));
    EXPECT_FALSE(is_alive(std::string(64, '0')));
    EXPECT_FALSE(is_alive(""));
    log_out(*database, person, login.session.id, clock.now());
    EXPECT_FALSE(is_alive(login.token));
    EXPECT_EQ(count_audit("identity.log_in", audit::Outcome::Done), 1);
    EXPECT_EQ(count_audit("identity.log_out", audit::Outcome::Done), 1);
}

TEST_P(Staff, AreToldTheSameForAWrongNameAndAWrongPassword)
{
    make_person("pu", bureau, "editor");
    const auto wrong = try_log_in("pu", "nonsense").error();
    const auto unknown = try_log_in("nobody", "nonsense").error();
    EXPECT_EQ(wrong.code, "identity.wrong_credentials");
    EXPECT_EQ(wrong.code, unknown.code);
    EXPECT_EQ(wrong.message, unknown.message);
    EXPECT_EQ(count_audit("identity.log_in", audit::Outcome::Refused), 2);
}

TEST_P(Staff, AreLockedAfterFiveFailuresForAQuarterOfAnHour)
{
    make_person("pu", bureau, "editor");
    for (const char* name : {"pu", "nobody"}) { // No difference again.
        for (int i = 0; i < 5; ++i)
            EXPECT_EQ(code_of(try_log_in(name, "no")), "identity.wrong_credentials");
        EXPECT_EQ(code_of(try_log_in(name, good_password)), "identity.locked");
    }
    clock.advance(14min);
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "identity.locked");
    clock.advance(1min);
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
}

TEST_P(Staff, AreUnlockedByASecurityAdministrator)
{
    const auto security = make_person("sec", city, "security_admin");
    const auto person = make_person("pu", bureau, "editor");
    for (int i = 0; i < 5; ++i)
        try_log_in("pu", "no");
    const auto unlock = [&](const base::Actor& actor) {
        return write(
            [&](db::Transaction& tx) { return unlock_user(tx, actor, person.user, start); });
    };
    EXPECT_EQ(unlock(person).error().code, "identity.forbidden");
    EXPECT_TRUE(unlock(security));
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
}

TEST_P(Staff, AreThrottledByAddressWhateverTheName)
{
    make_person("pu", bureau, "editor");
    for (int i = 0; i < 30; ++i)
        try_log_in("name" + std::to_string(i), "no", "", "10.6.6.6");
    EXPECT_EQ(
        code_of(try_log_in("pu", good_password, "", "10.6.6.6")), "identity.too_many_attempts");
    EXPECT_EQ(code_of(try_log_in("pu", good_password, "", "10.7.7.7")), "ok");
    clock.advance(15min);
    EXPECT_EQ(code_of(try_log_in("pu", good_password, "", "10.6.6.6")), "ok");
}

TEST_P(Staff, AreSignedOutWhenIdleOrAfterTenHours)
{
    make_person("pu", bureau, "editor");
    const auto idle = try_log_in("pu", good_password)->token;
    clock.advance(29min);
    EXPECT_TRUE(is_alive(idle));
    clock.advance(1min);
    EXPECT_FALSE(is_alive(idle));
    const auto busy = try_log_in("pu", good_password).value();
    for (int minutes = 0; minutes < 10 * 60 - 20; minutes += 20) {
        clock.advance(20min);
        const auto session = database->read([&](db::Transaction& tx) {
            return find_session(tx, busy.token, clock.now(), policy)->session;
        });
        keep_alive(*database, session, clock.now());
    }
    EXPECT_TRUE(is_alive(busy.token));
    clock.advance(20min);
    EXPECT_FALSE(is_alive(busy.token));
}

TEST_P(Staff, ChangeTheirPasswordAndEndAllOtherSessions)
{
    const auto person = make_person("pu", bureau, "editor");
    const auto here = try_log_in("pu", good_password).value();
    const auto there = try_log_in("pu", good_password).value();
    const auto change = [&](const char* from, const char* to) {
        return change_own_password(*database, person, here.session, from, to, clock.now(), policy);
    };
    EXPECT_EQ(code_of(change("wrong", "Vm3-baishi-77")), "identity.wrong_password");
    EXPECT_EQ(code_of(change(good_password, "short")), "identity.weak_password");
    EXPECT_EQ(code_of(change(good_password, good_password)), "identity.password_used_before");
    const auto renewed = change(good_password, "Vm3-baishi-77").value();
    EXPECT_FALSE(is_alive(here.token));
    EXPECT_FALSE(is_alive(there.token));
    EXPECT_TRUE(is_alive(renewed.token));
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "identity.wrong_credentials");
    EXPECT_EQ(code_of(try_log_in("pu", "Vm3-baishi-77")), "ok");
    EXPECT_EQ(code_of(change("Vm3-baishi-77", good_password)), "identity.password_used_before");
}

TEST_P(Staff, MustChangeAPasswordThatWasResetOrIsOld)
{
    const auto admin = make_person("sys", city, "system_admin");
    const auto person = make_person("pu", bureau, "editor");
    EXPECT_FALSE(try_log_in("pu", good_password)->user.must_change_password);
    const auto old = try_log_in("pu", good_password)->token;
    ASSERT_TRUE(write([&](db::Transaction& tx) {
        return reset_password(tx, admin, person.user, "Vm3-baishi-77", clock.now(), policy);
    }));
    EXPECT_FALSE(is_alive(old));
    EXPECT_TRUE(try_log_in("pu", "Vm3-baishi-77")->user.must_change_password);
    clock.advance(90 * 24h);
    EXPECT_TRUE(try_log_in("sys", good_password)->user.must_change_password);
}

TEST_P(Staff, SeeAndEndTheirOwnSessionsOnly)
{
    const auto person = make_person("pu", bureau, "editor");
    const auto other = make_person("qu", bureau, "editor");
    const auto one = try_log_in("pu", good_password).value();
    try_log_in("pu", good_password).value();
    const auto list = [&] {
        return database->read([&](db::Transaction& tx) {
            return list_own_sessions(tx, person.user, clock.now(), policy).size();
        });
    };
    EXPECT_EQ(list(), 2U);
    const auto end = [&](const base::Actor& actor) {
        return write([&](db::Transaction& tx) {
            return end_own_session(tx, actor, one.session.id, clock.now());
        });
    };
    EXPECT_EQ(end(other).error().code, "identity.session_not_found");
    EXPECT_TRUE(end(person));
    EXPECT_FALSE(is_alive(one.token));
    EXPECT_EQ(list(), 1U);
}

TEST_P(Staff, HaveNoMoreThanTenSessions)
{
    make_person("pu", bureau, "editor");
    const auto first = try_log_in("pu", good_password)->token;
    for (int i = 0; i < 9; ++i)
        try_log_in("pu", good_password).value();
    EXPECT_TRUE(is_alive(first));
    try_log_in("pu", good_password).value();
    EXPECT_FALSE(is_alive(first));
}

TEST_P(Staff, LogInWithAnAuthenticatorOnceItIsBound)
{
    const auto person = make_person("pu", bureau, "editor");
    const auto begin = [&] {
        return write([&](db::Transaction& tx) { return start_totp(tx, person, clock.now()); });
    };
    const auto confirm = [&](const std::string& code) {
        return write(
            [&](db::Transaction& tx) { return confirm_totp(tx, person, code, clock.now()); });
    };
    EXPECT_EQ(confirm("123456").error().code, "identity.totp_not_started");
    const auto secret = begin()->secret;
    const auto code_now = [&] { return totp_code(secret, base::to_millis(clock.now()) / 30'000); };
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok"); // Not before it is confirmed.
    EXPECT_EQ(confirm("abcdef").error().code, "identity.totp_wrong");
    const auto recovery = confirm(code_now()).value();
    EXPECT_EQ(recovery.size(), 10U);
    EXPECT_EQ(begin().error().code, "identity.totp_enabled");
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "identity.totp_needed");
    EXPECT_EQ(
        code_of(try_log_in("pu", good_password, code_now())),
        "identity.wrong_credentials"); // The step of the confirmation is used up.
    clock.advance(60s);
    EXPECT_EQ(code_of(try_log_in("pu", good_password, code_now())), "ok");
    EXPECT_EQ(code_of(try_log_in("pu", good_password, code_now())), "identity.wrong_credentials");
    EXPECT_EQ(code_of(try_log_in("pu", good_password, recovery.front())), "ok");
    EXPECT_EQ(
        code_of(try_log_in("pu", good_password, recovery.front())), "identity.wrong_credentials");
    EXPECT_EQ(
        remove_totp(*database, person, "wrong", clock.now(), policy).error().code,
        "identity.wrong_password");
    EXPECT_TRUE(remove_totp(*database, person, good_password, clock.now(), policy));
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
}

TEST_P(Staff, AreRehashedWhenTheCostHasRisen)
{
    make_person("pu", bureau, "editor");
    policy.hash_cost.passes = 2;
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
}

TEST_P(Staff, LeaveAWholeChainOfRecords)
{
    make_person("pu", bureau, "editor");
    try_log_in("pu", "no");
    try_log_in("pu", good_password).value();
    EXPECT_FALSE(audit::verify(*database).breach);
}

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
