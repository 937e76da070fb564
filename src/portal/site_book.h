#pragma once

// The sites of the platform by host, with the facts that every page shows, kept in memory so that a
// page costs no query for them. Forgets what an event has changed. Thread-safe.

#include "portal/facts.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Database;
class Transaction;
struct Event;
} // namespace db

namespace portal {

/// The address that a request was sent to.
struct Host {
    std::string name;       // Lower case, without port.
    std::uint16_t port = 0; // 0: the scheme's own.
    bool loopback = false;  // The peer is on this machine.
};

class SiteBook {
public:
    explicit SiteBook(db::Database&);

    /// The site of a host, by its exact name. On loopback also "<code>.localhost", and "localhost"
    /// or an address show the first portal; links to other sites then stay on this machine.
    /// nullptr: no such site (421).
    std::shared_ptr<const SiteFacts> find(const Host&);

    /// To be called for every event before its tags are dropped from the page cache.
    void forget(const db::Event&);

private:
    struct Book; // Everything read at one time.
    std::shared_ptr<const Book> open();

    db::Database& database_;
    std::mutex mutex_;
    std::shared_ptr<const Book> book_;
    std::uint64_t generation_ = 0;
};

/// The facts as a reader on this machine needs them, where the real domains lead nowhere: whatever
/// leads to a site of this platform leads to <code>.localhost. `port` 0: the scheme's own.
SiteFacts kept_local(SiteFacts, std::uint16_t port);

/// Reads the facts of one site. `sites` are all sites of the platform.
SiteFacts load_site_facts(
    db::Transaction&, const site::Site&, const std::vector<site::Site>& sites);

} // namespace portal
