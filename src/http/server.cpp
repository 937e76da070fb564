#include "http/server.h"

#include "base/log.h"
#include "http/server_loop.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace http {

namespace {

constexpr int backlog = 4096;

/// Bytes the kernel takes before they are on their way: enough for any page, little enough that a
/// slow client is seen to move.
constexpr int unsent_max = 256 << 10;

void set_option(int socket, int level, int name, int value)
{
    if (::setsockopt(socket, level, name, &value, sizeof value) != 0)
        throw std::runtime_error(fmt::format("setsockopt {}: {}", name, std::strerror(errno)));
}

sockaddr_storage socket_address(const ServerSettings& settings, std::uint16_t port, socklen_t& size)
{
    const auto address = address_from(settings.address);
    if (!address)
        throw std::runtime_error(fmt::format("http.address: “{}”不是 IP 地址", settings.address));
    sockaddr_storage storage{};
    if (address->is_v4()) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&v4.sin_addr, address->bytes.data() + 12, 4);
        size = sizeof v4;
        return storage;
    }
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(v6.sin6_addr.s6_addr, address->bytes.data(), 16);
    size = sizeof v6;
    return storage;
}

int bind_and_listen(int socket, const ServerSettings& settings, std::uint16_t port)
{
    socklen_t size = 0;
    const auto address = socket_address(settings, port, size);
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    // Accepted sockets inherit these.
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_max);
    if (address.ss_family == AF_INET6)
        set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0)
        return errno;
    return ::listen(socket, backlog) == 0 ? 0 : errno;
}

/// SO_REUSEPORT would let a second server of the same user share the port and take half of the
/// requests: ask for it once without.
void check_port_is_free(const ServerSettings& settings)
{
    socklen_t size = 0;
    const auto address = socket_address(settings, settings.port, size);
    const int probe = ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const bool taken = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), size) != 0;
    const int reason = errno;
    ::close(probe);
    if (taken)
        throw std::runtime_error(fmt::format(
            "不能监听 {} 的端口 {}：{}", settings.address, settings.port,
            reason == EADDRINUSE ? "端口已被别的程序占用" : std::strerror(reason)));
}

int open_listener(const ServerSettings& settings, std::uint16_t port)
{
    socklen_t size = 0;
    const auto family = socket_address(settings, port, size).ss_family;
    const int socket = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0)
        throw std::runtime_error(fmt::format("socket: {}", std::strerror(errno)));
    const int failed = bind_and_listen(socket, settings, port);
    if (failed == 0)
        return socket;
    ::close(socket);
    throw std::runtime_error(
        fmt::format("不能监听 {} 的端口 {}：{}", settings.address, port, std::strerror(failed)));
}

std::uint16_t port_of(int socket)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
    // The port lies at the same place in both families.
    return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

/// As many descriptors as the system lets us have: each connection takes one.
void raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

int cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

} // namespace

struct Server::State {
    State(
        ServerSettings settings, Router router, Hooks hooks, PageCache& cache,
        const base::Clock& clock)
        : house(std::move(settings), std::move(router), std::move(hooks), cache, clock)
    {
    }

    House house;
    std::vector<std::unique_ptr<Loop>> loops;
    std::vector<std::thread> threads;
    std::uint16_t port = 0;
};

Server::Server(
    ServerSettings settings, Router router, Hooks hooks, PageCache& cache, const base::Clock& clock)
    : state_(std::make_unique<State>(
        std::move(settings), std::move(router), std::move(hooks), cache, clock))
{
}

Server::~Server() { stop(); }

void Server::start()
{
    auto& state = *state_;
    const auto& settings = state.house.settings;
    std::signal(SIGPIPE, SIG_IGN); // A client that leaves is no reason to end.
    raise_descriptor_limit();
    if (!settings.certificate_file.empty())
        state.house.tls =
            std::make_unique<TlsContext>(settings.certificate_file, settings.private_key_file);
    if (settings.port != 0)
        check_port_is_free(settings);
    state.port = settings.port;
    const int io_threads = settings.io_threads > 0 ? settings.io_threads : cores();
    for (int i = 0; i < io_threads; ++i) {
        const int listener = open_listener(settings, state.port);
        state.port = port_of(listener);
        state.loops.push_back(std::make_unique<Loop>(state.house, listener));
    }
    state.house.dispatcher.start(settings.workers > 0 ? settings.workers : 2 + 2 * cores());
    for (auto& loop : state.loops)
        state.threads.emplace_back([&loop] { loop->run(); });
}

std::uint16_t Server::port() const { return state_->port; }

void Server::stop()
{
    auto& state = *state_;
    for (auto& loop : state.loops)
        loop->stop();
    const auto deadline =
        std::chrono::steady_clock::now() + state.house.settings.limits.stop_timeout;
    for (auto& loop : state.loops) {
        while (!state.threads.empty() && !loop->is_done()
               && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (!loop->is_done())
            loop->abandon();
    }
    for (auto& thread : state.threads)
        thread.join();
    state.threads.clear();
    // Workers last: they deliver to the loops.
    state.house.dispatcher.stop();
    state.loops.clear();
}

} // namespace http
