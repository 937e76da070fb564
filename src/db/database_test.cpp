#include "db/database.h"

#include "db/migrations.h"
#include "db/testing/on_every_backend.h"

#include <atomic>
#include <barrier>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

namespace db {
namespace {

const std::vector<Migration> schema = {
    {"notes", 1, "001_notes",
     "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL UNIQUE, size DOUBLE PRECISION,"
     " data {{blob}}, seen_at BIGINT);"
     "CREATE INDEX notes_seen_at ON notes (seen_at);"}};

constexpr auto insert_note = "INSERT INTO notes (text) VALUES (?) RETURNING id";
constexpr auto count_sql = "SELECT COUNT(*) AS n FROM notes";

class Storage : public testing::OnEveryBackend {
protected:
    std::int64_t write_note(std::string_view text)
    {
        return database->write(
            [&](Transaction& tx) { return tx.query(insert_note, text).front().integer("id"); });
    }
    std::int64_t count()
    {
        return database->read(
            [](Transaction& tx) { return tx.query(count_sql).front().integer("n"); });
    }
    Failure::Kind kind_of_failure(const std::function<void(Transaction&)>& work)
    {
        try {
            database->write(work);
        } catch (const Failure& failure) {
            return failure.kind;
        }
        ADD_FAILURE() << "did not fail";
        return Failure::Kind::Other;
    }

