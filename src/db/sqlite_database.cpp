#include "db/sqlite_database.h"

#include "base/log.h"
#include "db/listeners.h"
#include "db/nesting.h"
#include "db/pool.h"
#include "db/sqlite_connection.h"

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <sqlite3.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace db {
namespace {

using Role = SqliteConnection::Role;

// Bounds the time for which the first of a batch waits for its last.
constexpr std::size_t batch_max = 256;

// 1,000 pages of 4 KB are SQLite's own measure. From 64 MB on readers are waited for, so that the
// log begins again from the front; they go on reading meanwhile.
constexpr int checkpoint_pages = 1'000;
constexpr int long_log_pages = 16'384;
constexpr int checkpoint_wait_ms = 200;

class SqliteTransaction final : public Transaction {
public:
    explicit SqliteTransaction(SqliteConnection& connection)
        : connection_(connection)
    {
    }

    void run_script(std::string_view sql) override
    {
        guarded([&] { connection_.run_script(sql); });
    }
    void lock(std::string_view) override {}
    bool is_postgresql() const override { return false; }

    /// Why nothing of it can be kept, if that is so.
    const std::optional<Failure>& lost() const { return lost_; }

protected:
    Rows run(std::string_view sql, const std::vector<Value>& arguments) override
    {
        Rows rows;
        guarded([&] { rows = connection_.run(sql, arguments); });
        return rows;
    }
    std::int64_t changed() const override { return connection_.changed(); }

private:
    // A statement after one that failed would run on half a state, and outside any transaction if
    // SQLite has rolled back (disk full).
    template <typename Work>
    void guarded(const Work& work)
    {
        if (lost_)
            throw *lost_;
        try {
            work();
            if (!connection_.is_in_transaction())
                throw Failure(Failure::Kind::Other, "a closure ended its own transaction");
        } catch (const Failure& failure) {
            lost_ = failure;
            throw;
        }
    }

    SqliteConnection& connection_;
    std::optional<Failure> lost_;
};

// A new name in a folder is durable when the folder is.
void sync_folder_of(const std::string& file)
{
    const auto parent = std::filesystem::path(file).parent_path();
    const auto folder = parent.empty() ? std::string(".") : parent.string();
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = handle >= 0 && ::fsync(handle) == 0;
    const int error = errno;
    if (handle >= 0)
        ::close(handle);
    if (!synced) {
        const auto message = fmt::format("can't sync {}: {}", folder, std::strerror(error));
        throw Failure(Failure::Kind::Unavailable, message);
    }
}

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(std::string path, const Settings& settings)
        : path_(std::move(path))
        , writer_(path_, Role::Writer)
        , readers_(settings.readers_max, [this] {
            return std::make_unique<SqliteConnection>(path_, Role::Reader);
        })
    {
        sqlite3_wal_hook(writer_.handle(), &SqliteDatabase::note_log_pages, this);
        thread_ = std::thread([this] { work_off(); });
    }

    ~SqliteDatabase() override
    {
        {
            const std::lock_guard lock(mutex_);
            closing_ = true;
        }
        queued_.notify_one();
        thread_.join();
    }

    void on_commit(std::function<void()> listener) override { listeners_.add(std::move(listener)); }
    base::Result<> backup_to(const std::string& target) override;
    std::vector<std::string> check_integrity() override;
    bool is_postgresql() const override { return false; }

protected:
    void run_write(const std::function<Verdict(Transaction&)>& work) override;
    void run_read(const std::function<void(Transaction&)>& work) override;

private:
    // A closure on its way through the writer thread. Shared with the caller, who may be gone the
    // moment it is done.
    struct Pending {
        explicit Pending(const std::function<Verdict(Transaction&)>& closure)
            : work(closure)
        {
        }

        void finish()
        {
            const std::lock_guard lock(mutex);
            done = true;
            is_done.notify_one();
        }
        void wait()
        {
            std::unique_lock lock(mutex);
            is_done.wait(lock, [this] { return done; });
        }

        const std::function<Verdict(Transaction&)>& work;
        std::exception_ptr failure; // Written before finish(), read after wait().
        std::mutex mutex;
        std::condition_variable is_done;
        bool done = false;
    };
    using Batch = std::vector<std::shared_ptr<Pending>>;

    void work_off();
    Batch take_batch();
    bool commit_batch(const Batch& batch);
    bool run_in_savepoint(Pending& pending);
    void checkpoint_if_long() noexcept;
    static int note_log_pages(void* self, sqlite3*, const char*, int pages);

    std::string path_;
    SqliteConnection writer_; // Used by the writer thread only.
    Pool<SqliteConnection> readers_;
    Listeners listeners_;
    std::mutex mutex_;
    std::condition_variable queued_;
    std::deque<std::shared_ptr<Pending>> queue_; // As long as there are callers: write() waits.
    bool closing_ = false;
    int log_pages_ = 0;
    int checkpoint_at_pages_ = checkpoint_pages;
    std::thread thread_;
};

void SqliteDatabase::run_write(const std::function<Verdict(Transaction&)>& work)
{
    const Nesting nesting(*this);
    const auto pending = std::make_shared<Pending>(work);
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(pending);
    }
    queued_.notify_one();
    pending->wait();
    if (pending->failure)
        std::rethrow_exception(std::exchange(pending->failure, nullptr));
}

