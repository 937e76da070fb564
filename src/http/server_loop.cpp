#include "http/server_loop.h"

#include "base/log.h"
#include "http/head.h"

#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace http {

namespace {

constexpr std::uint64_t listener_id = 0;
constexpr std::uint64_t wake_id = 1;
constexpr std::int64_t sweep_every_ms = 500;
constexpr int accepts_in_a_turn = 64;

std::int64_t steady_ms()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void watch(int epoll, int operation, int descriptor, std::uint32_t events, std::uint64_t id)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    if (::epoll_ctl(epoll, operation, descriptor, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

Address address_of(const sockaddr_storage& from)
{
    Address address;
    if (from.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
        std::copy_n(v6.sin6_addr.s6_addr, 16, address.bytes.begin());
        return address;
    }
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    address.bytes[10] = address.bytes[11] = 0xFF;
    std::copy_n(
        reinterpret_cast<const unsigned char*>(&v4.sin_addr), 4, address.bytes.begin() + 12);
    return address;
}

} // namespace

House::House(
    ServerSettings settings_, Router router_, Hooks hooks_, PageCache& cache_,
    const base::Clock& clock_)
    : settings(std::move(settings_))
    , router(std::move(router_))
    , hooks(std::move(hooks_))
    , cache(cache_)
    , clock(clock_)
    , proxies(settings.trusted_proxies)
    , responder(hooks, cache)
    , dispatcher(responder, cache, settings.limits.queue_max)
{
}

Loop::Loop(House& house, int listener)
    : house_(house)
    , epoll_(::epoll_create1(EPOLL_CLOEXEC))
    , wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , listener_(listener)
    , scratch_(std::make_unique<char[]>(scratch_size))
    , parser_(
          {house.settings.limits.header_bytes_max, house.settings.limits.header_count_max,
           house.settings.limits.target_bytes_max})
    , delivery_([this](Work work, Answer answer) { deliver(std::move(work), std::move(answer)); })
{
    if (epoll_ < 0 || wake_ < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    watch(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN, listener_id);
    watch(epoll_, EPOLL_CTL_ADD, wake_, EPOLLIN, wake_id);
}

Loop::~Loop()
{
    connections_.clear();
    close_listener();
    ::close(wake_);
    ::close(epoll_);
}

void Loop::run()
{
    std::array<epoll_event, 256> events{};
    tick();
    while (!abandoned_ && !(stopping_ && connections_.empty())) {
        const auto wait = again_.empty() ? std::max<std::int64_t>(0, next_sweep_ms_ - now_ms_) : 0;
        const int count = ::epoll_wait(
            epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait));
        tick();
        const auto turns = std::exchange(again_, {});
        for (int i = 0; i < count; ++i) {
            const auto& event = events.at(static_cast<std::size_t>(i));
            if (event.data.u64 == listener_id)
                accept_some();
            else if (event.data.u64 == wake_id)
                take_delivered();
            else
                take_turn(event.data.u64, event.events);
        }
        for (const auto id : turns)
            take_turn(id, 0);
        if (now_ms_ >= next_sweep_ms_)
            sweep();
    }
    connections_.clear();
    close_listener();
    done_ = true;
}

void Loop::tick()
{
    now_ms_ = steady_ms();
    now_ = house_.clock.now();
    const auto second = base::to_millis(now_) / 1000;
    if (second == tails_second_)
        return;
    tails_second_ = second;
    for (std::size_t i = 0; i < tails_.size(); ++i)
        tails_.at(i) = fmt::format(
            "Date: {}\r\nConnection: {}\r\n{}\r\n", base::to_http_date(now_),
            (i & 1U) != 0 ? "close" : "keep-alive", (i & 2U) != 0 ? strict_transport_security : "");
}

void Loop::take_turn(std::uint64_t id, std::uint32_t events)
{
    const auto found = connections_.find(id);
    if (found == connections_.end())
        return;
    found->second->on_ready(events);
    if (found->second->is_closed())
        connections_.erase(found);
}

void Loop::accept_some()
{
    for (int i = 0; i < accepts_in_a_turn && listener_ >= 0; ++i) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        const int descriptor = ::accept4(
            listener_, reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0)
            admit(descriptor, address_of(from));
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return pause_listener();
        else if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

void Loop::admit(int descriptor, const Address& address)
{
    Peer peer;
    peer.address = address;
    peer.loopback = address.is_loopback();
    peer.trusted = house_.proxies.has(address);
    const auto& limits = house_.settings.limits;
    const bool exempt = peer.loopback || peer.trusted;
    if (!house_.counts.take(address, exempt ? 0 : limits.connections_per_address_max)) {
        ::close(descriptor);
        return;
    }
    if (house_.connections >= limits.connections_max) {
        const auto full = Responder::bare(503);
        const auto text = full.head + "Connection: close\r\n\r\n" + full.body;
        ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        house_.counts.give_back(address);
        ::close(descriptor);
        return;
    }
    peer.address_text = to_string(address);
    const auto id = next_id_++;
    connections_.emplace(id, make_connection(*this, id, descriptor, peer));
    watch(epoll_, EPOLL_CTL_ADD, descriptor, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, id);
}

/// No descriptor is left: ask again at the next sweep instead of spinning.
void Loop::pause_listener()
{
    base::log_warning("No file descriptor is left for a new connection");
    watch(epoll_, EPOLL_CTL_MOD, listener_, 0, listener_id);
    listener_paused_ = true;
}

void Loop::deliver(Work work, Answer answer)
{
    {
        const std::lock_guard lock(mutex_);
        delivered_.push_back({std::move(work), std::move(answer)});
    }
    wake();
}

void Loop::wake()
{
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the loop wakes anyway.
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

void Loop::take_delivered()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(wake_, &count, sizeof count);
    std::vector<Delivered> delivered;
    {
        const std::lock_guard lock(mutex_);
        delivered.swap(delivered_);
    }
    for (auto& [work, answer] : delivered) {
        const auto found = connections_.find(work.connection);
        if (found == connections_.end())
            continue;
        found->second->on_answer(std::move(work.exchange), std::move(answer));
        if (found->second->is_closed())
            connections_.erase(found);
    }
    if (!stop_asked_ || stopping_)
        return;
    stopping_ = true;
    accept_some();
    close_listener();
    for (auto& [id, connection] : connections_)
        connection->on_stop();
    std::erase_if(connections_, [](const auto& entry) { return entry.second->is_closed(); });
}

void Loop::sweep()
{
    next_sweep_ms_ = now_ms_ + sweep_every_ms;
    for (auto& [id, connection] : connections_)
        connection->sweep();
    std::erase_if(connections_, [](const auto& entry) { return entry.second->is_closed(); });
    if (listener_paused_ && listener_ >= 0) {
        watch(epoll_, EPOLL_CTL_MOD, listener_, EPOLLIN, listener_id);
        listener_paused_ = false;
    }
}

void Loop::close_listener()
{
    if (listener_ >= 0)
        ::close(listener_);
    listener_ = -1;
}

void Loop::stop()
{
    stop_asked_ = true;
    wake();
}

void Loop::abandon()
{
    abandoned_ = true;
    wake();
}

} // namespace http
