#include "db/database.h"
#include "db/migrations.h"
#include "db/testing/temporary_database.h"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sched.h>
#include <semaphore>
#include <set>
#include <sys/mount.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// What holds for SQLite alone; what holds for both back ends is in database_test.cpp.

namespace db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const std::vector<Migration> schema = {
    {"notes", 1, "001_notes", "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL UNIQUE)"}};

constexpr auto insert_note = "INSERT INTO notes (text) VALUES (?) RETURNING id";

std::int64_t write_note(Database& database, std::string_view text)
{
    return database.write(
        [&](Transaction& tx) { return tx.query(insert_note, text).front().integer("id"); });
}

std::int64_t count_notes(Database& database)
{
    return database.read([](Transaction& tx) {
        return tx.query("SELECT COUNT(*) AS n FROM notes").front().integer("n");
    });
}

std::string path_of(const testing::TemporaryDatabase& database)
{
    return database.settings().url.substr(std::string_view("sqlite:").size());
}

std::string contents_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Sqlite, OneCommitServesAllThatWaitedAndARefusalConcernsItselfOnly)
{
    testing::TemporaryDatabase database(schema);
    database->write([](Transaction&) {});
    std::atomic<int> commits = 0;
    database->on_commit([&] { ++commits; });
    std::binary_semaphore begun(0), go_on(0);
    std::vector<std::thread> threads;
    threads.emplace_back([&] {
        database->write([&](Transaction& tx) {
            begun.release();
            go_on.acquire();
            tx.execute(insert_note, "first");
        });
    });
    begun.acquire();
    std::atomic<int> refused = 0, thrown = 0;
    for (int i = 0; i < 10; ++i) {
        threads.emplace_back([&, i] {
            try {
                const auto result = database->write([&](Transaction& tx) -> base::Result<> {
                    tx.execute(insert_note, std::to_string(i));
                    if (i == 3)
                        return base::refuse(base::Error::Kind::Conflict, "notes.no", "不行");
                    if (i == 4)
                        tx.execute(insert_note, "first");
                    return {};
                });
                refused += result ? 0 : 1;
            } catch (const Failure& failure) {
                EXPECT_EQ(failure.kind, Failure::Kind::Constraint);
                ++thrown;
            }
        });
    }
    std::this_thread::sleep_for(100ms); // So that all ten stand in the queue.
    go_on.release();
    for (auto& thread : threads)
        thread.join();
    database->write([](Transaction&) {});
    EXPECT_EQ(count_notes(*database), 1 + 8);
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(thrown, 1);
    EXPECT_EQ(commits, 2);
}

TEST(Sqlite, AClosureThatEndsItsTransactionFailsAndTakesNoOneElseAlong)
{
    testing::TemporaryDatabase database(schema);
    const auto work = [](Transaction& tx) {
        tx.execute(insert_note, "a");
        tx.execute("COMMIT");
    };
    EXPECT_THROW(database->write(work), Failure);
    write_note(*database, "b");
    EXPECT_TRUE(database->check_integrity().empty());
}

// The child tells of every write that was acknowledged, until it is killed in the middle.
[[noreturn]] void write_and_tell(const std::string& url, int pipe)
{
    const auto database = Database::open({.url = url});
    std::vector<std::thread> threads;
    std::atomic<int> number = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (;;) {
                const auto text = std::to_string(::getpid()) + "/" + std::to_string(++number);
                const auto id = write_note(*database, text);
                if (::write(pipe, &id, sizeof id) != sizeof id)
                    ::_exit(1);
            }
        });
    }
    ::pause();
    ::_exit(0);
}

TEST(Sqlite, NoAcknowledgedWriteIsLostWhenTheProcessIsKilled)
{
    testing::TemporaryFolder folder;
    const auto url = "sqlite:" + folder.path() + "/test.db";
    migrate(*Database::open({.url = url}), schema);
    std::set<std::int64_t> acknowledged;
    std::mt19937 random(7);
    for (int round = 0; round < 8; ++round) {
        int pipe[2];
        ASSERT_EQ(::pipe(pipe), 0);
        const auto child = ::fork();
        if (child == 0)
            write_and_tell(url, pipe[1]);
        ::close(pipe[1]);
        const auto before = acknowledged.size();
        const auto life =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(20 + random() % 100);
        bool is_killed = false;
        for (std::int64_t id = 0; ::read(pipe[0], &id, sizeof id) == sizeof id;) {
            acknowledged.insert(id);
            if (!is_killed && std::chrono::steady_clock::now() > life)
                is_killed = ::kill(child, SIGKILL) == 0;
        }
        ::close(pipe[0]);
        ::waitpid(child, nullptr, 0);
        EXPECT_TRUE(is_killed);
        EXPECT_GT(acknowledged.size(), before);

        const auto database = Database::open({.url = url});
        std::set<std::int64_t> kept;
        database->read([&](Transaction& tx) {
            for (const auto& row : tx.query("SELECT id FROM notes"))
                kept.insert(row.integer("id"));
        });
        EXPECT_TRUE(
            std::includes(kept.begin(), kept.end(), acknowledged.begin(), acknowledged.end()));
        EXPECT_TRUE(database->check_integrity().empty());
    }
}

constexpr int not_permitted = 77;

