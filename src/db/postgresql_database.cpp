#include "db/postgresql_database.h"

#include "base/log.h"
#include "db/commit_news.h"
#include "db/listeners.h"
#include "db/nesting.h"
#include "db/pool.h"
#include "db/postgresql_connection.h"
#include "db/values.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <libpq-fe.h>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

// Writes are SERIALIZABLE: a rule that was checked on what was read still holds when the change is
// kept, as on SQLite, where there is one writer. The price is that PostgreSQL now and then refuses
// a transaction (40001, 40P01), which is then run again from the beginning.

namespace db {
namespace {

constexpr int oldest_server = 150'000;
constexpr int attempts_max = 30;
constexpr int longest_pause_ms = 64;

// SQLSTATE.
constexpr std::string_view serialization_failure = "40001";
constexpr std::string_view deadlock_detected = "40P01";
constexpr std::string_view stale_plan = "0A000";
constexpr std::string_view unknown_statement = "26000";

using Locks = std::set<std::int64_t>;
using Connections = Pool<PostgresqlConnection>;

class PostgresqlTransaction final : public Transaction {
public:
    PostgresqlTransaction(PostgresqlConnection& connection, const char* begin, Locks& locks)
        : connection_(connection)
        , begin_(begin)
        , locks_(locks)
    {
    }

    void run_script(std::string_view sql) override
    {
        guarded([&] { connection_.run_script(sql); });
        has_changes_ = true;
    }

    // Before the first statement the lock is taken outside the transaction, so that its snapshot is
    // younger than the lock and shows what the one before has left.
    void lock(std::string_view name) override
    {
        const auto key = static_cast<std::int64_t>(fingerprint(name));
        if (!has_begun_ && locks_.insert(key).second)
            lock_session(key);
        else if (locks_.insert(key).second)
            guarded([&] { connection_.run("SELECT pg_advisory_xact_lock(?)", {key}); });
    }
    bool is_postgresql() const override { return true; }

    /// Takes the locks that earlier attempts took, in an order that is the same for all.
    void lock_again()
    {
        for (const auto key : locks_)
            lock_session(key);
    }

    void commit()
    {
        is_committing_ = true;
        if (!has_begun_)
            return;
        watched([&] {
            if (connection_.command("COMMIT") != "COMMIT")
                throw Failure(Failure::Kind::Other, "PostgreSQL rolled back instead");
        });
    }

    /// Leaves the connection as it was before. False when it is good for nothing any more.
    bool clean_up() noexcept
    {
        try {
            if (connection_.is_in_transaction())
                connection_.command("ROLLBACK");
            if (has_session_locks_)
                connection_.command("SELECT pg_advisory_unlock_all()");
        } catch (const std::exception&) {
            return false;
        }
        return !connection_.is_lost() && !has_stale_statements();
    }

    bool may_be_tried_again() const
    {
        if (!lost_)
            return false;
        const auto& state = lost_->state;
        if (state == serialization_failure || state == deadlock_detected)
            return true;
        // The connection was lost, perhaps by a restart of the server, or holds statements from
        // before a migration. If it broke during COMMIT, no one knows whether that happened, and to
        // do it again could do it twice.
        const bool is_broken = state.empty() || state.starts_with("57P") || has_stale_statements();
        return is_broken && !is_committing_;
    }

    const std::optional<SqlFailure>& lost() const { return lost_; }
    bool has_changes() const { return has_changes_; }

protected:
    Rows run(std::string_view sql, const std::vector<Value>& arguments) override
    {
        Rows rows;
        guarded([&] { rows = connection_.run(sql, arguments); });
        has_changes_ = has_changes_ || connection_.changed() > 0;
        return rows;
    }
    std::int64_t changed() const override { return connection_.changed(); }

private:
    bool has_stale_statements() const
    {
        return lost_ && (lost_->state == stale_plan || lost_->state == unknown_statement);
    }

    void lock_session(std::int64_t key)
    {
        has_session_locks_ = true;
        watched([&] { connection_.run("SELECT pg_advisory_lock(?)", {key}); });
    }

    template <typename Work>
    void guarded(const Work& work)
    {
        if (lost_)
            throw *lost_;
        watched([&] {
            if (!has_begun_)
                connection_.command(begin_);
            has_begun_ = true;
            work();
            if (!connection_.is_in_transaction())
                throw Failure(Failure::Kind::Other, "a closure ended its own transaction");
        });
    }

    // Notes why the transaction is lost, also if the closure swallows it.
    template <typename Work>
    void watched(const Work& work)
    {
        try {
            work();
        } catch (const SqlFailure& failure) {
            lost_ = failure;
            throw;
        } catch (const Failure& failure) {
            lost_ = SqlFailure(failure.kind, "-", failure.what());
            throw;
        }
    }