void SqliteDatabase::run_read(const std::function<void(Transaction&)>& work)
{
    const Nesting nesting(*this);
    const auto connection = readers_.lend();
    connection->run("BEGIN DEFERRED");
    try {
        SqliteTransaction tx(*connection);
        work(tx);
        if (tx.lost())
            throw *tx.lost();
    } catch (...) {
        if (connection->is_in_transaction())
            connection->run("ROLLBACK");
        throw;
    }
    if (connection->is_in_transaction())
        connection->run("COMMIT");
}

void SqliteDatabase::work_off()
{
    for (;;) {
        const auto batch = take_batch();
        if (batch.empty())
            return;
        const bool changed = commit_batch(batch);
        for (const auto& pending : batch)
            pending->finish();
        if (changed)
            listeners_.call();
        checkpoint_if_long();
    }
}

// Everything that waits; nothing only when the database closes.
SqliteDatabase::Batch SqliteDatabase::take_batch()
{
    std::unique_lock lock(mutex_);
    queued_.wait(lock, [this] { return !queue_.empty() || closing_; });
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), batch_max));
    Batch batch(queue_.begin(), queue_.begin() + count);
    queue_.erase(queue_.begin(), queue_.begin() + count);
    return batch;
}

// One transaction and one fsync for all. When it can't be committed all fail, also one that has
// refused: it may have refused because of what another one had written.
bool SqliteDatabase::commit_batch(const Batch& batch)
{
    const Nesting nesting(*this);
    bool changed = false;
    try {
        writer_.run("BEGIN IMMEDIATE");
        for (const auto& pending : batch)
            changed = run_in_savepoint(*pending) || changed;
        writer_.run("COMMIT");
        return changed;
    } catch (const std::exception& failure) {
        base::log_error("数据库写入失败，本批 {} 个操作均未保存：{}", batch.size(), failure.what());
        for (const auto& pending : batch) {
            if (!pending->failure)
                pending->failure = std::current_exception();
        }
    }
    try {
        if (writer_.is_in_transaction())
            writer_.run("ROLLBACK");
    } catch (const Failure& failure) {
        // SQLite rolls back in memory; the next BEGIN shows whether it is well again.
        base::log_error("数据库回滚失败：{}", failure.what());
    }
    return false;
}