// A small disk, mounted where only this child process sees it.
[[noreturn]] void on_a_small_disk(const std::string& folder, const std::function<void()>& work)
{
    const int spaces = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
    if (::unshare(spaces) != 0 || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=4m") != 0)
        ::_exit(not_permitted);
    work();
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
}

void fill_and_free_the_disk(const std::string& folder)
{
    std::ofstream(folder + "/filler") << std::string(1'500'000, 'x');
    const auto database = Database::open({.url = "sqlite:" + folder + "/test.db"});
    migrate(*database, schema);
    int kept = 0;
    try {
        for (; kept < 1'000; ++kept)
            write_note(*database, std::to_string(kept) + std::string(20'000, 'a'));
        ADD_FAILURE() << "the disk was never full";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.kind, Failure::Kind::Full) << failure.what();
    }
    EXPECT_GT(kept, 5);
    EXPECT_EQ(count_notes(*database), kept);
    EXPECT_THROW(write_note(*database, std::string(50'000, 'b')), Failure);
    EXPECT_EQ(count_notes(*database), kept);
    fs::remove(folder + "/filler");
    write_note(*database, std::string(20'000, 'c'));
    EXPECT_EQ(count_notes(*database), kept + 1);
    EXPECT_TRUE(database->check_integrity().empty());
}

TEST(Sqlite, AFullDiskFailsTheWriteKeepsTheRestAndHealsByItself)
{
    testing::TemporaryFolder folder;
    const auto child = ::fork();
    if (child == 0)
        on_a_small_disk(folder.path(), [&] { fill_and_free_the_disk(folder.path()); });
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == not_permitted)
        GTEST_SKIP() << "this account may not mount a file system";
    EXPECT_EQ(status, 0);
}

TEST(Sqlite, TheLogStaysShort)
{
    testing::TemporaryDatabase database(schema);
    std::uintmax_t longest = 0;
    for (int i = 0; i < 1'000; ++i) {
        write_note(*database, std::to_string(i) + std::string(20'000, 'x'));
        longest = std::max(longest, fs::file_size(path_of(database) + "-wal"));
    }
    EXPECT_LT(longest, 16U << 20U);
}

TEST(Sqlite, ALongReaderMakesTheLogGrowOnlyWhileItReads)
{
    testing::TemporaryDatabase database(schema);
    write_note(*database, "first");
    std::binary_semaphore begun(0), go_on(0);
    std::thread reader([&] {
        database->read([&](Transaction& tx) {
            EXPECT_EQ(tx.query("SELECT id FROM notes").size(), 1U);
            begun.release();
            go_on.acquire();
            EXPECT_EQ(tx.query("SELECT id FROM notes").size(), 1U);
        });
    });
    begun.acquire();
    const auto log = path_of(database) + "-wal";
    for (int i = 0; i < 200; ++i)
        write_note(*database, std::to_string(i) + std::string(50'000, 'x'));
    EXPECT_GT(fs::file_size(log), 8U << 20U);
    go_on.release();
    reader.join();
    const auto grown = fs::file_size(log);
    for (int i = 0; i < 400; ++i)
        write_note(*database, "again " + std::to_string(i) + std::string(20'000, 'x'));
    EXPECT_LE(fs::file_size(log), grown + (5U << 20U));
}

TEST(Sqlite, ABackupIsConsistentWhileWritersGoOn)
{
    testing::TemporaryDatabase database(schema);
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::thread writer([&] {
        while (!stop) {
            write_note(*database, std::to_string(written) + std::string(2'000, 'x'));
            ++written;
        }
    });
    while (written < 200)
        std::this_thread::yield();
    const testing::TemporaryFolder folder;
    const auto target = folder.path() + "/copy.db";
    const int before = written;
    EXPECT_TRUE(database->backup_to(target));
    stop = true;
    writer.join();
    const auto again = database->backup_to(target);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "db.backup_exists");
    EXPECT_FALSE(fs::exists(target + ".part"));
    const auto copy = Database::open({.url = "sqlite:" + target});
    EXPECT_GE(count_notes(*copy), before);
    EXPECT_TRUE(copy->check_integrity().empty());
}

TEST(Sqlite, WhatWasDeletedIsNotLeftInTheFile)
{
    testing::TemporaryDatabase database(schema);
    const std::string canary = "530102199001011234-canary";
    write_note(*database, canary);
    database.reopen(); // Moves the log into the file.
    ASSERT_NE(contents_of(path_of(database)).find(canary), std::string::npos);
    database->write([](Transaction& tx) { tx.execute("DELETE FROM notes"); });
    database.reopen();
    EXPECT_EQ(contents_of(path_of(database)).find(canary), std::string::npos);
}

TEST(Sqlite, OtherAccountsOfTheMachineCannotReadTheFiles)
{
    testing::TemporaryDatabase database(schema);
    for (const auto* ending : {"", "-wal", "-shm"}) {
        const auto mode = fs::status(path_of(database) + ending).permissions();
        EXPECT_EQ(mode & (fs::perms::group_all | fs::perms::others_all), fs::perms::none) << ending;
    }
}

TEST(Sqlite, CheckIntegrityFindsADamagedFile)
{
    testing::TemporaryDatabase database(schema);
    for (int i = 0; i < 200; ++i)
        write_note(*database, std::to_string(i) + std::string(3'000, 'x'));
    database.reopen();
    EXPECT_TRUE(database->check_integrity().empty());
    const int file = ::open(path_of(database).c_str(), O_WRONLY);
    const std::string damage(4'096, '\x5a');
    ASSERT_EQ(::pwrite(file, damage.data(), damage.size(), 4'096 * 20), 4'096);
    ::close(file);
    EXPECT_FALSE(database->check_integrity().empty());
}

TEST(Sqlite, AnotherProcessMayWriteToo)
{
    testing::TemporaryDatabase database(schema);
    const auto other = Database::open(database.settings());
    std::thread thread([&] {
        for (int i = 0; i < 50; ++i)
            write_note(*other, "other " + std::to_string(i));
    });
    for (int i = 0; i < 50; ++i)
        write_note(*database, "mine " + std::to_string(i));
    thread.join();
    EXPECT_EQ(count_notes(*database), 100);
}

} // namespace
} // namespace db
