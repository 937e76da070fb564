#include "bench/client.h"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

Client::Client(std::uint16_t port)
    : port_(port)
{
    connect();
}

Client::~Client() { ::close(socket_); }

void Client::connect()
{
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error(fmt::format("nothing listens on port {}", port_));
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Client::send(const std::string& request)
{
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(request.size()))
        throw std::runtime_error("the connection broke while asking");
}

bool Client::receive(std::string& into)
{
    std::array<char, 64 << 10> piece;
    const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
    if (got <= 0)
        return false;
    into.append(piece.data(), static_cast<std::size_t>(got));
    return true;
}

Client::Answer Client::get(const std::string& host, const std::string& path)
{
    send(fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\n\r\n", path, host, port_));
    std::string answer;
    std::size_t head = std::string::npos;
    while ((head = answer.find("\r\n\r\n")) == std::string::npos) {
        if (!receive(answer))
            throw std::runtime_error("the connection ended before the answer to " + path);
    }
    head += 4;
    constexpr std::string_view name = "Content-Length: ";
    const auto length_at = answer.find(name);
    if (length_at == std::string::npos || length_at > head)
        throw std::runtime_error("no length in the answer to " + path);
    const auto length = std::strtoull(answer.c_str() + length_at + name.size(), nullptr, 10);
    while (answer.size() < head + length) {
        if (!receive(answer))
            throw std::runtime_error("the answer to " + path + " was cut");
    }
    return {std::atoi(answer.c_str() + 9), answer.substr(head)};
}

std::string percent_encoded(const std::string& text)
{
    std::string out;
    for (const char byte : text)
        out += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    return out;
}

} // namespace bench
