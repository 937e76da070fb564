#include "db/jobs.h"

#include "base/assert.h"
#include "base/log.h"
#include "base/random.h"
#include "db/database.h"
#include "db/signal.h"
#include "db/values.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace db {
namespace {

using namespace std::chrono_literals;

constexpr std::array<base::Millis, 5> retry_delays = {10s, 1min, 5min, 30min, 2h};
constexpr int tries_max = static_cast<int>(retry_delays.size()) + 1;

constexpr base::Millis lease_time = 60s;
constexpr base::Millis lease_renewal = 15s;

// For jobs of another process, which SQLite does not announce.
constexpr base::Millis poll_interval = 2s;
// A busy database commits a thousand times a second; looking that often brings nothing.
constexpr base::Millis gathering_time = 10ms;
constexpr base::Millis first_pause = 1s;
constexpr base::Millis longest_pause = 30s;

constexpr std::size_t error_bytes_max = 2'000;
constexpr std::string_view periodic_key = "periodic";

constexpr std::string_view enter = "INSERT INTO db_jobs (kind, key, payload, run_at)"
                                   " VALUES (?, ?, ?, ?)"
                                   " ON CONFLICT (kind, key) WHERE failed_at IS NULL DO UPDATE"
                                   " SET payload = excluded.payload, run_at = excluded.run_at,"
                                   " tries = 0, again = 1, error = ''";

// A shorter period than before brings the next run forward.
constexpr std::string_view enter_periodic =
    "INSERT INTO db_jobs (kind, key, payload, run_at) VALUES (?, ?, '{}', ?)"
    " ON CONFLICT (kind, key) WHERE failed_at IS NULL DO UPDATE SET run_at = ?"
    " WHERE db_jobs.run_at > ?";

// Open, due, not leased, and of one of the kinds that {kinds} lists.
constexpr std::string_view due = " FROM db_jobs WHERE failed_at IS NULL AND run_at <= ?"
                                 " AND lease_until <= ? AND kind IN ({kinds})";

Job job_from(const Row& row)
{
    return {
        .id = row.integer("id"),
        .kind = row.text("kind"),
        .key = row.text("key"),
        .payload = row.text("payload"),
        .run_at = row.instant("run_at"),
        .tries = static_cast<int>(row.integer("tries"))};
}

std::string with_kinds(std::string_view sql, std::size_t count)
{
    std::string kinds;
    for (std::size_t i = 0; i < count; ++i)
        kinds += i == 0 ? "?" : ", ?";
    const auto at = sql.find("{kinds}");
    return std::string(sql.substr(0, at)) + kinds + std::string(sql.substr(at + 7));
}

} // namespace

void enqueue_job(
    Transaction& tx, std::string_view kind, std::string_view key, std::string_view payload,
    base::Instant run_at)
{
    tx.execute(enter, kind, key, payload, run_at);
}

void cancel_job(Transaction& tx, std::string_view kind, std::string_view key)
{
    constexpr auto sql = "DELETE FROM db_jobs WHERE kind = ? AND key = ? AND failed_at IS NULL";
    tx.execute(sql, kind, key);
}

std::vector<DeadJob> list_dead_jobs(Transaction& tx, int limit)
{
    constexpr auto sql = "SELECT id, kind, key, payload, run_at, tries, error, failed_at"
                         " FROM db_jobs WHERE failed_at IS NOT NULL"
                         " ORDER BY failed_at DESC, id DESC LIMIT ?";
    std::vector<DeadJob> dead;
    for (const auto& row : tx.query(sql, limit))
        dead.push_back({job_from(row), row.text("error"), row.instant("failed_at")});
    return dead;
}

bool revive_dead_job(Transaction& tx, std::int64_t id, base::Instant run_at)
{
    constexpr auto sql = "DELETE FROM db_jobs WHERE id = ? AND failed_at IS NOT NULL"
                         " RETURNING kind, key, payload";
    const auto rows = tx.query(sql, id);
    if (rows.empty())
        return false;
    const auto& row = rows.front();
    enqueue_job(tx, row.text("kind"), row.text("key"), row.text("payload"), run_at);
    return true;
}

struct JobWorker::State {
    struct Kind {
        Handle handle;
        base::Millis period{0}; // 0: not periodic.
    };
    struct Claim {
        Job job;
        std::string token;
    };

    State(Database& of, const base::Clock& by)
        : database(of)
        , clock(by)
    {
    }

    void prepare();
    std::vector<Value> kinds_after(std::initializer_list<Value> first) const;
    std::optional<Claim> claim();
    bool run_one();
    void run(const Claim& claim);
    void conclude(const Claim& claim);
    void note_failure(const Claim& claim, const std::string& error);
    void work();
    base::Millis time_to_next();
    void renew_leases();

