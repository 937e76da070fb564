#include "db/events.h"

#include "base/assert.h"
#include "base/log.h"
#include "db/database.h"
#include "db/signal.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <utility>

namespace db {
namespace {

using namespace std::chrono_literals;

constexpr int batch_max = 500;

// A busy database commits a thousand times a second; looking that often brings nothing.
constexpr auto gathering_time = 3ms;

// For commits of another process, which SQLite does not announce, and for a lost notification.
constexpr auto poll_interval = 1s;

constexpr base::Millis first_pause = 1s;
constexpr base::Millis longest_pause = 60s;

} // namespace

void append_event(
    Transaction& tx, std::string_view kind, std::int64_t subject, std::string_view payload,
    base::Instant now)
{
    // On PostgreSQL ids are drawn before the commit: without the lock a subscriber could see event
    // 8 first and never event 7, whose transaction took longer.
    tx.lock("db_events");
    constexpr auto sql = "INSERT INTO db_events (at, kind, subject, payload) VALUES (?, ?, ?, ?)";
    tx.execute(sql, now, kind, subject, payload);
}

std::vector<Event> list_events_after(Transaction& tx, std::int64_t cursor, int limit)
{
    constexpr auto sql = "SELECT id, at, kind, subject, payload FROM db_events"
                         " WHERE id > ? ORDER BY id LIMIT ?";
    std::vector<Event> events;
    for (const auto& row : tx.query(sql, cursor, limit)) {
        events.push_back(
            {.id = row.integer("id"),
             .at = row.instant("at"),
             .kind = row.text("kind"),
             .subject = row.integer("subject"),
             .payload = row.text("payload")});
    }
    return events;
}

std::int64_t find_last_event_id(Transaction& tx)
{
    return tx.query("SELECT MAX(id) AS id FROM db_events").front().integer("id");
}

struct EventPump::State {
    struct Subscriber {
        std::string name;
        From from;
        Handle handle;
        std::atomic<std::int64_t> cursor = 0;
        std::thread thread = {};
    };

    explicit State(Database& of)
        : database(of)
    {
    }

    void load_cursor(Subscriber& subscriber);
    void save_cursor(const Subscriber& subscriber, std::int64_t event_id);
    void follow(Subscriber& subscriber);
    bool deliver_batch(Subscriber& subscriber);

    Database& database;
    std::shared_ptr<Signal> committed = std::make_shared<Signal>();
    Signal handled;
    std::deque<Subscriber> subscribers; // A deque, because threads hold references.
    bool running = false;
};

void EventPump::State::load_cursor(Subscriber& subscriber)
{
    subscriber.cursor = database.read([&](Transaction& tx) {
        if (subscriber.from == From::Now)
            return find_last_event_id(tx);
        constexpr auto sql = "SELECT event_id FROM db_cursors WHERE name = ?";
        const auto rows = tx.query(sql, subscriber.name);
        return rows.empty() ? 0 : rows.front().integer("event_id");
    });
}

void EventPump::State::save_cursor(const Subscriber& subscriber, std::int64_t event_id)
{
    if (subscriber.from == From::Now)
        return;
    constexpr auto sql = "INSERT INTO db_cursors (name, event_id) VALUES (?, ?)"
                         " ON CONFLICT (name) DO UPDATE SET event_id = excluded.event_id"
                         " WHERE db_cursors.event_id < excluded.event_id";
    database.write([&](Transaction& tx) { tx.execute(sql, subscriber.name, event_id); });
}

// The life of a subscriber's thread.
void EventPump::State::follow(Subscriber& subscriber)
{
    auto pause = first_pause;
    while (!committed->is_stopped()) {
        const auto seen = committed->count();
        try {
            if (!deliver_batch(subscriber)) {
                committed->wait(seen, poll_interval);
                committed->rest(gathering_time);
            }
            pause = first_pause;
        } catch (const std::exception& failure) {
            base::log_error(
                "事件订阅 {} 处理失败，{} 秒后重试：{}", subscriber.name, pause.count() / 1000,
                failure.what());
            committed->rest(pause);
            pause = std::min(pause * 2, longest_pause);
        }
    }
}

// False when there was nothing to deliver. The cursor moves only after the whole batch is handled
// and, where it is stored, stored.
bool EventPump::State::deliver_batch(Subscriber& subscriber)
{
    const auto events = database.read(
        [&](Transaction& tx) { return list_events_after(tx, subscriber.cursor, batch_max); });
    if (events.empty())
        return false;
    subscriber.handle(events);
    save_cursor(subscriber, events.back().id);
    subscriber.cursor = events.back().id;
    handled.raise();
    return true;
}

EventPump::EventPump(Database& database)
    : state_(std::make_unique<State>(database))
{
    database.on_commit([committed = state_->committed] { committed->raise(); });
}

EventPump::~EventPump() { stop(); }

void EventPump::subscribe(std::string name, From from, Handle handle)
{
    VERIFY(!state_->running);
    auto& subscriber = state_->subscribers.emplace_back();
    subscriber.name = std::move(name);
    subscriber.from = from;
    subscriber.handle = std::move(handle);
}

void EventPump::start()
{
    VERIFY(!state_->running);
    for (auto& subscriber : state_->subscribers)
        state_->load_cursor(subscriber);
    state_->running = true;
    state_->committed->clear_stop();
    state_->handled.clear_stop();
    for (auto& subscriber : state_->subscribers)
        subscriber.thread = std::thread([this, &subscriber] { state_->follow(subscriber); });
}

void EventPump::stop()
{
    state_->committed->stop();
    state_->handled.stop();
    for (auto& subscriber : state_->subscribers) {
        if (subscriber.thread.joinable())
            subscriber.thread.join();
    }
    state_->running = false;
}

void EventPump::drain()
{
    VERIFY(state_->running);
    const auto last = state_->database.read([](Transaction& tx) { return find_last_event_id(tx); });
    const auto has_come = [last](const auto& subscriber) { return subscriber.cursor >= last; };
    for (;;) {
        const auto seen = state_->handled.count();
        if (std::all_of(state_->subscribers.begin(), state_->subscribers.end(), has_come)
            || state_->handled.is_stopped())
            return;
        state_->handled.wait(seen, poll_interval);
    }
}

} // namespace db
