#pragma once

// Tells other processes on the same PostgreSQL database of our commits, and hears of theirs: LISTEN
// and NOTIFY on a connection and a thread of its own. News are gathered, because a NOTIFY within
// each transaction would make commits wait for one another. News may be lost with a connection;
// whoever must not miss one looks for himself now and then.

#include "db/postgresql_connection.h"
#include "db/signal.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace db {

class CommitNews {
public:
    /// `heard` is called on the thread. Throws Failure(Unavailable) when the server does not
    /// answer.
    CommitNews(std::string uri, std::function<void()> heard);
    ~CommitNews();
    CommitNews(const CommitNews&) = delete;
    CommitNews& operator=(const CommitNews&) = delete;

    /// To be told soon. Thread-safe.
    void tell();

private:
    void connect();
    void follow();
    void exchange();
    void wake();

    std::string uri_;
    std::function<void()> heard_;
    int bell_ = -1; // An eventfd: wakes the thread out of poll().
    std::atomic<bool> has_news_ = false;
    Signal closing_;
    std::unique_ptr<PostgresqlConnection> connection_;
    std::thread thread_;
};

} // namespace db