    Database& database;
    const base::Clock& clock;
    std::map<std::string, Kind, std::less<>> kinds;
    std::string any_due_sql, claim_sql, next_sql;
    std::shared_ptr<Signal> committed = std::make_shared<Signal>();
    std::vector<std::thread> threads;
    std::mutex mutex;
    std::set<std::string> held; // Tokens of the leases that are to be renewed.
};

// Writes the statements for the kinds that there are, and enters the periodic jobs.
void JobWorker::State::prepare()
{
    any_due_sql = with_kinds("SELECT id" + std::string(due) + " LIMIT 1", kinds.size());
    next_sql = with_kinds(
        "SELECT run_at FROM db_jobs WHERE failed_at IS NULL AND run_at > ?"
        " AND kind IN ({kinds}) ORDER BY run_at LIMIT 1",
        kinds.size());
    // Other processes skip the row that one has just taken instead of waiting for it.
    const std::string skip = database.is_postgresql() ? " FOR UPDATE SKIP LOCKED" : "";
    claim_sql = with_kinds(
        "UPDATE db_jobs SET lease_until = ?, lease_token = ?, again = 0, tries = tries + 1"
        " WHERE id = (SELECT id"
            + std::string(due) + " ORDER BY run_at, id LIMIT 1" + skip
            + ") RETURNING id, kind, key, payload, run_at, tries",
        kinds.size());
    const auto now = clock.now();
    database.write([&](Transaction& tx) {
        for (const auto& [name, kind] : kinds) {
            const auto latest = now + kind.period;
            if (kind.period > 0ms)
                tx.execute(enter_periodic, name, periodic_key, now, latest, latest);
        }
    });
}

std::vector<Value> JobWorker::State::kinds_after(std::initializer_list<Value> first) const
{
    std::vector<Value> arguments = first;
    for (const auto& [name, kind] : kinds)
        arguments.emplace_back(name);
    return arguments;
}

// A job that is ours for the time of the lease. Looks before it writes: mostly there is none.
std::optional<JobWorker::State::Claim> JobWorker::State::claim()
{
    const auto now = to_value(clock.now());
    const bool any = database.read([&](Transaction& tx) {
        return !tx.query_with(any_due_sql, kinds_after({now, now})).empty();
    });
    if (!any)
        return std::nullopt;
    const auto token = base::random_code(20);
    const auto until = to_value(clock.now() + lease_time);
    return database.write([&](Transaction& tx) -> std::optional<Claim> {
        const auto rows = tx.query_with(claim_sql, kinds_after({until, to_value(token), now, now}));
        if (rows.empty())
            return std::nullopt;
        return Claim{job_from(rows.front()), token};
    });
}

// Whether there was a job to run.
bool JobWorker::State::run_one()
{
    const auto claimed = claim();
    if (!claimed)
        return false;
    {
        const std::lock_guard lock(mutex);
        held.insert(claimed->token);
    }
    try {
        run(*claimed);
    } catch (const std::exception& failure) {
        // The lease lapses and someone runs it again.
        base::log_error("任务 {} 的结果未能记录：{}", claimed->job.kind, failure.what());
    }
    const std::lock_guard lock(mutex);
    held.erase(claimed->token);
    return true;
}

void JobWorker::State::run(const Claim& claim)
{
    const auto& kind = kinds.find(claim.job.kind)->second;
    if (claim.job.tries > tries_max && kind.period == 0ms) {
        note_failure(claim, "执行中程序多次中断");
        return;
    }
    try {
        kind.handle(claim.job);
    } catch (const std::exception& failure) {
        base::log_error(
            "任务 {}（{}）第 {} 次执行失败：{}", claim.job.kind, claim.job.key, claim.job.tries,
            storable_excerpt(failure.what(), error_bytes_max));
        note_failure(claim, failure.what());
        return;
    }
    conclude(claim);
}

// Nothing happens if the job was cancelled, or if the lease has lapsed and another one holds it.
void JobWorker::State::conclude(const Claim& claim)
{
    const auto period = kinds.find(claim.job.kind)->second.period;
    database.write([&](Transaction& tx) {
        constexpr auto again = "UPDATE db_jobs SET lease_until = 0, lease_token = '', tries = 0"
                               " WHERE id = ? AND lease_token = ? AND again = 1";
        constexpr auto later = "UPDATE db_jobs SET lease_until = 0, lease_token = '', tries = 0,"
                               " error = '', run_at = ? WHERE id = ? AND lease_token = ?";
        constexpr auto done = "DELETE FROM db_jobs WHERE id = ? AND lease_token = ?";
        if (tx.execute(again, claim.job.id, claim.token) > 0)
            return;
        if (period > 0ms)
            tx.execute(later, clock.now() + period, claim.job.id, claim.token);
        else
            tx.execute(done, claim.job.id, claim.token);
    });
}

