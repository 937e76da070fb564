#pragma once

// A browser of one connection for the benchmarks: asks, waits for the whole answer.

#include <cstdint>
#include <string>

namespace bench {

class Client {
public:
    /// Throws std::runtime_error when nothing listens, here and in get().
    explicit Client(std::uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    struct Answer {
        int status = 0;
        std::string body;
    };
    /// `host` without port: "yunling.localhost".
    Answer get(const std::string& host, const std::string& path);

private:
    void connect();
    void send(const std::string& request);
    bool receive(std::string& into);

    std::uint16_t port_;
    int socket_ = -1;
};

/// A word as it stands in a query.
std::string percent_encoded(const std::string& text);

} // namespace bench