    PostgresqlConnection& connection_;
    const char* begin_;
    Locks& locks_; // Those of this attempt and the ones before.
    bool has_begun_ = false;
    bool is_committing_ = false;
    bool has_changes_ = false;
    bool has_session_locks_ = false;
    std::optional<SqlFailure> lost_;
};

void pause_before(int attempt)
{
    thread_local std::minstd_rand random(std::random_device{}());
    const int longest = std::min(1 << std::min(attempt, 10), longest_pause_ms);
    const auto pause = std::uniform_int_distribution<int>(0, longest)(random);
    std::this_thread::sleep_for(std::chrono::milliseconds(pause));
}

class PostgresqlDatabase final : public Database {
public:
    explicit PostgresqlDatabase(const Settings& settings)
        : connections_(
            settings.readers_max + settings.writers_max,
            [uri = settings.url] { return std::make_unique<PostgresqlConnection>(uri); })
        , news_(settings.url, [this] { listeners_.call(); })
    {
        require_suitable(*connections_.lend());
    }

    void on_commit(std::function<void()> listener) override { listeners_.add(std::move(listener)); }
    base::Result<> backup_to(const std::string& target) override;
    std::vector<std::string> check_integrity() override;
    bool is_postgresql() const override { return true; }

protected:
    void run_write(const std::function<Verdict(Transaction&)>& work) override;
    void run_read(const std::function<void(Transaction&)>& work) override;

private:
    enum class Outcome { Done, TryAgain };
    using Closure = std::function<Verdict(Transaction&)>;

    static void require_suitable(PostgresqlConnection& connection);
    void run_with_retries(const char* begin, const Closure& work);
    Outcome attempt(const char* begin, const Closure& work, Locks& locks, bool is_last);

    Connections connections_;
    Listeners listeners_;
    CommitNews news_; // Goes before the listeners, whom it calls.
};

void PostgresqlDatabase::require_suitable(PostgresqlConnection& connection)
{
    if (PQserverVersion(connection.handle()) < oldest_server)
        throw Failure(Failure::Kind::Unavailable, "需要 PostgreSQL 15 或更高版本");
    constexpr auto sql = "SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collation"
                         " FROM pg_database WHERE datname = current_database()";
    const auto row = connection.run(sql).front();
    if (row.text("encoding") != "UTF8")
        throw Failure(Failure::Kind::Unavailable, "PostgreSQL 数据库的编码必须是 UTF8");
    const auto collation = row.text("collation");
    if (collation != "C" && collation != "C.UTF-8")
        base::log_warning("数据库的排序规则是 {}；用 C 建库，排序才与 SQLite 一致", collation);
}

void PostgresqlDatabase::run_write(const Closure& work)
{
    run_with_retries("BEGIN ISOLATION LEVEL SERIALIZABLE", work);
}

void PostgresqlDatabase::run_read(const std::function<void(Transaction&)>& work)
{
    const auto closure = [&work](Transaction& tx) {
        work(tx);
        return Verdict::Keep;
    };
    run_with_retries("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", closure);
}

void PostgresqlDatabase::run_with_retries(const char* begin, const Closure& work)
{
    const Nesting nesting(*this);
    Locks locks;
    for (int number = 1; number <= attempts_max; ++number) {
        if (attempt(begin, work, locks, number == attempts_max) == Outcome::Done)
            return;
        pause_before(number);
    }
}

PostgresqlDatabase::Outcome PostgresqlDatabase::attempt(
    const char* begin, const Closure& work, Locks& locks, bool is_last)
{
    auto connection = connections_.lend();
    PostgresqlTransaction tx(*connection, begin, locks);
    std::exception_ptr failure;
    bool is_kept = false;
    try {
        tx.lock_again();
        is_kept = work(tx) == Verdict::Keep;
        if (tx.lost())
            throw *tx.lost();
        if (is_kept)
            tx.commit();
    } catch (...) {
        failure = std::current_exception();
    }
    const bool again = failure && tx.may_be_tried_again() && !is_last;
    if (!tx.clean_up())
        connection.throw_away();
    if (again)
        return Outcome::TryAgain;
    if (failure)
        std::rethrow_exception(failure);
    if (is_kept && tx.has_changes()) {
        listeners_.call();
        news_.tell();
    }
    return Outcome::Done;
}

base::Result<> PostgresqlDatabase::backup_to(const std::string&)
{
    return base::refuse(
        base::Error::Kind::Invalid, "db.backup_elsewhere",
        "PostgreSQL 数据库请用 pg_basebackup 备份，见《部署》");
}

// What the server knows of itself; pg_amcheck reads every page.
std::vector<std::string> PostgresqlDatabase::check_integrity()
{
    constexpr auto sql =
        "SELECT 'index ' || indexrelid::regclass || ' is not valid' AS problem"
        " FROM pg_index WHERE NOT indisvalid"
        " UNION ALL SELECT 'constraint ' || conname || ' is not validated'"
        " FROM pg_constraint WHERE NOT convalidated"
        " UNION ALL SELECT checksum_failures || ' pages with a wrong checksum'"
        " FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0";
    std::vector<std::string> problems;
    run_read([&](Transaction& tx) {
        problems.clear();
        for (const auto& row : tx.query(sql))
            problems.push_back(row.text("problem"));
    });
    return problems;
}

} // namespace

std::unique_ptr<Database> open_postgresql(const Settings& settings)
{
    return std::make_unique<PostgresqlDatabase>(settings);
}

} // namespace db
