#pragma once

// Wakes threads that wait for something to change, and stops them. Thread-safe. Lives in a
// shared_ptr, because a database's listeners outlive those who listen.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace db {

class Signal {
public:
    void raise()
    {
        {
            const std::lock_guard lock(mutex_);
            ++count_;
        }
        changed_.notify_all();
    }

    void stop()
    {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        changed_.notify_all();
    }

    void clear_stop()
    {
        const std::lock_guard lock(mutex_);
        stopped_ = false;
    }

    std::uint64_t count() const
    {
        const std::lock_guard lock(mutex_);
        return count_;
    }

    bool is_stopped() const
    {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }

    /// Until it is raised again after `seen`, stopped, or the time is over.
    void wait(std::uint64_t seen, std::chrono::milliseconds at_most)
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, at_most, [&] { return count_ != seen || stopped_; });
    }

    /// A pause that only stop() ends early.
    void rest(std::chrono::milliseconds pause)
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, pause, [&] { return stopped_; });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
    bool stopped_ = false;
};

} // namespace db
