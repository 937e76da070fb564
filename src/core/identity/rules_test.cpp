#include "core/identity/ability.h"
#include "core/identity/digest.h"
#include "core/identity/hashing.h"
#include "core/identity/json.h"
#include "core/identity/password.h"
#include "core/identity/totp.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace identity {
namespace {

constexpr HashCost cheap{.memory_kib = 64, .passes = 1, .lanes = 1};

TEST(Passwords, AreGoodWhenLongMixedAndUncommon)
{
    for (const char* good : {"Qx7-lanling-88", "shanshui Lu 42", "春眠不觉晓Abc1x", "kG9#vPq2!mZx"})
        EXPECT_EQ(find_weakness(good, "lihua"), std::nullopt) << good;
}

TEST(Passwords, AreRefusedWhenShortOrOfFewClasses)
{
    for (const char* weak :
         {"", "Qx7-lan", "qx7lanling88", "QXLANLINGABCD", "1234567890123", "qxlanling-abc"})
        EXPECT_TRUE(find_weakness(weak, "lihua")) << weak;
}

TEST(Passwords, AreRefusedWhenTheyHoldTheLogin)
{
    EXPECT_TRUE(find_weakness("Xy-LiHua-2077", "lihua"));
    EXPECT_FALSE(find_weakness("Xy-LiHua-2077", "li")); // Too short to mean anything.
}

TEST(Passwords, AreRefusedWhenWellKnownAlsoInDisguise)
{
    for (const char* weak :
         {"Admin@123456", "P@ssw0rd2026", "!QAZ2wsx3edc", "1qaz@WSX3edc", "Woaini1314!!",
          "Qwer1234!@#$", "Zhengfu@2026", "Huawei@123", "Aa123456789!", "Welcome2026!",
          "Guanliyuan_88"})
        EXPECT_TRUE(find_weakness(weak, "lihua")) << weak;
}

TEST(Passwords, AreRefusedWhenOfFewDifferentCharacters)
{
    EXPECT_TRUE(find_weakness("AAAAaaaa1111", "lihua"));
}

TEST(Passwords, MayBeLongButNotEndless)
{
    EXPECT_FALSE(find_weakness("Xb7" + std::string(90, 'k') + "pq?m", "lihua"));
    EXPECT_TRUE(find_weakness("Xb7pq?m" + std::string(300, 'k'), "lihua"));
}

TEST(Policy, IsOnlyEverMadeStricter)
{
    Policy loose;
    loose.password_length_min = 4;
    loose.failures_max = 100;
    loose.session_idle_max = std::chrono::hours(5);
    loose.password_age_max = std::chrono::days(0);
    loose.hash_cost = cheap;
    const auto kept = default_policy().tightened_by(loose);
    EXPECT_EQ(kept.password_length_min, 10U);
    EXPECT_EQ(kept.failures_max, 5);
    EXPECT_EQ(kept.session_idle_max, std::chrono::minutes(30));
    EXPECT_EQ(kept.password_age_max, std::chrono::days(90));
    EXPECT_EQ(kept.hash_cost.memory_kib, 19'456U);
    Policy strict;
    strict.password_length_min = 14;
    strict.failures_max = 3;
    EXPECT_EQ(default_policy().tightened_by(strict).password_length_min, 14U);
    EXPECT_EQ(default_policy().tightened_by(strict).failures_max, 3);
}

TEST(Hashing, TellsTheRightPasswordFromAWrongOne)
{
    const auto hash = hash_password("Qx7-lanling-88", cheap).value();
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    EXPECT_TRUE(is_password(hash, "Qx7-lanling-88", cheap).value());
    EXPECT_FALSE(is_password(hash, "Qx7-lanling-89", cheap).value());
    EXPECT_NE(hash, hash_password("Qx7-lanling-88", cheap).value()); // Salted.
    EXPECT_FALSE(is_of_other_cost(hash, cheap));
    EXPECT_TRUE(is_of_other_cost(hash, HashCost{}));
}

TEST(Hashing, AnswersNoForAnUnknownUser) { EXPECT_FALSE(is_password("", "x", cheap).value()); }

TEST(Hashing, TurnsAwayWhoWouldWaitTooLong)
{
    constexpr int visitors = 60; // Two inside, 32 waiting.
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < visitors; ++i)
        threads.emplace_back([&] {
            const auto hash = hash_password("x", {.memory_kib = 65'536, .passes = 2, .lanes = 1});
            if (!hash && hash.error().code == "identity.busy")
                ++refused;
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_GT(refused, 0);
    EXPECT_LE(refused, visitors - 34);
}

// RFC 6238 appendix B, SHA-1; the last six of the eight digits.
TEST(Totp, GivesTheCodesOfTheStandard)
{
    const auto secret = to_base32("12345678901234567890");
    EXPECT_EQ(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(totp_code(secret, 59 / 30), "287082");
    EXPECT_EQ(totp_code(secret, 1111111109 / 30), "081804");
    EXPECT_EQ(totp_code(secret, 1111111111 / 30), "050471");
    EXPECT_EQ(totp_code(secret, 1234567890 / 30), "005924");
    EXPECT_EQ(totp_code(secret, 2000000000 / 30), "279037");
}

TEST(Totp, AcceptsANeighbouringStepAndNoFurther)
{
    const auto secret = make_totp_secret();
    const auto now = base::instant_from_millis(1'800'000'000'000);
    const std::int64_t step = 1'800'000'000 / 30;
    for (const auto near : {step - 1, step, step + 1})
        EXPECT_EQ(find_totp_step(secret, totp_code(secret, near), 0, now), near);
    EXPECT_EQ(find_totp_step(secret, totp_code(secret, step - 2), 0, now), std::nullopt);
    EXPECT_EQ(find_totp_step(secret, totp_code(secret, step + 2), 0, now), std::nullopt);
    EXPECT_EQ(find_totp_step(secret, "", 0, now), std::nullopt);
}

TEST(Totp, AcceptsNoStepTwice)
{
    const auto secret = make_totp_secret();
    const auto now = base::instant_from_millis(1'800'000'000'000);
    const std::int64_t step = 1'800'000'000 / 30;
    EXPECT_EQ(find_totp_step(secret, totp_code(secret, step), step, now), std::nullopt);
    EXPECT_EQ(find_totp_step(secret, totp_code(secret, step - 1), step, now), std::nullopt);
}

TEST(Base32, ReadsWhatItWrote)
{
    for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
        EXPECT_EQ(from_base32(to_base32(bytes)), bytes);
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI"); // RFC 4648.
    EXPECT_EQ(from_base32("1"), std::nullopt);
}

TEST(Roles, AreTheTwelveOfTheContract)
{
    std::string keys;
    for (const auto& role : list_roles())
        keys += role.key + " ";
    EXPECT_EQ(
        keys, "system_admin security_admin audit_admin editor contributor proofreader "
              "first_reviewer second_reviewer final_reviewer publisher site_admin supervisor ");
}

// 三员分立: the whole table.
TEST(Roles, ExcludeTheThreeAdministratorsFromOneAnotherAndFromContent)
{
    const std::vector<std::string> three = {"system_admin", "security_admin", "audit_admin"};
    const auto is_one = [&](const std::string& key) {
        return std::find(three.begin(), three.end(), key) != three.end();
    };
    for (const auto& one : list_roles()) {
        for (const auto& other : list_roles()) {
            const bool same = one.key == other.key;
            const bool supervisor = one.key == "supervisor" || other.key == "supervisor";
            const bool expected = !same && !supervisor && (is_one(one.key) || is_one(other.key));
            EXPECT_EQ(exclude_each_other(one.key, other.key), expected)
                << one.key << " " << other.key;
        }
    }
}

TEST(Roles, DivideAccountsGrantsAndAudit)
{
    const auto gives = [](const char* role, std::string_view ability) {
        const auto& abilities = find_role(role)->abilities;
        return std::find(abilities.begin(), abilities.end(), ability) != abilities.end();
    };
    EXPECT_FALSE(gives("system_admin", ability::staff_grant));
    EXPECT_FALSE(gives("system_admin", ability::audit_read));
    EXPECT_FALSE(gives("security_admin", ability::staff_manage));
    EXPECT_FALSE(gives("security_admin", ability::audit_read));
    EXPECT_FALSE(gives("audit_admin", ability::staff_manage));
    EXPECT_FALSE(gives("audit_admin", ability::staff_grant));
    for (const char* admin : {"system_admin", "security_admin", "audit_admin"})
        for (const auto& ability : find_role(admin)->abilities)
            EXPECT_FALSE(
                ability.starts_with("library.") || ability.starts_with("review.")
                || ability.starts_with("release."))
                << admin << " " << ability;
}

TEST(Phones, AreShownMasked)
{
    EXPECT_EQ(mask_phone("13812341234"), "138****1234");
    EXPECT_EQ(mask_phone("12345"), "*****");
    EXPECT_EQ(mask_phone(""), "");
}

TEST(Comparison, TellsEqualFromUnequal)
{
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
    EXPECT_EQ(
        sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

} // namespace
} // namespace identity
