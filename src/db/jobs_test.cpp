#include "db/jobs.h"

#include "db/database.h"
#include "db/testing/on_every_backend.h"

#include <atomic>
#include <gtest/gtest.h>
#include <semaphore>
#include <thread>

namespace db {
namespace {

using namespace std::chrono_literals;

const auto noon = base::instant_from_millis(1'795'320'000'000);

class Jobs : public testing::OnEveryBackend {
protected:
    void enqueue(std::string_view key, base::Instant run_at, std::string_view payload = "{}")
    {
        database->write(
            [&](Transaction& tx) { enqueue_job(tx, "release.due", key, payload, run_at); });
    }
    std::vector<DeadJob> dead()
    {
        return database->read([](Transaction& tx) { return list_dead_jobs(tx, 10); });
    }

    testing::TemporaryDatabase database{{}, GetParam()};
    base::HeldClock clock{noon};
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Jobs, ::testing::ValuesIn(testing::backends()), testing::backend_name);

TEST_P(Jobs, RunWhenTheyAreDueAndOnce)
{
    std::vector<std::string> keys;
    JobWorker worker(*database, clock);
    worker.on("release.due", [&](const Job& job) { keys.push_back(job.key); });
    enqueue("b", noon + 1s);
    enqueue("a", noon);
    EXPECT_EQ(worker.run_due(), 1);
    clock.advance(1s);
    EXPECT_EQ(worker.run_due(), 1);
    EXPECT_EQ(worker.run_due(), 0);
    EXPECT_EQ(keys, (std::vector<std::string>{"a", "b"}));
}

TEST_P(Jobs, OfOneKindAndKeyAreOneJobWithTheLastTimeAndPayload)
{
    std::vector<std::string> payloads;
    JobWorker worker(*database, clock);
    worker.on("release.due", [&](const Job& job) { payloads.push_back(job.payload); });
    enqueue("a", noon, "1");
    enqueue("a", noon + 1h, "2");
    EXPECT_EQ(worker.run_due(), 0);
    clock.advance(1h);
    EXPECT_EQ(worker.run_due(), 1);
    EXPECT_EQ(payloads, (std::vector<std::string>{"2"}));
}

TEST_P(Jobs, ThatWereCancelledDoNotRun)
{
    JobWorker worker(*database, clock);
    worker.on("release.due", [](const Job&) { FAIL(); });
    enqueue("a", noon);
    database->write([](Transaction& tx) { cancel_job(tx, "release.due", "a"); });
    EXPECT_EQ(worker.run_due(), 0);
}

TEST_P(Jobs, OfAKindThatTheWorkerDoesNotKnowAreLeftToOthers)
{
    JobWorker worker(*database, clock);
    worker.on("something.else", [](const Job&) { FAIL(); });
    enqueue("a", noon);
    EXPECT_EQ(worker.run_due(), 0);
}

TEST_P(Jobs, AreTriedAgainAfterTheDelaysAndThenLieInTheDeadLetters)
{
    int tries = 0;
    JobWorker worker(*database, clock);
    worker.on("release.due", [&](const Job& job) {
        EXPECT_EQ(job.tries, ++tries);
        throw std::runtime_error("坏了");
    });
    enqueue("a", noon);
    EXPECT_EQ(worker.run_due(), 1);
    for (const base::Millis delay :
         {base::Millis(10s), base::Millis(1min), base::Millis(5min), base::Millis(30min),
          base::Millis(2h)}) {
        EXPECT_TRUE(dead().empty());
        clock.advance(delay - 1ms);
        EXPECT_EQ(worker.run_due(), 0);
        clock.advance(1ms);
        EXPECT_EQ(worker.run_due(), 1);
    }
    clock.advance(24h);
    EXPECT_EQ(worker.run_due(), 0);
    ASSERT_EQ(dead().size(), 1U);
    EXPECT_EQ(dead()[0].error, "坏了");
    EXPECT_EQ(dead()[0].job.key, "a");
    EXPECT_EQ(dead()[0].job.tries, 6);
}

TEST_P(Jobs, ThatAreDeadCanBeRevived)
{
    bool fails = true;
    int done = 0;
    JobWorker worker(*database, clock);
    worker.on("release.due", [&](const Job&) {
        if (fails)
            throw std::runtime_error(std::string("\xff not text"));
        ++done;
    });
    enqueue("a", noon);
    for (int i = 0; i < 6; ++i) {
        worker.run_due();
        clock.advance(3h);
    }
    ASSERT_EQ(dead().size(), 1U);
    EXPECT_EQ(dead()[0].error, "? not text");
    fails = false;
    const auto revive = [this, id = dead()[0].job.id](Transaction& tx) {
        return revive_dead_job(tx, id, clock.now());
    };
    EXPECT_TRUE(database->write(revive));
    EXPECT_FALSE(database->write(revive));
    EXPECT_EQ(worker.run_due(), 1);
    EXPECT_EQ(done, 1);
    EXPECT_TRUE(dead().empty());
}

// A worker that is stuck, as one that died would be.
TEST_P(Jobs, AreTakenByAnotherWorkerWhenTheLeaseLapses)
{
    std::binary_semaphore taken(0), let_go(0);
    JobWorker stuck(*database, clock);
    stuck.on("release.due", [&](const Job&) {
        taken.release();
        let_go.acquire();
    });
    std::atomic<int> tries = 0;
    JobWorker other(*database, clock);
    other.on("release.due", [&](const Job& job) {
        tries = job.tries;
        throw std::runtime_error("so that it stays");
    });
    enqueue("a", noon);
    std::thread thread([&] { stuck.run_due(); });
    taken.acquire();
    EXPECT_EQ(other.run_due(), 0);
    clock.advance(61s);
    EXPECT_EQ(other.run_due(), 1);
    EXPECT_EQ(tries, 2);
    let_go.release();
    thread.join();
    clock.advance(1h); // The stuck one has not declared it done.
    EXPECT_EQ(other.run_due(), 1);
}

TEST_P(Jobs, EnteredAgainWhileTheyRunRunOnceMore)
{
    int runs = 0;
    JobWorker worker(*database, clock);
    worker.on("release.due", [&](const Job& job) {
        if (++runs == 1)
            enqueue("a", clock.now(), "2");
        else
            EXPECT_EQ(job.payload, "2");
    });
    enqueue("a", noon, "1");
    EXPECT_EQ(worker.run_due(), 2);
    EXPECT_EQ(worker.run_due(), 0);
}

TEST_P(Jobs, ThatArePeriodicGoOnThoughTheyFail)
{
    int runs = 0;
    JobWorker worker(*database, clock);
    worker.every("site.probe", 1min, [&](const Job&) {
        ++runs;
        throw std::runtime_error("always");
    });
    worker.run_due();
    for (int i = 0; i < 20; ++i) {
        clock.advance(1min);
        worker.run_due();
    }
    EXPECT_EQ(runs, 21);
    EXPECT_TRUE(dead().empty());
}

TEST_P(Jobs, ThatArePeriodicKeepTheirTimeAcrossARestart)
{
    int runs = 0;
    for (int start = 0; start < 3; ++start) {
        JobWorker worker(*database, clock);
        worker.every("site.probe", 1h, [&](const Job&) { ++runs; });
        worker.run_due();
        clock.advance(20min);
    }
    EXPECT_EQ(runs, 1);
}

TEST_P(Jobs, RunOnThreadsAsSoonAsTheyAreEntered)
{
    constexpr int count = 40;
    const base::SystemClock system_clock;
    std::atomic<int> runs = 0;
    JobWorker first(*database, system_clock), second(*database, system_clock);
    for (auto* worker : {&first, &second}) {
        worker->on("release.due", [&](const Job&) { ++runs; });
        worker->start(2);
    }
    for (int i = 0; i < count; ++i)
        enqueue(std::to_string(i), system_clock.now());
    for (int i = 0; i < 1'000 && runs < count; ++i)
        std::this_thread::sleep_for(5ms);
    first.stop();
    second.stop();
    EXPECT_EQ(runs, count);
}

} // namespace
} // namespace db
