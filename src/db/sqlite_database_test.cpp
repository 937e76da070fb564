#include "db/database.h"
#include "db/migrations.h"
#include "db/testing/temporary_database.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace db {
namespace {

const std::vector<Migration> notes_schema = {
    {"notes", 1, "001_notes",
     "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL UNIQUE, size DOUBLE PRECISION, data "
     "{{blob}})"}};

std::int64_t count_notes(Database& database)
{
    return database.read([](Transaction& tx) {
        return tx.query("SELECT COUNT(*) AS n FROM notes").front().integer("n");
    });
}

TEST(Sqlite, KeepsWhatWasWrittenAcrossARestart)
{
    testing::TemporaryDatabase database(notes_schema);
    database->write(
        [](Transaction& tx) { tx.execute("INSERT INTO notes (text) VALUES (?)", "a"); });
    database.reopen();
    EXPECT_EQ(count_notes(*database), 1);
}

TEST(Sqlite, ThirtyThreadsWriteAtOnceAndNothingIsLost)
{
    testing::TemporaryDatabase database(notes_schema);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 30; ++thread) {
        threads.emplace_back([&database, thread] {
            for (int i = 0; i < 50; ++i) {
                database->write([&](Transaction& tx) {
                    tx.execute(
                        "INSERT INTO notes (text) VALUES (?)",
                        std::to_string(thread) + "/" + std::to_string(i));
                });
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(count_notes(*database), 30 * 50);
    EXPECT_TRUE(database->check_integrity().empty());
}

} // namespace
} // namespace db
