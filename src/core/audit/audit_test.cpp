#include "core/audit/audit.h"

#include "core/audit/chain.h"
#include "core/audit/export.h"
#include "core/audit/schema.h"
#include "core/audit/verify.h"
#include "db/testing/on_every_backend.h"

#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <thread>

namespace audit {
namespace {

using db::testing::TemporaryDatabase;

const auto morning = base::instant_from("2026-11-22 09:00").value();

base::Actor clerk()
{
    return {.user = {7}, .org = {3}, .name = "李编辑", .address = "10.0.0.7", .request_id = "r1"};
}

void append(TemporaryDatabase& database, int count)
{
    database->write([&](db::Transaction& tx) {
        for (int i = 1; i <= count; ++i)
            record(
                tx, clerk(),
                {.action = "release.publish",
                 .subject_kind = "item",
                 .subject = i,
                 .summary = "发布稿件 " + std::to_string(i),
                 .after = "{}"},
                morning + std::chrono::seconds(i));
    });
}

/// As somebody with the database's password would: without the triggers.
void tamper(TemporaryDatabase& database, const std::vector<std::string>& statements)
{
    database->write([&](db::Transaction& tx) {
        if (tx.is_postgresql())
            tx.run_script("ALTER TABLE audit_records DISABLE TRIGGER ALL;"
                          "ALTER TABLE audit_head DISABLE TRIGGER ALL;");
        else
            tx.run_script("DROP TRIGGER audit_records_no_update;"
                          "DROP TRIGGER audit_records_no_delete;"
                          "DROP TRIGGER audit_head_no_delete;"
                          "DROP TRIGGER audit_head_only_forward;");
        for (const auto& statement : statements)
            tx.run_script(statement);
    });
}

class Trail : public db::testing::OnEveryBackend {
protected:
    TemporaryDatabase database{migrations(), GetParam()};
    Verification check(std::optional<Anchor> anchor = std::nullopt)
    {
        return verify(*database, anchor);
    }
    void expect_breach(Breach::Kind kind, std::int64_t sequence)
    {
        const auto found = check();
        ASSERT_TRUE(found.breach);
        EXPECT_EQ(to_string(found.breach->kind), to_string(kind)) << found.breach->explanation;
        EXPECT_EQ(found.breach->sequence, sequence) << found.breach->explanation;
    }
    std::vector<Record> list(const Filter& filter, int offset = 0, int limit = 200)
    {
        return database->read(
            [&](db::Transaction& tx) { return list_records(tx, filter, offset, limit); });
    }
    std::int64_t count(const Filter& filter)
    {
        return database->read([&](db::Transaction& tx) { return count_records(tx, filter); });
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Trail, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST(Sm3, GivesTheKnownAnswersOfTheStandard)
{
    Hasher hasher;
    EXPECT_EQ(
        hasher.sm3("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    std::string sixty_four;
    for (int i = 0; i < 16; ++i)
        sixty_four += "abcd";
    EXPECT_EQ(
        hasher.sm3(sixty_four), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Encoding, LetsNoTwoRecordsLookAlike)
{
    Hasher hasher;
    Record one;
    one.user_name = "ab";
    one.address = "c";
    Record other;
    other.user_name = "a";
    other.address = "bc";
    EXPECT_NE(hasher.hash_of(one), hasher.hash_of(other));
}

TEST(Encoding, CoversEveryField)
{
    Hasher hasher;
    const Record plain;
    const std::vector<std::function<void(Record&)>> changes = {[](Record& r) { r.sequence = 1; },
                                                               [](Record& r) { r.at += std::chrono::milliseconds(1); },
                                                               [](Record& r) { r.user = {1}; },
                                                               [](Record& r) { r.org = {1}; },
                                                               [](Record& r) { r.user_name = "x"; },
                                                               [](Record& r) { r.address = "x"; },
                                                               [](Record& r) { r.request_id = "x"; },
                                                               [](Record& r) { r.action = "x"; },
                                                               [](Record& r) { r.subject_kind = "x"; },
                                                               [](Record& r) { r.subject = 1; },
                                                               [](Record& r) { r.summary = "x"; },
                                                               [](Record& r) { r.before = "x"; },
                                                               [](Record& r) { r.after = "x"; },
                                                               [](Record& r) { r.outcome = Outcome::Refused; },
                                                               [](Record& r) { r.previous_hash = "x"; }};
    std::vector<std::string> hashes = {hasher.hash_of(plain)};
    for (const auto& change : changes) {
        Record changed;
        change(changed);
        hashes.push_back(hasher.hash_of(changed));
    }
    std::sort(hashes.begin(), hashes.end());
    EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
}

TEST_P(Trail, KeepsAllThatWasSaid)
{
    database->write([](db::Transaction& tx) {
        record(
            tx, clerk(),
            {.action = "release.withdraw",
             .subject_kind = "item",
             .subject = 40,
             .summary = "撤下《通知》，原因：内容有误",
             .before = R"({"state":"live"})",
             .after = R"({"state":"withdrawn"})",
             .outcome = Outcome::Refused},
            morning);
    });
    const auto records = list({});
    ASSERT_EQ(records.size(), 1U);
    const auto& kept = records.front();
    EXPECT_EQ(kept.sequence, 1);
    EXPECT_EQ(kept.at, morning);
    EXPECT_EQ(kept.user.value, 7);
    EXPECT_EQ(kept.org.value, 3);
    EXPECT_EQ(kept.user_name, "李编辑");
    EXPECT_EQ(kept.address, "10.0.0.7");
    EXPECT_EQ(kept.request_id, "r1");
    EXPECT_EQ(kept.action, "release.withdraw");
    EXPECT_EQ(kept.subject_kind, "item");
    EXPECT_EQ(kept.subject, 40);
    EXPECT_EQ(kept.summary, "撤下《通知》，原因：内容有误");
    EXPECT_EQ(kept.before, R"({"state":"live"})");
    EXPECT_EQ(kept.after, R"({"state":"withdrawn"})");
    EXPECT_EQ(kept.outcome, Outcome::Refused);
    EXPECT_EQ(kept.previous_hash, genesis_hash);
    EXPECT_EQ(kept.hash.size(), 64U);
}

TEST_P(Trail, AcceptsATextWithNulSoThatTheChangeIsNotLost)
{
    database->write([](db::Transaction& tx) {
        record(tx, clerk(), {.action = "a.b", .summary = std::string("a\0b", 3)}, morning);
    });
    EXPECT_EQ(list({}).front().summary, "a b");
    EXPECT_FALSE(check().breach);
}

TEST_P(Trail, FiltersAndPagesNewestFirst)
{
    append(database, 25);
    EXPECT_EQ(count({}), 25);
    EXPECT_EQ(list({}, 0, 10).front().sequence, 25);
    EXPECT_EQ(list({}, 20, 10).back().sequence, 1);
    EXPECT_EQ(count({.user = base::UserId{8}}), 0);
    EXPECT_EQ(count({.user = base::UserId{7}}), 25);
    EXPECT_EQ(count({.action_prefix = "release."}), 25);
    EXPECT_EQ(count({.action_prefix = "rel_ase."}), 0);
    EXPECT_EQ(count({.subject_kind = "item", .subject = 5}), 1);
    EXPECT_EQ(count({.from = morning + std::chrono::seconds(25)}), 1);
    EXPECT_EQ(count({.until = morning + std::chrono::seconds(25)}), 24);
    EXPECT_EQ(count({.text = "稿件 2"}), 7);
    EXPECT_EQ(count({.text = "100%"}), 0);
    EXPECT_EQ(count({.outcome = Outcome::Refused}), 0);
    EXPECT_EQ(count({.orgs = std::vector<base::OrgId>{{3}, {4}, {5}}}), 25);
    EXPECT_EQ(count({.orgs = std::vector<base::OrgId>{{4}}}), 0);
    EXPECT_EQ(count({.orgs = std::vector<base::OrgId>{}}), 0);
}

TEST_P(Trail, IsNeverChangedOrRemoved)
{
    append(database, 3);
    for (const char* sql :
         {"UPDATE audit_records SET summary = 'x' WHERE sequence = 2",
          "DELETE FROM audit_records WHERE sequence = 3", "DELETE FROM audit_head",
          "UPDATE audit_head SET sequence = 1"})
        EXPECT_THROW(database->write([&](db::Transaction& tx) { tx.execute(sql); }), db::Failure)
            << sql;
    EXPECT_FALSE(check().breach);
    EXPECT_EQ(check().records, 3);
}

TEST_P(Trail, TakesNoNumberForAChangeThatDidNotHappen)
{
    append(database, 1);
    EXPECT_THROW(
        database->write([](db::Transaction& tx) {
            record(tx, clerk(), {.action = "a.b"}, morning);
            throw std::runtime_error("no");
        }),
        std::runtime_error);
    append(database, 1);
    EXPECT_EQ(check().records, 2);
    EXPECT_FALSE(check().breach);
}

TEST_P(Trail, HasNoGapsUnderConcurrentWriters)
{
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 6; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                append(database, 1);
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(check().records, 60);
    EXPECT_FALSE(check().breach);
}

TEST_P(Trail, IsWholeWhenEmptyAndWhenLongerThanOneBatch)
{
    EXPECT_FALSE(check().breach);
    EXPECT_EQ(check().head.hash, genesis_hash);
    append(database, 2100);
    const auto found = check();
    EXPECT_FALSE(found.breach);
    EXPECT_EQ(found.records, 2100);
    EXPECT_EQ(found.head.sequence, 2100);
}

TEST_P(Trail, ShowsAnEditedRecord)
{
    append(database, 10);
    tamper(database, {"UPDATE audit_records SET summary = 'x' WHERE sequence = 5"});
    expect_breach(Breach::Kind::Edited, 5);
}

TEST_P(Trail, ShowsAChangedTime)
{
    append(database, 10);
    tamper(database, {"UPDATE audit_records SET at = at - 1 WHERE sequence = 1"});
    expect_breach(Breach::Kind::Edited, 1);
}

TEST_P(Trail, ShowsAnEditedRecordWhoseHashWasRecomputed)
{
    append(database, 10);
    auto forged = list({.subject = 5}).front();
    forged.summary = "forged";
    const auto hash = Hasher().hash_of(forged);
    tamper(
        database,
        {"UPDATE audit_records SET summary = 'forged', hash = '" + hash + "' WHERE sequence = 5"});
    expect_breach(Breach::Kind::Edited, 5);
}

TEST_P(Trail, ShowsALastRecordWhoseHashWasRecomputed)
{
    append(database, 10);
    auto forged = list({.subject = 10}).front();
    forged.summary = "forged";
    const auto hash = Hasher().hash_of(forged);
    tamper(
        database,
        {"UPDATE audit_records SET summary = 'forged', hash = '" + hash + "' WHERE sequence = 10"});
    expect_breach(Breach::Kind::Edited, 10);
}

TEST_P(Trail, ShowsMissingRecordsInTheMiddleAndAtTheBeginning)
{
    append(database, 10);
    tamper(database, {"DELETE FROM audit_records WHERE sequence IN (4, 5)"});
    expect_breach(Breach::Kind::Missing, 4);
    database->write(
        [](db::Transaction& tx) { tx.run_script("DELETE FROM audit_records WHERE sequence < 4"); });
    expect_breach(Breach::Kind::Missing, 1);
}

TEST_P(Trail, ShowsMissingRecordsAlsoWhenTheLaterOnesWereRenumbered)
{
    append(database, 10);
    tamper(
        database, {"DELETE FROM audit_records WHERE sequence = 4",
                   "UPDATE audit_records SET sequence = -(sequence - 1) WHERE sequence > 4",
                   "UPDATE audit_records SET sequence = -sequence WHERE sequence < 0"});
    expect_breach(Breach::Kind::Missing, 4);
}

TEST_P(Trail, ShowsAnInsertedRecord)
{
    append(database, 10);
    const auto third = list({.subject = 3}).front();
    Record forged = third;
    forged.sequence = 4;
    forged.summary = "forged";
    forged.previous_hash = third.hash;
    forged.hash = Hasher().hash_of(forged);
    tamper(
        database,
        {"UPDATE audit_records SET sequence = -(sequence + 1) WHERE sequence > 3",
         "UPDATE audit_records SET sequence = -sequence WHERE sequence < 0",
         "INSERT INTO audit_records SELECT 4, at, user_id, org_id, user_name, address, "
         "request_id, action, subject_kind, subject, 'forged', before_json, after_json, refused, '"
             + third.hash + "', '" + forged.hash + "' FROM audit_records WHERE sequence = 3"});
    expect_breach(Breach::Kind::Inserted, 4);
}

TEST_P(Trail, ShowsARecordAppendedPastTheHead)
{
    append(database, 3);
    tamper(
        database, {"INSERT INTO audit_records SELECT 4, at, user_id, org_id, user_name, address, "
                   "request_id, action, subject_kind, subject, summary, before_json, after_json, "
                   "refused, hash, hash FROM audit_records WHERE sequence = 3"});
    const auto found = check();
    ASSERT_TRUE(found.breach);
    EXPECT_EQ(found.breach->sequence, 4);
}

TEST_P(Trail, ShowsReorderedRecords)
{
    append(database, 10);
    tamper(
        database, {"UPDATE audit_records SET sequence = -4 WHERE sequence = 4",
                   "UPDATE audit_records SET sequence = 4 WHERE sequence = 7",
                   "UPDATE audit_records SET sequence = 7 WHERE sequence = -4"});
    expect_breach(Breach::Kind::Reordered, 4);
}

TEST_P(Trail, ShowsACutTail)
{
    append(database, 10);
    tamper(database, {"DELETE FROM audit_records WHERE sequence > 8"});
    expect_breach(Breach::Kind::Truncated, 9);
}

TEST_P(Trail, ShowsALostHead)
{
    append(database, 3);
    tamper(database, {"DELETE FROM audit_head"});
    expect_breach(Breach::Kind::Truncated, 4);
    EXPECT_THROW(append(database, 1), db::Failure); // Without audit nothing happens.
}

TEST_P(Trail, ShowsACutTailWithARepairedHeadOnlyAgainstAnAnchor)
{
    append(database, 10);
    const auto anchor = check().head;
    const auto eighth = list({.subject = 8}).front();
    tamper(
        database, {"DELETE FROM audit_records WHERE sequence > 8",
                   "UPDATE audit_head SET sequence = 8, hash = '" + eighth.hash + "'"});
    EXPECT_FALSE(check().breach);
    const auto found = check(anchor);
    ASSERT_TRUE(found.breach);
    EXPECT_EQ(found.breach->kind, Breach::Kind::RolledBack);
    EXPECT_EQ(found.breach->sequence, 9);

    append(database, 5); // Life went on after the roll-back.
    const auto later = check(anchor);
    ASSERT_TRUE(later.breach);
    EXPECT_EQ(later.breach->kind, Breach::Kind::RolledBack);
    EXPECT_EQ(later.breach->sequence, 10);
}

TEST_P(Trail, FitsAnAnchorThatItGrewPast)
{
    EXPECT_FALSE(check(Anchor{0, std::string(genesis_hash)}).breach);
    append(database, 4);
    const auto anchor = check().head;
    append(database, 4);
    EXPECT_FALSE(check(anchor).breach);
    EXPECT_FALSE(check(Anchor{0, std::string(genesis_hash)}).breach);
}

TEST_P(Trail, IsExportedWithoutFormulas)
{
    database->write([](db::Transaction& tx) {
        record(tx, clerk(), {.action = "a.b", .summary = "=HYPERLINK(\"http://x\")"}, morning);
        record(tx, clerk(), {.action = "a.b", .summary = "+1", .after = "{\"a\":\"b\"}"}, morning);
    });
    std::string csv;
    std::string lines;
    database->read([&](db::Transaction& tx) {
        export_csv(tx, {}, 10, [&](std::string_view piece) { csv += piece; });
        export_json_lines(tx, {}, 10, [&](std::string_view piece) { lines += piece; });
    });
    EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF\"序号\","));
    EXPECT_NE(csv.find("\"'=HYPERLINK(\"\"http://x\"\")\""), std::string::npos);
    EXPECT_NE(csv.find("\"'+1\""), std::string::npos);
    EXPECT_NE(csv.find("\"{\"\"a\"\":\"\"b\"\"}\""), std::string::npos);
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
    EXPECT_TRUE(lines.starts_with("{\"sequence\":2,"));
}

TEST_P(Trail, IsExportedWholeOverManyPages)
{
    append(database, 2500);
    int lines = 0;
    database->read([&](db::Transaction& tx) {
        export_json_lines(tx, {}, 2400, [&](std::string_view) { ++lines; });
    });
    EXPECT_EQ(lines, 2400);
}

} // namespace
} // namespace audit
