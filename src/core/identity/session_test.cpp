#include "core/identity/session.h"

#include "core/audit/verify.h"
#include "core/identity/staff_fixture.h"
#include "core/identity/totp.h"

namespace identity {
namespace {

class Sessions : public Staff {};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Sessions, ::testing::ValuesIn(db::testing::backends()),
    db::testing::backend_name);

TEST_P(Sessions, LogInAndOut)
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

TEST_P(Sessions, AreToldTheSameForAWrongNameAndAWrongPassword)
{
    make_person("pu", bureau, "editor");
    const auto wrong = try_log_in("pu", "nonsense").error();
    const auto unknown = try_log_in("nobody", "nonsense").error();
    EXPECT_EQ(wrong.code, "identity.wrong_credentials");
    EXPECT_EQ(wrong.code, unknown.code);
    EXPECT_EQ(wrong.message, unknown.message);
    EXPECT_EQ(count_audit("identity.log_in", audit::Outcome::Refused), 2);
}

TEST_P(Sessions, AreLockedAfterFiveFailuresForAQuarterOfAnHour)
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

TEST_P(Sessions, AreUnlockedByASecurityAdministrator)
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

TEST_P(Sessions, AreThrottledByAddressWhateverTheName)
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

TEST_P(Sessions, AreSignedOutWhenIdleOrAfterTenHours)
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

TEST_P(Sessions, ChangeTheirPasswordAndEndAllOtherSessions)
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

TEST_P(Sessions, MustChangeAPasswordThatWasResetOrIsOld)
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

TEST_P(Sessions, SeeAndEndTheirOwnSessionsOnly)
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

TEST_P(Sessions, HaveNoMoreThanTenSessions)
{
    make_person("pu", bureau, "editor");
    const auto first = try_log_in("pu", good_password)->token;
    for (int i = 0; i < 9; ++i)
        try_log_in("pu", good_password).value();
    EXPECT_TRUE(is_alive(first));
    try_log_in("pu", good_password).value();
    EXPECT_FALSE(is_alive(first));
}

TEST_P(Sessions, LogInWithAnAuthenticatorOnceItIsBound)
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

TEST_P(Sessions, AreRehashedWhenTheCostHasRisen)
{
    make_person("pu", bureau, "editor");
    policy.hash_cost.passes = 2;
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
    EXPECT_EQ(code_of(try_log_in("pu", good_password)), "ok");
}

TEST_P(Sessions, LeaveAWholeChainOfRecords)
{
    make_person("pu", bureau, "editor");
    try_log_in("pu", "no");
    try_log_in("pu", good_password).value();
    EXPECT_FALSE(audit::verify(*database).breach);
}

} // namespace
} // namespace identity
