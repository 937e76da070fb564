#include "db/events.h"

#include "db/database.h"
#include "db/testing/on_every_backend.h"

#include <atomic>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>

namespace db {
namespace {

using From = EventPump::From;

const auto noon = base::instant_from_millis(1'795'320'000'000);

class Events : public testing::OnEveryBackend {
protected:
    void append(std::int64_t subject)
    {
        database->write(
            [&](Transaction& tx) { append_event(tx, "note.written", subject, "{}", noon); });
    }

    testing::TemporaryDatabase database{{}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Events, ::testing::ValuesIn(testing::backends()), testing::backend_name);

TEST_P(Events, AreListedInOrderWithAllTheyHold)
{
    append(7);
    append(8);
    database->read([](Transaction& tx) {
        const auto events = list_events_after(tx, 0, 10);
        ASSERT_EQ(events.size(), 2U);
        EXPECT_EQ(events[0].kind, "note.written");
        EXPECT_EQ(events[0].subject, 7);
        EXPECT_EQ(events[0].at, noon);
        EXPECT_EQ(events[0].payload, "{}");
        EXPECT_EQ(list_events_after(tx, events[0].id, 10).size(), 1U);
        EXPECT_EQ(list_events_after(tx, 0, 1).size(), 1U);
        EXPECT_EQ(find_last_event_id(tx), events[1].id);
    });
}

TEST_P(Events, OfARefusedWriteDoNotExist)
{
    (void)database->write([](Transaction& tx) -> base::Result<> {
        append_event(tx, "note.written", 1, "{}", noon);
        return base::refuse(base::Error::Kind::Conflict, "x.y", "不行");
    });
    database->read([](Transaction& tx) { EXPECT_EQ(find_last_event_id(tx), 0); });
}

TEST_P(Events, ReachEverySubscriberOnceAndInOrder)
{
    std::vector<std::int64_t> first, second;
    const auto into = [](std::vector<std::int64_t>& list) {
        return [&list](const std::vector<Event>& batch) {
            for (const auto& event : batch)
                list.push_back(event.subject);
        };
    };
    EventPump pump(*database);
    pump.subscribe("first", From::StoredCursor, into(first));
    pump.subscribe("second", From::Now, into(second));
    append(1);
    pump.start();
    append(2);
    append(3);
    pump.drain();
    EXPECT_EQ(first, (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(second, (std::vector<std::int64_t>{2, 3}));
}

TEST_P(Events, ThatWereHandledDoNotComeAgainAfterARestart)
{
    for (const int expected : {1, 0}) {
        int seen = 0;
        EventPump pump(*database);
        pump.subscribe("search", From::StoredCursor, [&](const auto&) { ++seen; });
        if (expected == 1)
            append(1);
        pump.start();
        pump.drain();
        pump.stop();
        EXPECT_EQ(seen, expected);
    }
}

TEST_P(Events, ComeAgainWhenTheirSubscriberFailed)
{
    std::atomic<int> calls = 0;
    std::atomic<std::int64_t> last = 0;
    EventPump pump(*database);
    pump.subscribe("search", From::StoredCursor, [&](const std::vector<Event>& batch) {
        if (++calls == 1)
            throw std::runtime_error("the first time fails");
        last = batch.back().subject;
    });
    append(5);
    pump.start();
    pump.drain();
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(last, 5);
}

// The process dies after the work and before the cursor is stored.
TEST_P(Events, ComeAgainAfterACrash)
{
    append(5);
    {
        EventPump pump(*database);
        std::atomic<int> calls = 0;
        pump.subscribe("search", From::StoredCursor, [&](const auto&) {
            ++calls;
            throw std::runtime_error("as good as dead");
        });
        pump.start();
        while (calls == 0)
            std::this_thread::yield();
        pump.stop();
    }
    std::int64_t last = 0;
    EventPump pump(*database);
    pump.subscribe(
        "search", From::StoredCursor, [&](const auto& batch) { last = batch.back().subject; });
    pump.start();
    pump.drain();
    EXPECT_EQ(last, 5);
}

TEST_P(Events, AreNotSkippedWhenManyAppendAtOnce)
{
    constexpr int threads_count = 8, each = 15;
    std::atomic<int> seen = 0;
    std::atomic<bool> ascending = true;
    std::int64_t last = 0;
    EventPump pump(*database);
    pump.subscribe("search", From::StoredCursor, [&](const std::vector<Event>& batch) {
        for (const auto& event : batch) {
            ascending = ascending && event.id > last;
            last = event.id;
            ++seen;
        }
    });
    pump.start();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threads_count; ++thread) {
        threads.emplace_back([this] {
            for (int i = 0; i < each; ++i)
                append(i);
        });
    }
    for (auto& thread : threads)
        thread.join();
    pump.drain();
    EXPECT_EQ(seen, threads_count * each);
    EXPECT_TRUE(ascending);
}

TEST_P(Events, OfAnotherProcessArriveToo)
{
    std::atomic<std::int64_t> last = 0;
    EventPump pump(*database);
    pump.subscribe("search", From::Now, [&](const auto& batch) { last = batch.back().subject; });
    pump.start();
    const auto other = Database::open(database.settings());
    other->write([](Transaction& tx) { append_event(tx, "note.written", 9, "{}", noon); });
    pump.drain();
    EXPECT_EQ(last, 9);
}

} // namespace
} // namespace db
