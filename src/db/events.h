#pragma once

// The event log: what happened, in order, for those who want to react to it. A verb appends an
// event in the transaction of the change itself, so neither is ever without the other. Subscribers
// read from their own durable cursor, after the commit, and must be idempotent: after a crash an
// event is delivered again.

#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace db {

class Database;
class Transaction;

struct Event {
    std::int64_t id = 0; // Ascending, in commit order as a subscriber sees it.
    base::Instant at;
    std::string kind; // "release.published"; greppable whole, listed in a module's events.h.
    std::int64_t subject = 0; // The id of what it is about.
    std::string payload;      // JSON, "{}" when there is nothing to say.
};

/// Append as late in the transaction as may be: on PostgreSQL other transactions that append wait
/// until this one has ended, so that ids ascend in commit order.
void append_event(
    Transaction&, std::string_view kind, std::int64_t subject, std::string_view payload,
    base::Instant now);

/// Events after `cursor`, oldest first, at most `limit`. None that is committed later has a smaller
/// id than one of these.
std::vector<Event> list_events_after(Transaction&, std::int64_t cursor, int limit);

std::int64_t find_last_event_id(Transaction&);

/// Delivers events to subscribers, each on its own thread, from its own cursor.
class EventPump {
public:
    using Handle = std::function<void(const std::vector<Event>& batch)>;

    explicit EventPump(Database&);
    ~EventPump(); // Stops as by stop().

    /// `name` identifies the cursor: "search", "page_cache". A batch has 1…500 events. When
    /// `handle` throws, it is logged and the same batch comes again after a pause (1 s doubling to
    /// 60 s). With From::Now a subscriber that holds no durable state (a cache) starts at the end
    /// of the log, and its cursor is not stored. Call before start().
    enum class From { StoredCursor, Now };
    void subscribe(std::string name, From from, Handle handle);

    void start();
    void stop();

    /// Waits until every subscriber has handled all events committed before this call, or stop().
    void drain();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace db
