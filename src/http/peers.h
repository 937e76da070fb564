#pragma once

// Who is at the other end: addresses, proxies whose word counts, and how many connections each
// address may have.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

/// An IPv6 address; IPv4 is mapped into it (::ffff:a.b.c.d).
struct Address {
    std::array<unsigned char, 16> bytes{};

    friend auto operator<=>(const Address&, const Address&) = default;
    bool is_loopback() const;
    bool is_v4() const;
};

/// "192.0.2.7", "2001:db8::1", "[2001:db8::1]"; nothing else, no names, no ports.
std::optional<Address> address_from(std::string_view text);
std::string to_string(const Address&);

/// Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
class TrustedProxies {
public:
    /// Throws std::runtime_error when one is not an address.
    explicit TrustedProxies(const std::vector<std::string>& addresses);

    bool has(const Address& address) const;

    /// The client behind the chain: the last address in X-Forwarded-For that is not one of ours.
    /// `peer` itself when the peer is not trusted or the header says nothing that is an address.
    Address client_of(const Address& peer, std::string_view forwarded_for) const;

private:
    std::vector<Address> addresses_;
};

/// Counts open connections by address (IPv6: by /64, which one household has). Thread-safe.
class ConnectionCounts {
public:
    /// False: this address has `most` already. 0: no limit.
    bool take(const Address& address, std::size_t most);
    void give_back(const Address& address);

private:
    std::mutex mutex_;
    std::map<Address, std::size_t> counts_;
};

} // namespace http
