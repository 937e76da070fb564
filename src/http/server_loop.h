#pragma once

// One I/O thread: its own listening socket (SO_REUSEPORT), one epoll, its connections. Everything a
// connection does happens on this thread, so connections have no locks. A plain epoll loop, not
// Asio: edge-triggered, one recv and one sendmsg for a cached page and nothing between.

#include "http/dispatcher.h"
#include "http/intake.h"
#include "http/peers.h"
#include "http/server_transport.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace http {

/// What all loops of a server share.
struct House {
    House(
        ServerSettings settings_, Router router_, Hooks hooks_, PageCache& cache_,
        const base::Clock& clock_);

    const ServerSettings settings;
    const Router router;
    const Hooks hooks;
    PageCache& cache;
    const base::Clock& clock;
    const TrustedProxies proxies;
    const Responder responder;
    Dispatcher dispatcher;
    ConnectionCounts counts;
    std::atomic<std::size_t> connections{0};
    std::unique_ptr<TlsContext> tls;
};

/// One client, whatever the transport. Lives and dies on its loop's thread.
class Connection {
public:
    virtual ~Connection() = default;
    /// `events` of epoll; 0: go on where the last turn ended.
    virtual void on_ready(std::uint32_t events) = 0;
    virtual void on_answer(std::unique_ptr<Exchange> exchange, Answer answer) = 0;
    virtual void sweep() = 0;
    /// The server stops: an idle connection closes, the others after their answer.
    virtual void on_stop() = 0;
    bool is_closed() const { return closed_; }

protected:
    bool closed_ = false;
};

class Loop {
public:
    Loop(House& house, int listener);
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop();

    /// Returns after stop() once the last connection is gone, or after abandon().
    void run();

    /// Thread-safe.
    void deliver(Work work, Answer answer);
    void stop();
    void abandon();
    bool is_done() const { return done_; }

    // For its connections, on its thread only.
    House& house() { return house_; }
    std::int64_t now_ms() const { return now_ms_; } // Steady, of this turn.
    base::Instant now() const { return now_; }
    bool is_stopping() const { return stopping_; }
    /// What ends every head: Date, Connection, Strict-Transport-Security, the empty line. Stable
    /// until the turn ends.
    std::string_view tail(bool closes, bool secure) const
    {
        return tails_[(closes ? 1U : 0U) + (secure ? 2U : 0U)];
    }
    /// Shared by all connections of the loop; whoever needs what is in it after its turn, copies
    /// it.
    static constexpr std::size_t scratch_size = 64U << 10;
    char* scratch() { return scratch_.get(); }
    Request& request() { return request_; }
    HeadParser& parser() { return parser_; }
    std::function<void(Work, Answer)>& delivery() { return delivery_; }
    /// Gives the connection another turn after the others had theirs.
    void again(std::uint64_t id) { again_.push_back(id); }

private:
    struct Delivered {
        Work work;
        Answer answer;
    };

    void accept_some();
    void admit(int descriptor, const Address& address);
    void take_turn(std::uint64_t id, std::uint32_t events);
    void take_delivered();
    void sweep();
    void tick();
    void wake();
    void close_listener();
    void pause_listener();

    House& house_;
    int epoll_;
    int wake_;
    int listener_;
    bool listener_paused_ = false;
    std::uint64_t next_id_ = 2; // 0 is the listener, 1 the wake-up.
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::vector<std::uint64_t> again_;

    std::unique_ptr<char[]> scratch_;
    Request request_;
    HeadParser parser_;
    std::array<std::string, 4> tails_;
    std::int64_t tails_second_ = -1;
    std::int64_t now_ms_ = 0;
    std::int64_t next_sweep_ms_ = 0;
    base::Instant now_;
    std::function<void(Work, Answer)> delivery_;
    bool stopping_ = false; // On this thread: stop_asked_ was heard.

    std::mutex mutex_;
    std::vector<Delivered> delivered_;
    std::atomic<bool> stop_asked_{false};
    std::atomic<bool> abandoned_{false};
    std::atomic<bool> done_{false};
};

/// Takes over the socket. Defined in server_session.cpp.
std::unique_ptr<Connection> make_connection(
    Loop& loop, std::uint64_t id, int descriptor, const Peer& peer);

} // namespace http
