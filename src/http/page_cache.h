#pragma once

// Whole answers kept in memory: head and body ready to be sent, plain, gzip and brotli, with a
// strong ETag, tagged with what they show. Looked up on the I/O loop. Thread-safe. Bounded in bytes
// (least recently used go first).

#include "http/response.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace http {

class PageCache {
public:
    explicit PageCache(std::size_t bytes_max);
    ~PageCache();

    /// One encoding of one page.
    struct Variant {
        std::string head; // Status line and headers up to, not including, Connection and Date.
        std::string body; // Empty: this encoding is not worth it.
        std::string etag; // Each encoding has its own: they differ byte by byte.
        std::string not_modified_head; // 304, up to the same place as `head`.
    };
    struct Page {
        int status = 200;
        Variant plain;
        Variant gzip;
        Variant brotli;
    };

    std::shared_ptr<const Page> find(std::string_view key) const;

    /// Whether this very page is what find() would give. Counts as neither hit nor miss.
    bool holds(std::string_view key, const Page& page) const;

    /// Taken before a page is rendered, handed in with the page: if one of its tags was dropped in
    /// between, the page is answered but not kept, for it may show the state of before.
    using Ticket = std::uint64_t;
    Ticket take_ticket() const;

    /// Requires: response.caching, no file. Returns the page as it is to be sent. Each compressible
    /// body is compressed here, by the caller's thread, before any lock is taken.
    std::shared_ptr<const Page> put(std::string_view key, const Response& response, Ticket ticket);

    /// Forgets every page that carries one of the tags.
    void drop(const std::vector<std::string>& tags);
    void drop_all();

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::uint64_t rendered = 0; // put() calls
        std::uint64_t dropped = 0;  // Pages forgotten by drop().
        std::size_t pages = 0;
        std::size_t bytes = 0;
    };
    Counters counters() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace http
