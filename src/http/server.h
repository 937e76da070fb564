#pragma once

// The HTTP/1.1 server. Asynchronous inside: I/O threads accept, parse, time out, answer from the
// page cache and spool uploads; everything else runs as an ordinary function on a pool of workers.

#include "base/clock.h"
#include "http/page_cache.h"
#include "http/route.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace http {

/// Limits of `promises.md` §4.5 and §6; each is a setting under [http].
struct Limits {
    std::size_t header_bytes_max = 16 << 10;
    std::size_t header_count_max = 100;
    std::size_t target_bytes_max = 8 << 10;
    std::size_t connections_max = 20'000;
    std::size_t connections_per_address_max = 2'000; // 0: none. Loopback is exempt.
    std::size_t queue_max = 1'024; // Requests waiting for a worker; more get 503 + Retry-After.
    std::chrono::seconds header_timeout{15};
    std::chrono::seconds body_timeout{30}; // Between two pieces; and in all size / 16 KiB/s more.
    std::chrono::seconds idle_timeout{60};
    std::chrono::seconds write_timeout{30}; // Without progress.
    std::chrono::seconds stop_timeout{5};
};

struct ServerSettings {
    std::string address = "127.0.0.1"; // "::" listens on IPv4 and IPv6.
    std::uint16_t port = 8080;         // 0: any free one, see Server::port().
    int io_threads = 0;                // 0: one per core.
    int workers = 0;                   // 0: 2 + 2 per core.
    std::string spool_directory;       // For uploads; must exist.
    std::string certificate_file;      // PEM; empty: no TLS.
    std::string private_key_file;
    std::vector<std::string>
        trusted_proxies; // Addresses whose X-Forwarded-For/-Proto are believed.
    Limits limits;
};

/// A breakdown as it is told to the client; the incident number is added.
struct Breakdown {
    int status = 500;
    std::string code = "http.incident";
    std::string message; // In Simplified Chinese: what the person can do.
};

/// What the program plugs in. Any may be left empty.
struct Hooks {
    /// Authenticates the request and checks the route's access; fills request.actor. Runs on a
    /// worker before the handler of every non-public route, and of public routes with a session
    /// cookie. Also refuses requests without a valid CSRF token.
    std::function<base::Result<>(Request&, const Route&)> guard;
    /// The cache key of a GET/HEAD request, or nullopt when the answer may not come from the cache
    /// (a session cookie, a query that is not cacheable). Runs on an I/O thread: quick, no I/O.
    std::function<std::optional<std::string>(const Request&)> cache_key;
    /// An error as a page or as problem+json, by the request's Accept and path. Never throws.
    std::function<Response(const Request&, int status, const base::Error&)> error_page;
    /// What an exception of a handler means to the client (a full disk 507, a busy database 503),
    /// or nothing: then it is 500. Either way it is logged under an incident number.
    std::function<std::optional<Breakdown>(const std::exception&)> failure;
    /// Called for every finished request, for the access log and the meters.
    std::function<void(const Request&, int status, std::size_t bytes, std::chrono::microseconds)>
        finished;
};

class Server {
public:
    Server(ServerSettings, Router, Hooks, PageCache&, const base::Clock&);
    ~Server();

    /// Binds and serves on threads of its own. Throws std::runtime_error with a sentence for the
    /// administrator when the port is taken or the certificate can't be read.
    void start();
    std::uint16_t port() const;

    /// Accepts no more, lets requests under way finish (limits.stop_timeout at most), closes.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace http
