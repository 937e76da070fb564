#pragma once

// From the I/O threads to the workers and back: a bounded queue, and one rendering for all who miss
// the same page at the same time.

#include "http/exchange.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace http {

/// An exchange and where its answer is waited for.
struct Work {
    std::unique_ptr<Exchange> exchange;
    std::uint64_t connection = 0;
    std::function<void(Work, Answer)>* deliver = nullptr; // Outlives the dispatcher.
};

/// Thread-safe.
class Dispatcher {
public:
    Dispatcher(const Responder& responder, PageCache& cache, std::size_t queue_max);
    ~Dispatcher();

    void start(int workers);

    /// The answer comes through work.deliver, on whatever thread; 503 when the queue is full.
    void dispatch(Work work);

    /// Answers what is queued, then ends the workers.
    void stop();

private:
    void run();
    void perform(Work work);
    bool enqueue(Work& work);
    bool joins_or_leads(Work& work);
    std::vector<Work> take_followers(const std::string& key);
    void serve_followers(std::vector<Work> followers, const Answer& answer);

    const Responder& responder_;
    PageCache& cache_;
    const std::size_t queue_max_;

    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Work> queue_;
    bool stopping_ = false;
    std::vector<std::thread> workers_;

    std::mutex flights_mutex_;
    std::map<std::string, std::vector<Work>> flights_; // By cache key: who waits for the leader.
    std::size_t followers_ = 0;
};

} // namespace http
