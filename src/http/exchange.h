#pragma once

// One request on its way through the house and the answer to it. This is what workers do: guard,
// handler, error page, and everything an answer needs before it goes over the wire. No sockets.

#include "base/clock.h"
#include "http/encoding.h"
#include "http/page_cache.h"
#include "http/route.h"
#include "http/server.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace http {

struct Exchange {
    Request request;
    const Route* route = nullptr;         // None: `refusal` says why.
    std::optional<std::string> cache_key; // None: not for the cache.
    std::optional<base::Error> refusal;   // Found while the request came in.
    int refusal_status = 0;
    std::string allowed;       // For 405.
    std::exception_ptr broken; // A breakdown while the request came in.
    bool closes = false;       // The connection can't be used after the answer.
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange(); // Removes the uploads nobody moved away.

    void refuse(int status, std::string code, std::string message);
};

/// An open file, closed with its last owner.
class OpenFile {
public:
    /// Throws std::system_error when it can't be opened or is not a regular file.
    explicit OpenFile(const std::string& path);
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile();

    int descriptor() const { return descriptor_; }
    std::uint64_t size() const { return size_; }
    base::Instant modified() const { return modified_; }
    /// From size and time of change, to the nanosecond.
    std::string etag() const;

private:
    int descriptor_;
    std::uint64_t size_ = 0;
    base::Instant modified_;
    std::int64_t modified_nanos_ = 0;
};

/// What goes over the wire: either a page of the cache, or head and body of its own.
struct Answer {
    int status = 200;
    std::shared_ptr<const PageCache::Page> page;
    bool kept = false; // The page is in the cache.
    std::string head;  // As in head.h.
    std::string body;
    std::shared_ptr<OpenFile> file; // Instead of `body`.
    std::uint64_t file_offset = 0;
    std::uint64_t file_length = 0;
};

/// The encoding of a page a client takes, and whether it has it already.
struct Chosen {
    const PageCache::Variant* variant = nullptr;
    bool not_modified = false;
};
Chosen choose(const PageCache::Page& page, const Request& request);

/// Turns exchanges into answers. Thread-safe.
class Responder {
public:
    Responder(const Hooks& hooks, PageCache& cache)
        : hooks_(hooks)
        , cache_(cache)
    {
    }

    /// Never throws: a breakdown is an answer, too.
    Answer answer(Exchange& exchange) const;

    /// The answer when there is no request to show: malformed, too slow, too many. Plain text.
    static Answer bare(int status);

private:
    Response respond(Exchange& exchange) const;
    Response handled(Exchange& exchange) const;
    Response error_page(const Exchange& exchange, int status, const base::Error& error) const;
    Response incident(const Exchange& exchange, const std::exception* what) const;
    Answer unsendable(const Exchange& exchange, const std::exception* what) const;
    Answer finish(const Exchange& exchange, Response response, PageCache::Ticket ticket) const;

    const Hooks& hooks_;
    PageCache& cache_;
};

/// Wraps up a response without the cache: validators, ranges, compression.
Answer wrapped(const Request& request, Response response);

} // namespace http
