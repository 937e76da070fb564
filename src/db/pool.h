#pragma once

// A bounded pool of connections, made when first needed. The one given back last is lent first: its
// cache is warm. Thread-safe.

#include "db/database.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace db {

template <typename Connection>
class Pool {
public:
    using Make = std::function<std::unique_ptr<Connection>()>;

    Pool(int connections_max, Make make)
        : connections_max_(connections_max)
        , make_(std::move(make))
    {
    }

    /// A connection on loan: goes back by itself, unless it was thrown away.
    class Loan {
    public:
        Loan(Pool& pool, std::unique_ptr<Connection> connection)
            : pool_(&pool)
            , connection_(std::move(connection))
        {
        }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        ~Loan() { pool_->take_back(std::move(connection_)); }

        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }
        /// Closes the connection instead of giving it back. Call as the last thing.
        void throw_away() { connection_.reset(); }

    private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits for a connection; throws Failure(Unavailable) when none came free in time.
    Loan lend()
    {
        std::unique_lock lock(mutex_);
        const auto available = [&] { return !idle_.empty() || lent_ < connections_max_; };
        if (!given_back_.wait_for(lock, patience, available))
            throw Failure(Failure::Kind::Unavailable, "数据库连接全部占用，请稍后再试");
        ++lent_;
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return Loan(*this, std::move(connection));
        }
        lock.unlock();
        try {
            return Loan(*this, make_());
        } catch (...) {
            take_back(nullptr);
            throw;
        }
    }

private:
    static constexpr std::chrono::seconds patience{30};

    void take_back(std::unique_ptr<Connection> connection)
    {
        {
            const std::lock_guard lock(mutex_);
            --lent_;
            if (connection)
                idle_.push_back(std::move(connection));
        }
        given_back_.notify_one();
    }

    int connections_max_;
    Make make_;
    std::mutex mutex_;
    std::condition_variable given_back_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int lent_ = 0;
};

} // namespace db