// Whether it changed anything that is kept. Throws when the transaction as a whole is lost.
bool SqliteDatabase::run_in_savepoint(Pending& pending)
{
    writer_.run("SAVEPOINT closure");
    const auto changed_before = writer_.changed_in_all();
    SqliteTransaction tx(writer_);
    auto verdict = Verdict::Discard;
    try {
        verdict = pending.work(tx);
        if (tx.lost())
            throw *tx.lost();
    } catch (...) {
        verdict = Verdict::Discard;
        pending.failure = std::current_exception();
    }
    if (!writer_.is_in_transaction())
        throw tx.lost().value_or(Failure(Failure::Kind::Other, "the transaction was rolled back"));
    if (verdict == Verdict::Discard)
        writer_.run("ROLLBACK TO closure");
    writer_.run("RELEASE closure");
    return verdict == Verdict::Keep && writer_.changed_in_all() != changed_before;
}

int SqliteDatabase::note_log_pages(void* self, sqlite3*, const char*, int pages)
{
    static_cast<SqliteDatabase*>(self)->log_pages_ = pages;
    return SQLITE_OK;
}

// After the callers have been told, so that no one waits for it but the next batch.
void SqliteDatabase::checkpoint_if_long() noexcept
{
    if (log_pages_ < checkpoint_pages)
        checkpoint_at_pages_ = checkpoint_pages; // It has begun again.
    if (log_pages_ < checkpoint_at_pages_)
        return;
    const bool is_long = log_pages_ >= long_log_pages;
    const int mode = is_long ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(writer_.handle(), checkpoint_wait_ms);
    int pages = 0;
    int done = 0;
    const int code = sqlite3_wal_checkpoint_v2(writer_.handle(), nullptr, mode, &pages, &done);
    sqlite3_busy_timeout(writer_.handle(), SqliteConnection::busy_timeout_ms);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        base::log_warning("数据库日志暂时无法合并：{}", sqlite3_errstr(code));
    checkpoint_at_pages_ = log_pages_ + checkpoint_pages; // Not again at every commit.
}

base::Result<> SqliteDatabase::backup_to(const std::string& target)
{
    using Kind = base::Error::Kind;
    std::error_code unknown;
    if (std::filesystem::exists(target, unknown))
        return base::refuse(Kind::Conflict, "db.backup_exists", "备份文件已存在，请换一个文件名");
    const auto part = target + ".part"; // A copy that was cut short never has the real name.
    std::filesystem::remove(part, unknown);
    {
        const SqliteConnection source(path_, Role::Reader);
        SqliteConnection copy(part, Role::Copy);
        auto* const backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
        if (!backup)
            throw copy.failure("starting the backup");
        // In one step: a backup in several begins anew whenever someone writes and never ends.
        sqlite3_backup_step(backup, -1);
        if (sqlite3_backup_finish(backup) != SQLITE_OK) {
            const auto failure = copy.failure("copying the database");
            std::filesystem::remove(part, unknown);
            throw failure;
        }
    }
    std::filesystem::rename(part, target);
    sync_folder_of(target);
    return {};
}

std::vector<std::string> SqliteDatabase::check_integrity()
{
    std::vector<std::string> problems;
    try {
        SqliteConnection connection(path_, Role::Reader);
        for (const auto& row : connection.run("PRAGMA integrity_check")) {
            if (const auto problem = row.text("integrity_check"); problem != "ok")
                problems.push_back(problem);
        }
        for (const auto& row : connection.run("PRAGMA foreign_key_check")) {
            problems.push_back(fmt::format(
                "row {} of {} points to a row of {} that does not exist", row.integer("rowid"),
                row.text("table"), row.text("parent")));
        }
    } catch (const Failure& failure) {
        if (failure.kind != Failure::Kind::Corrupt)
            throw;
        problems.emplace_back(failure.what()); // Damaged too badly to be checked to the end.
    }
    return problems;
}

} // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path, const Settings& settings)
{
    return std::make_unique<SqliteDatabase>(path, settings);
}

} // namespace db