    testing::TemporaryDatabase database{schema, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Storage, ::testing::ValuesIn(testing::backends()), testing::backend_name);

TEST_P(Storage, GivesBackEveryTypeAsItWas)
{
    const std::string bytes("\0\xff\x01'\\", 5);
    const auto smallest = std::numeric_limits<std::int64_t>::min();
    database->write([&](Transaction& tx) {
        tx.execute(
            "INSERT INTO notes (text, size, data, seen_at) VALUES (?, ?, ?, ?)",
            "政务公开 \U0001F600 'x' \"y\" \\ ?", 0.1, Blob{bytes}, smallest);
    });
    const auto rows =
        database->read([](Transaction& tx) { return tx.query("SELECT * FROM notes"); });
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].text("text"), "政务公开 \U0001F600 'x' \"y\" \\ ?");
    EXPECT_EQ(rows[0].real("size"), 0.1);
    EXPECT_EQ(rows[0].bytes("data"), bytes);
    EXPECT_EQ(rows[0].integer("seen_at"), smallest);
}

TEST_P(Storage, AnEmptyTextIsNotNull)
{
    database->write([](Transaction& tx) {
        tx.execute("INSERT INTO notes (text, data, seen_at) VALUES (?, ?, ?)", "", Blob{}, nullptr);
    });
    database->read([](Transaction& tx) {
        const auto row = tx.query("SELECT text, data, seen_at, size FROM notes").front();
        EXPECT_FALSE(row.is_null("text"));
        EXPECT_FALSE(row.is_null("data"));
        EXPECT_TRUE(row.is_null("seen_at"));
        EXPECT_EQ(row.optional_instant("seen_at"), std::nullopt);
        EXPECT_EQ(row.integer("seen_at"), 0);
        EXPECT_EQ(row.text("size"), "");
    });
}

TEST_P(Storage, RefusesTextThatTheOtherBackendCouldNotKeep)
{
    for (const auto& text :
         {std::string("a\0b", 3), std::string("\xD6\xD0"), std::string("\xED\xA0\x80")}) {
        const auto kind = kind_of_failure([&](Transaction& tx) { tx.query(insert_note, text); });
        EXPECT_EQ(kind, Failure::Kind::Constraint);
    }
    EXPECT_EQ(count(), 0);
}

TEST_P(Storage, AnUnknownColumnOrAnotherTypeThrows)
{
    write_note("a");
    database->read([](Transaction& tx) {
        const auto row = tx.query("SELECT id, text FROM notes").front();
        EXPECT_THROW(row.text("txt"), Failure);
        EXPECT_THROW(row.integer("text"), Failure);
        EXPECT_THROW(row.text("id"), Failure);
        EXPECT_THROW(row.bytes("text"), Failure);
    });
}

TEST_P(Storage, TwoColumnsOfOneNameThrow)
{
    EXPECT_THROW(
        database->read([](Transaction& tx) { tx.query("SELECT 1 AS a, 2 AS a"); }), Failure);
}

TEST_P(Storage, ARefusalKeepsNothing)
{
    const auto result = database->write([&](Transaction& tx) -> base::Result<int> {
        tx.query(insert_note, "a");
        return base::refuse(base::Error::Kind::Conflict, "notes.no", "不行");
    });
    EXPECT_EQ(result.error().code, "notes.no");
    EXPECT_EQ(count(), 0);
}

TEST_P(Storage, AnExceptionKeepsNothingAndReachesTheCaller)
{
    const auto work = [](Transaction& tx) {
        tx.query(insert_note, "a");
        throw std::out_of_range("mine");
    };
    EXPECT_THROW(database->write(work), std::out_of_range);
    EXPECT_EQ(count(), 0);
}

TEST_P(Storage, AViolatedConstraintIsSaidToBeOne)
{
    write_note("a");
    const auto kind = kind_of_failure([](Transaction& tx) { tx.query(insert_note, "a"); });
    EXPECT_EQ(kind, Failure::Kind::Constraint);
}

TEST_P(Storage, ASwallowedFailureStillLosesTheTransaction)
{
    write_note("a");
    const auto work = [](Transaction& tx) {
        tx.query(insert_note, "b");
        EXPECT_THROW(tx.query(insert_note, "a"), Failure);
        EXPECT_THROW(tx.query(insert_note, "c"), Failure);
    };
    EXPECT_THROW(database->write(work), Failure);
    EXPECT_EQ(count(), 1);
}

TEST_P(Storage, AReadCannotWrite)
{
    EXPECT_THROW(database->read([](Transaction& tx) { tx.query(insert_note, "a"); }), Failure);
    EXPECT_EQ(count(), 0);
}

TEST_P(Storage, AClosureCannotOpenAnotherTransaction)
{
    EXPECT_THROW(database->write([&](Transaction&) { write_note("a"); }), Failure);
    EXPECT_THROW(database->read([&](Transaction&) { count(); }), Failure);
}

TEST_P(Storage, ExecuteTellsHowManyRowsChanged)
{
    write_note("a");
    write_note("b");
    database->write([](Transaction& tx) {
        EXPECT_EQ(tx.execute("UPDATE notes SET seen_at = ?", 7), 2);
        EXPECT_EQ(tx.execute("UPDATE notes SET seen_at = ? WHERE text = ?", 8, "c"), 0);
        EXPECT_EQ(tx.query("SELECT seen_at FROM notes WHERE seen_at = ?", 7).size(), 2U);
        EXPECT_EQ(tx.execute("DELETE FROM notes WHERE text = ?", "a"), 1);
    });
}

TEST_P(Storage, OptionalFiltersTakeNullAndBigNumbers)
{
    write_note("a");
    constexpr auto sql = "SELECT id FROM notes WHERE (? IS NULL OR text = ?) AND (? = 0 OR id = ?)";
    database->read([&](Transaction& tx) {
        const std::optional<std::string> none;
        EXPECT_EQ(tx.query(sql, none, none, 0, 0).size(), 1U);
        EXPECT_EQ(tx.query(sql, "a", "a", 0, 0).size(), 1U);
        EXPECT_EQ(tx.query(sql, "b", "b", 0, 0).size(), 0U);
        EXPECT_EQ(tx.query(sql, "a", "a", 5'000'000'000, 5'000'000'000).size(), 0U);
    });
    EXPECT_THROW(database->read([&](Transaction& tx) { tx.query(sql, "a"); }), Failure);
}

TEST_P(Storage, AQuestionMarkInAQuotedTextIsNoParameter)
{
    database->read([](Transaction& tx) {
        constexpr auto sql = "SELECT '?''?' AS a, ? AS \"b?\" -- ?\n , /* ? */ 3 AS c";
        const auto row = tx.query(sql, "x").front();
        EXPECT_EQ(row.text("a"), "?'?");
        EXPECT_EQ(row.text("b?"), "x");
        EXPECT_EQ(row.integer("c"), 3);
    });
}

TEST_P(Storage, SumsAndAveragesReadAsNumbers)
{
    database->write([](Transaction& tx) {
        for (const int i : {1, 2})
            tx.execute("INSERT INTO notes (text, seen_at) VALUES (?, ?)", std::to_string(i), i);
    });
    database->read([](Transaction& tx) {
        const auto row =
            tx.query("SELECT SUM(seen_at) AS s, AVG(seen_at) AS a, MAX(seen_at) AS m FROM notes")
                .front();
        EXPECT_EQ(row.integer("s"), 3);
        EXPECT_EQ(row.real("a"), 1.5);
        EXPECT_EQ(row.integer("m"), 2);
    });
}

TEST_P(Storage, TextSortsByBytesAndLikeTellsCapitalsApart)
{
    for (const auto* text : {"b", "B", "政", "a"})
        write_note(text);
    database->read([](Transaction& tx) {
        std::string order;
        for (const auto& row : tx.query("SELECT text FROM notes ORDER BY text"))
            order += row.text("text");
        EXPECT_EQ(order, "Bab政");
        EXPECT_EQ(tx.query("SELECT id FROM notes WHERE text LIKE ?", "b%").size(), 1U);
    });
}

TEST_P(Storage, AnIdIsNeverUsedAgain)
{
    const auto first = write_note("a");
    database->write([](Transaction& tx) { tx.execute("DELETE FROM notes"); });
    EXPECT_GT(write_note("a"), first);
}

TEST_P(Storage, ReadersSeeTheirSnapshotWhileAWriterCommits)
{
    write_note("a");
    std::barrier before(3), after(3);
    const auto reader = [&] {
        database->read([&](Transaction& tx) {
            EXPECT_EQ(tx.query(count_sql).front().integer("n"), 1);
            before.arrive_and_wait();
            after.arrive_and_wait();
            EXPECT_EQ(tx.query(count_sql).front().integer("n"), 1);
        });
        EXPECT_EQ(count(), 2);
    };
    std::thread first(reader), second(reader);
    before.arrive_and_wait();
    write_note("b");
    after.arrive_and_wait();
    first.join();
    second.join();
}

TEST_P(Storage, ThirtyThreadsWriteAtOnceAndNothingIsLost)
{
    write_note("counter");
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 30; ++thread) {
        threads.emplace_back([this, thread] {
            for (int i = 0; i < 10; ++i)
                write_note(std::to_string(thread) + "/" + std::to_string(i));
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(count(), 301);
}

TEST_P(Storage, WhatWasReadBeforeAWriteStillHoldsWhenItIsKept)
{
    write_note("0");
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([this] {
            for (int i = 0; i < 10; ++i) {
                database->write([](Transaction& tx) {
                    tx.lock("counter");
                    const auto row = tx.query("SELECT id, text FROM notes").front();
                    const auto next = std::to_string(std::stoi(row.text("text")) + 1);
                    tx.execute("UPDATE notes SET text = ? WHERE id = ?", next, row.integer("id"));
                });
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    database->read([](Transaction& tx) {
        EXPECT_EQ(tx.query("SELECT text FROM notes").front().text("text"), "80");
    });
}

TEST_P(Storage, ListenersHearOfACommitThatChangedSomethingOnly)
{
    std::atomic<int> heard = 0;
    database->write([](Transaction&) {}); // Those before it have been announced by now.
    database->on_commit([&] { ++heard; });
    database->write([](Transaction& tx) { tx.query(count_sql); });
    count();
    EXPECT_EQ(heard, 0);
    write_note("a");
    for (int i = 0; i < 500 && heard == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_EQ(heard, 1);
}

TEST_P(Storage, AReopenedDatabaseHoldsWhatWasWritten)
{
    write_note("a");
    database.reopen();
    EXPECT_EQ(count(), 1);
    EXPECT_TRUE(database->check_integrity().empty());
}

TEST(Opening, RefusesAnAddressOfNoKnownKind)
{
    for (const auto* url : {"", "sqlite:", "mysql://x", "sqlite:/nowhere/at/all.db"}) {
        try {
            Database::open({.url = url});
            ADD_FAILURE() << url;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.kind, Failure::Kind::Unavailable) << url;
        }
    }
}

} // namespace
} // namespace db
