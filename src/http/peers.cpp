#include "http/peers.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <stdexcept>

namespace http {

namespace {

constexpr std::array<unsigned char, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

Address counted_as(Address address)
{
    if (!address.is_v4())
        std::fill(address.bytes.begin() + 8, address.bytes.end(), static_cast<unsigned char>(0));
    return address;
}

} // namespace

bool Address::is_v4() const
{
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
}

bool Address::is_loopback() const
{
    if (is_v4())
        return bytes[12] == 127;
    Address loopback;
    loopback.bytes[15] = 1;
    return *this == loopback;
}

std::optional<Address> address_from(std::string_view text)
{
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    const std::string terminated(text);
    Address address;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1)
        return address;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + 12) == 1)
        return address;
    return std::nullopt;
}

std::string to_string(const Address& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = address.is_v4();
    ::inet_ntop(
        v4 ? AF_INET : AF_INET6, address.bytes.data() + (v4 ? 12 : 0), text.data(),
        static_cast<socklen_t>(text.size()));
    return text.data();
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& addresses)
{
    for (const auto& text : addresses) {
        const auto address = address_from(text);
        if (!address)
            throw std::runtime_error(fmt::format("http.trusted_proxies: “{}”不是 IP 地址", text));
        addresses_.push_back(*address);
    }
}

bool TrustedProxies::has(const Address& address) const
{
    return std::find(addresses_.begin(), addresses_.end(), address) != addresses_.end();
}

Address TrustedProxies::client_of(const Address& peer, std::string_view forwarded_for) const
{
    auto client = peer;
    while (has(client) && !forwarded_for.empty()) {
        const auto comma = forwarded_for.rfind(',');
        auto last = forwarded_for.substr(comma == std::string_view::npos ? 0 : comma + 1);
        forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
        while (last.starts_with(' '))
            last.remove_prefix(1);
        while (last.ends_with(' '))
            last.remove_suffix(1);
        const auto address = address_from(last);
        if (!address)
            return client;
        client = *address;
    }
    return client;
}

bool ConnectionCounts::take(const Address& address, std::size_t most)
{
    const std::lock_guard lock(mutex_);
    auto& count = counts_[counted_as(address)];
    if (most != 0 && count >= most)
        return false;
    ++count;
    return true;
}

void ConnectionCounts::give_back(const Address& address)
{
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(counted_as(address));
    if (found != counts_.end() && --found->second == 0)
        counts_.erase(found);
}

} // namespace http
