#include "http/dispatcher.h"

namespace http {

namespace {

void tell(Work work, Answer answer)
{
    auto& deliver = *work.deliver;
    deliver(std::move(work), std::move(answer));
}

} // namespace

Dispatcher::Dispatcher(const Responder& responder, PageCache& cache, std::size_t queue_max)
    : responder_(responder)
    , cache_(cache)
    , queue_max_(queue_max)
{
}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start(int workers)
{
    for (int i = 0; i < workers; ++i)
        workers_.emplace_back([this] { run(); });
}

void Dispatcher::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    filled_.notify_all();
    for (auto& worker : workers_)
        worker.join();
    workers_.clear();
}

bool Dispatcher::enqueue(Work& work)
{
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_max_)
            return false;
        queue_.push_back(std::move(work));
    }
    filled_.notify_one();
    return true;
}

/// True: this one renders the page itself. False: it waits for the one that does, or was told that
/// too many wait already.
bool Dispatcher::joins_or_leads(Work& work)
{
    {
        const std::lock_guard lock(flights_mutex_);
        const auto [flight, leads] = flights_.try_emplace(*work.exchange->cache_key);
        if (leads)
            return true;
        if (followers_ < queue_max_) {
            ++followers_;
            flight->second.push_back(std::move(work));
            return false;
        }
    }
    tell(std::move(work), Responder::bare(503));
    return false;
}

std::vector<Work> Dispatcher::take_followers(const std::string& key)
{
    const std::lock_guard lock(flights_mutex_);
    const auto flight = flights_.find(key);
    if (flight == flights_.end())
        return {};
    auto followers = std::move(flight->second);
    flights_.erase(flight);
    followers_ -= followers.size();
    return followers;
}

void Dispatcher::dispatch(Work work)
{
    const auto key = work.exchange->cache_key;
    if (key && !joins_or_leads(work))
        return;
    if (enqueue(work))
        return;
    auto followers = key ? take_followers(*key) : std::vector<Work>();
    followers.push_back(std::move(work));
    for (auto& refused : followers)
        tell(std::move(refused), Responder::bare(503));
}

/// A kept page is everybody's. One that was overtaken while it was rendered may show what was
/// before the followers asked: they ask again. An answer that is not for the cache is made for
/// each.
void Dispatcher::serve_followers(std::vector<Work> followers, const Answer& answer)
{
    for (auto& follower : followers) {
        if (answer.page && answer.kept) {
            Answer same;
            same.status = answer.status;
            same.page = answer.page;
            same.kept = true;
            tell(std::move(follower), std::move(same));
            continue;
        }
        if (!answer.page)
            follower.exchange->cache_key.reset();
        dispatch(std::move(follower));
    }
}

void Dispatcher::perform(Work work)
{
    const auto key = work.exchange->cache_key;
    auto answer = responder_.answer(*work.exchange);
    if (key)
        serve_followers(take_followers(*key), answer);
    tell(std::move(work), std::move(answer));
}

void Dispatcher::run()
{
    for (;;) {
        Work work;
        {
            std::unique_lock lock(mutex_);
            filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty())
                return;
            work = std::move(queue_.front());
            queue_.pop_front();
        }
        perform(std::move(work));
    }
}

} // namespace http
