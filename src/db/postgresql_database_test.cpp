#include "db/database.h"
#include "db/testing/on_every_backend.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <gtest/gtest.h>
#include <thread>

// What only PostgreSQL can do to us; what holds for both back ends is in database_test.cpp.

namespace db {
namespace {

const std::vector<Migration> schema = {
    {"notes", 1, "001_notes", "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL)"}};

class Postgresql : public ::testing::Test {
protected:
    static void SetUpTestSuite()
    {
        const auto known = testing::backends();
        if (std::find(known.begin(), known.end(), testing::Backend::PostgreSql) == known.end())
            GTEST_SKIP() << "PostgreSQL is not installed";
    }
    void write_note(std::string_view text)
    {
        database->write(
            [&](Transaction& tx) { tx.execute("INSERT INTO notes (text) VALUES (?)", text); });
    }
    std::size_t count()
    {
        return database->read(
            [](Transaction& tx) { return tx.query("SELECT id FROM notes").size(); });
    }
    void break_all_connections()
    {
        const auto other = Database::open(database.settings());
        other->read([](Transaction& tx) {
            tx.query("SELECT pg_terminate_backend(pid, 5000) AS done FROM pg_stat_activity"
                     " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                     " AND state <> 'idle in transaction' AND query NOT LIKE 'LISTEN%'");
        });
    }

    testing::TemporaryDatabase database{schema, testing::Backend::PostgreSql};
};

TEST_F(Postgresql, ADeadlockIsResolvedByRunningOneAgain)
{
    write_note("a");
    write_note("b");
    std::barrier both_hold_one(2);
    std::atomic<int> runs = 0;
    const auto in_order = [&](std::int64_t first, std::int64_t second) {
        bool is_first_run = true;
        database->write([&](Transaction& tx) {
            ++runs;
            tx.execute("UPDATE notes SET text = text || ? WHERE id = ?", "x", first);
            if (std::exchange(is_first_run, false))
                both_hold_one.arrive_and_wait();
            tx.execute("UPDATE notes SET text = text || ? WHERE id = ?", "x", second);
        });
    };
    std::thread other([&] { in_order(2, 1); });
    in_order(1, 2);
    other.join();
    EXPECT_GT(runs, 2);
    database->read([](Transaction& tx) {
        for (const auto& row : tx.query("SELECT text FROM notes"))
            EXPECT_EQ(row.text("text").size(), 3U);
    });
}

TEST_F(Postgresql, BrokenConnectionsAreReplacedUnseen)
{
    write_note("a");
    break_all_connections();
    EXPECT_EQ(count(), 1U);
    break_all_connections();
    write_note("b");
    EXPECT_EQ(count(), 2U);
}

TEST_F(Postgresql, AClosureWhoseConnectionBreaksRunsAgain)
{
    int runs = 0;
    database->write([&](Transaction& tx) {
        tx.execute("INSERT INTO notes (text) VALUES (?)", "a");
        if (++runs == 1) {
            const auto pid = tx.query("SELECT pg_backend_pid() AS pid").front().integer("pid");
            const auto other = Database::open(database.settings());
            other->read([&](Transaction& killer) {
                killer.query("SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000) AS done", pid);
            });
        }
        tx.execute("INSERT INTO notes (text) VALUES (?)", "b");
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(count(), 2U);
}

TEST_F(Postgresql, CommitsOfAnotherProcessAreHeardOf)
{
    std::atomic<int> heard = 0;
    database->on_commit([&] { ++heard; });
    const auto other = Database::open(database.settings());
    other->write([](Transaction& tx) { tx.execute("INSERT INTO notes (text) VALUES ('a')"); });
    for (int i = 0; i < 500 && heard == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_GT(heard, 0);
}

TEST_F(Postgresql, BackupIsLeftToItsOwnTools)
{
    const auto result = database->backup_to("anywhere");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "db.backup_elsewhere");
}

TEST_F(Postgresql, MoreStatementsThanTheCacheHoldsAreForgottenAtTheServerToo)
{
    database->write([](Transaction& tx) {
        for (int i = 0; i < 450; ++i)
            tx.query("SELECT " + std::to_string(i) + " AS n");
        const auto row = tx.query("SELECT COUNT(*) AS n FROM pg_prepared_statements").front();
        EXPECT_LE(row.integer("n"), 401);
    });
}

} // namespace
} // namespace db
