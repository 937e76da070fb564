#include "core/identity/staff.h"

#include "core/identity/staff_fixture.h"

namespace identity {
namespace {

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

} // namespace
} // namespace identity
