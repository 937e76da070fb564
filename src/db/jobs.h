#pragma once

// Timed work that survives a crash: scheduled release, expiry, clean-up. A job runs at least once;
// whoever takes it holds a lease of a minute, renewed while it works, and when the lease lapses
// another worker takes it. A job that fails is tried again (after 10 s, 1 min, 5 min, 30 min, 2 h);
// then it lies in the dead letters, where an administrator sees it.

#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {

class Database;
class Transaction;

struct Job {
    std::int64_t id = 0;
    std::string kind;    // "release.due"
    std::string key;     // What it is about: one open job per kind and key.
    std::string payload; // JSON.
    base::Instant run_at;
    int tries = 0; // How often it was begun, this time included; a crash counts.
};

/// Enters a job; an open one of the same kind and key gets the new time and payload instead, and if
/// it is running just now it runs once more.
void enqueue_job(
    Transaction&, std::string_view kind, std::string_view key, std::string_view payload,
    base::Instant run_at);

/// Forgets an open job, if there is one.
void cancel_job(Transaction&, std::string_view kind, std::string_view key);

struct DeadJob {
    Job job;
    std::string error;
    base::Instant failed_at;
};
/// The latest first.
std::vector<DeadJob> list_dead_jobs(Transaction&, int limit);
/// Enters a dead job anew, to run at `run_at`; false when there is none with that id.
bool revive_dead_job(Transaction&, std::int64_t id, base::Instant run_at);

/// Runs due jobs on `threads` threads until stopped.
class JobWorker {
public:
    using Handle = std::function<void(const Job&)>;

    JobWorker(Database&, const base::Clock&);
    ~JobWorker();

    /// Call before start(). `handle` runs outside any transaction and must be safe to run twice.
    void on(std::string kind, Handle handle);
    /// Runs `handle` about every `period`, as a job with the key "periodic"; for the first time at
    /// once. It is never given up. Call before start().
    void every(std::string kind, base::Millis period, Handle handle);

    void start(int threads);
    /// Waits for the jobs that are running.
    void stop();

    /// Runs everything that is due now on the calling thread; returns how many ran. For tests.
    int run_due();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace db
