#include "db/migrations.h"

#include "db/database.h"
#include "db/testing/on_every_backend.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace db {
namespace {

const Migration first = {
    "notes", 1, "001_notes", "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL)"};
const Migration second = {
    "notes", 2, "002_place", "ALTER TABLE notes ADD COLUMN place TEXT NOT NULL DEFAULT ''"};

class Migrating : public testing::OnEveryBackend {
protected:
    Failure::Kind kind_of_failure(const std::vector<Migration>& migrations)
    {
        try {
            migrate(*database, migrations);
        } catch (const Failure& failure) {
            return failure.kind;
        }
        ADD_FAILURE() << "did not fail";
        return Failure::Kind::Other;
    }

    testing::TemporaryDatabase database{{}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Migrating, ::testing::ValuesIn(testing::backends()), testing::backend_name);

TEST_P(Migrating, AppliesWhatIsMissingAndThatOnce)
{
    EXPECT_EQ(migrate(*database, {first}), 1);
    EXPECT_EQ(migrate(*database, {first, second}), 1);
    EXPECT_EQ(migrate(*database, {first, second}), 0);
    database->write([](Transaction& tx) {
        tx.execute("INSERT INTO notes (text, place) VALUES (?, ?)", "a", "b");
    });
}

TEST_P(Migrating, RefusesOneThatWasChangedAfterItWasApplied)
{
    migrate(*database, {first});
    auto changed = first;
    changed.sql = "CREATE TABLE notes (id {{id}}, text TEXT)";
    EXPECT_EQ(kind_of_failure({changed}), Failure::Kind::Unavailable);
}

TEST_P(Migrating, RefusesADatabaseThatIsNewerThanTheProgram)
{
    migrate(*database, {first, second});
    EXPECT_EQ(kind_of_failure({first}), Failure::Kind::Unavailable);
}

TEST_P(Migrating, RefusesAGapInTheNumbers)
{
    EXPECT_EQ(kind_of_failure({second}), Failure::Kind::Other);
}

TEST_P(Migrating, KeepsNothingOfOneThatFailsHalfWay)
{
    const Migration broken = {
        "notes", 1, "001_notes", "CREATE TABLE notes (id {{id}}); CREATE TABLE notes (id {{id}})"};
    kind_of_failure({broken});
    EXPECT_EQ(migrate(*database, {first}), 1);
}

TEST_P(Migrating, ReadsTheSectionsOfItsBackendOnly)
{
    const Migration mixed = {
        "notes", 1, "001_notes",
        "{{sqlite}}CREATE TABLE notes (backend TEXT DEFAULT 'SQLite', id BIGINT);{{end}}"
        "{{postgresql}}CREATE TABLE notes (backend TEXT DEFAULT 'PostgreSQL', id BIGINT);{{end}}"};
    migrate(*database, {mixed});
    database->write([](Transaction& tx) {
        tx.execute("INSERT INTO notes (id) VALUES (1)");
        const auto row = tx.query("SELECT backend FROM notes").front();
        EXPECT_EQ(row.text("backend"), ::testing::PrintToString(GetParam()));
    });
}

TEST_P(Migrating, IsDoneByOneOfManyProcessesThatStartAtOnce)
{
    std::atomic<int> applied = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            const auto process = Database::open(database.settings());
            applied += migrate(*process, {first, second});
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(applied, 2);
}

TEST_P(Migrating, LeavesOpenProcessesWithValidStatements)
{
    migrate(*database, {first});
    const auto process = Database::open(database.settings());
    process->write([](Transaction& tx) { tx.execute("INSERT INTO notes (text) VALUES ('a')"); });
    const auto read_all = [&] {
        return process->read([](Transaction& tx) { return tx.query("SELECT * FROM notes"); });
    };
    EXPECT_THROW(read_all().front().text("place"), Failure);
    migrate(*database, {first, second});
    EXPECT_EQ(read_all().front().text("place"), "");
}

} // namespace
} // namespace db