void JobWorker::State::note_failure(const Claim& claim, const std::string& error)
{
    const auto period = kinds.find(claim.job.kind)->second.period;
    const auto tries = std::clamp(claim.job.tries, 1, tries_max);
    const bool is_dead = tries == tries_max && period == 0ms;
    auto delay = retry_delays[std::min<std::size_t>(
        static_cast<std::size_t>(tries) - 1, retry_delays.size() - 1)];
    if (period > 0ms)
        delay = std::min(delay, period);
    const auto now = clock.now();
    database.write([&](Transaction& tx) {
        // One that was entered anew meanwhile keeps its new time and begins to count afresh.
        constexpr auto sql = "UPDATE db_jobs SET lease_until = 0, lease_token = '', error = ?,"
                             " run_at = CASE WHEN again = 1 THEN run_at ELSE ? END,"
                             " tries = CASE WHEN again = 1 THEN 0 ELSE tries END,"
                             " failed_at = CAST(CASE WHEN again = 1 THEN NULL ELSE ? END AS BIGINT)"
                             " WHERE id = ? AND lease_token = ?";
        const auto failed_at = is_dead ? std::optional(now) : std::nullopt;
        tx.execute(
            sql, storable_excerpt(error, error_bytes_max), is_dead ? claim.job.run_at : now + delay,
            failed_at, claim.job.id, claim.token);
    });
}

// The life of a working thread.
void JobWorker::State::work()
{
    auto pause = first_pause;
    while (!committed->is_stopped()) {
        const auto seen = committed->count();
        try {
            if (!run_one()) {
                committed->wait(seen, time_to_next());
                committed->rest(gathering_time);
            }
            pause = first_pause;
        } catch (const std::exception& failure) {
            base::log_error("任务队列暂时无法读取：{}", failure.what());
            committed->rest(pause);
            pause = std::min(pause * 2, longest_pause);
        }
    }
}

base::Millis JobWorker::State::time_to_next()
{
    const auto now = clock.now();
    const auto rows = database.read(
        [&](Transaction& tx) { return tx.query_with(next_sql, kinds_after({to_value(now)})); });
    if (rows.empty())
        return poll_interval;
    return std::clamp<base::Millis>(rows.front().instant("run_at") - now, 1ms, poll_interval);
}

// The life of the thread that keeps long jobs from being taken for lost.
void JobWorker::State::renew_leases()
{
    while (!committed->is_stopped()) {
        committed->rest(lease_renewal);
        std::set<std::string> tokens;
        {
            const std::lock_guard lock(mutex);
            tokens = held;
        }
        try {
            if (tokens.empty())
                continue;
            database.write([&](Transaction& tx) {
                constexpr auto sql = "UPDATE db_jobs SET lease_until = ? WHERE lease_token = ?";
                for (const auto& token : tokens)
                    tx.execute(sql, clock.now() + lease_time, token);
            });
        } catch (const std::exception& failure) {
            base::log_error("任务租约未能延长：{}", failure.what());
        }
    }
}

JobWorker::JobWorker(Database& database, const base::Clock& clock)
    : state_(std::make_unique<State>(database, clock))
{
    database.on_commit([committed = state_->committed] { committed->raise(); });
}

JobWorker::~JobWorker() { stop(); }

void JobWorker::on(std::string kind, Handle handle)
{
    VERIFY(state_->threads.empty());
    state_->kinds[std::move(kind)] = {.handle = std::move(handle)};
}

void JobWorker::every(std::string kind, base::Millis period, Handle handle)
{
    VERIFY(state_->threads.empty());
    VERIFY(period > base::Millis(0));
    state_->kinds[std::move(kind)] = {.handle = std::move(handle), .period = period};
}

void JobWorker::start(int threads)
{
    VERIFY(state_->threads.empty());
    if (state_->kinds.empty())
        return;
    state_->prepare();
    state_->committed->clear_stop();
    state_->threads.emplace_back([this] { state_->renew_leases(); });
    for (int i = 0; i < threads; ++i)
        state_->threads.emplace_back([this] { state_->work(); });
}

void JobWorker::stop()
{
    state_->committed->stop();
    for (auto& thread : state_->threads)
        thread.join();
    state_->threads.clear();
}

int JobWorker::run_due()
{
    if (state_->kinds.empty())
        return 0;
    state_->prepare();
    int count = 0;
    while (state_->run_one())
        ++count;
    return count;
}

} // namespace db
