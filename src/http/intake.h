#pragma once

// From a parsed head and the bytes behind it to a Request. Runs on the I/O threads; knows no
// sockets.

#include "http/exchange.h"
#include "http/multipart.h"
#include "http/parser.h"
#include "http/peers.h"

#include <memory>
#include <string>
#include <string_view>

namespace http {

/// What the connection knows of its peer.
struct Peer {
    Address address;
    std::string address_text;
    bool secure = false;
    bool loopback = false;
    bool trusted = false; // A proxy of ours.
};

/// Fills `request`, whose old contents are overwritten and whose memory is used again. Returns 0,
/// or the status of the refusal: 400 for a target that can't be trusted, 405 and 501 for methods.
int fill_request(
    const Head& head, const Peer& peer, const TrustedProxies& proxies, Request& request);

/// Takes in a body as it comes and puts it into exchange.request.
class BodyIntake {
public:
    /// Requires: exchange.route. When the body is refused unread, says so in `exchange` at once.
    BodyIntake(const Head& head, Exchange& exchange, const std::string& spool_directory);

    enum class Status { NeedMore, Done, Refused };

    /// Consumes from `input`. Refused: exchange.refusal or exchange.broken says why, and what is
    /// left of the body is not to be trusted.
    Status feed(std::string_view& input, Exchange& exchange);

    std::uint64_t received() const { return received_; }
    /// 0 when it is not known in advance.
    std::uint64_t announced() const { return announced_; }

private:
    Status take(std::string_view piece, Exchange& exchange);
    Status finish(Exchange& exchange);
    Status refuse(Exchange& exchange, const base::Error& error);
    Status refuse_length(Exchange& exchange);

    bool chunked_;
    ChunkReader chunks_;
    std::uint64_t announced_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t bytes_max_ = 0;
    bool urlencoded_ = false;
    std::unique_ptr<MultipartReader> multipart_;
};

} // namespace http
