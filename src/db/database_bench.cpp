// What group commit brings, and what a point read costs. Run: db_bench. Files lie in the current
// folder's file system (TMPDIR elsewhere would measure a RAM disk).

#include "db/database.h"
#include "db/migrations.h"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

constexpr int rows_count = 100'000;

class Folder {
public:
    Folder()
        : path_((std::filesystem::current_path() / "db-bench-XXXXXX").string())
    {
        if (!::mkdtemp(path_.data()))
            throw std::runtime_error("can't make " + path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

struct World {
    Folder folder;
    std::unique_ptr<db::Database> database =
        db::Database::open({.url = "sqlite:" + folder.path() + "/bench.db"});
    std::mutex one_by_one;

    World()
    {
        const db::Migration notes = {
            "notes", 1, "001_notes", "CREATE TABLE notes (id {{id}}, text TEXT NOT NULL)"};
        db::migrate(*database, {notes});
        const std::string text(200, 'x');
        database->write([&](db::Transaction& tx) {
            for (int i = 0; i < rows_count; ++i)
                tx.execute("INSERT INTO notes (text) VALUES (?)", text);
        });
    }
};

World& world()
{
    static World the_world;
    return the_world;
}

void write_note()
{
    world().database->write([](db::Transaction& tx) {
        tx.execute("INSERT INTO notes (text) VALUES (?)", "a note of a clerk, as long as a title");
    });
}

void acknowledged_writes_in_groups(benchmark::State& state)
{
    world();
    for (auto _ : state)
        write_note();
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(acknowledged_writes_in_groups)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

// The same clients with a commit of its own for each: never two in the queue.
void acknowledged_writes_one_by_one(benchmark::State& state)
{
    world();
    for (auto _ : state) {
        const std::lock_guard lock(world().one_by_one);
        write_note();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(acknowledged_writes_one_by_one)->Threads(16)->UseRealTime();

std::int64_t next_id(std::int64_t id) { return (id + 7'919) % rows_count + 1; }

void point_read_in_its_own_transaction(benchmark::State& state)
{
    std::int64_t id = 1;
    for (auto _ : state) {
        id = next_id(id);
        benchmark::DoNotOptimize(world().database->read([&](db::Transaction& tx) {
            return tx.query("SELECT text FROM notes WHERE id = ?", id).front().text("text");
        }));
    }
}
BENCHMARK(point_read_in_its_own_transaction)->Threads(1)->Threads(2)->UseRealTime();

void point_read_within_a_transaction(benchmark::State& state)
{
    world().database->read([&](db::Transaction& tx) {
        std::int64_t id = 1;
        for (auto _ : state) {
            id = next_id(id);
            const auto rows = tx.query("SELECT text FROM notes WHERE id = ?", id);
            benchmark::DoNotOptimize(rows.front().text("text"));
        }
    });
}
BENCHMARK(point_read_within_a_transaction);

void list_of_thirty_rows(benchmark::State& state)
{
    std::int64_t id = 1;
    for (auto _ : state) {
        id = next_id(id);
        benchmark::DoNotOptimize(world().database->read([&](db::Transaction& tx) {
            return tx.query("SELECT id, text FROM notes WHERE id > ? ORDER BY id LIMIT 30", id);
        }));
    }
}
BENCHMARK(list_of_thirty_rows);

} // namespace
