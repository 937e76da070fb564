#pragma once

// HTTP/1.1 messages from bytes (RFC 9112), strictly. Whatever two servers in a chain could read
// differently is refused and the connection closed: there is nothing to smuggle. Knows no sockets.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace http {

struct HeadLimits {
    std::size_t bytes_max = 16U << 10; // Request line and fields together.
    std::size_t count_max = 100;
    std::size_t target_max = 8U << 10;
};

/// What the head of a request says. The views point into the bytes given to HeadParser::feed.
struct Head {
    struct Field {
        std::string_view name; // In lower case.
        std::string_view value;
    };

    std::string_view method;
    std::string_view target; // Origin form, or "*".
    int minor_version = 1;   // HTTP/1.0 or HTTP/1.1.
    std::vector<Field> fields;

    std::string_view host; // Without port; letters as they came.
    std::uint16_t port = 0;
    bool keep_alive = true;
    bool chunked = false;
    bool has_length = false;
    std::uint64_t content_length = 0;
    bool expects_continue = false;

    bool has_body() const { return chunked || content_length > 0; }
};

/// Reads one head at a time. Give feed() all bytes since the end of the message before, however
/// often; they may have moved in memory. Each byte is looked at a bounded number of times.
class HeadParser {
public:
    explicit HeadParser(HeadLimits limits)
        : limits_(limits)
    {
    }

    enum class Status { NeedMore, Done, Refused };

    /// Turns field names to lower case in place.
    Status feed(char* data, std::size_t size);

    /// Requires: Done. Bytes of the head; the body starts there.
    std::size_t consumed() const { return consumed_; }
    const Head& head() const { return head_; }

    /// Requires: Refused. The status to answer: 400, 414, 417, 431, 501 or 505.
    int refusal() const { return refusal_; }

    /// Makes ready for the next message.
    void reset();

private:
    Status refuse(int status);
    bool check_start(std::string_view bytes);
    bool find_end(std::string_view bytes);
    bool read_request_line(std::string_view line);
    bool read_target(std::string_view target);
    bool read_field(char* line, std::size_t size);
    bool note_field(const Head::Field& field);
    bool note_length(std::string_view value);
    bool note_connection(std::string_view value);
    bool read_host(std::string_view value);
    bool check_framing();

    HeadLimits limits_;
    Head head_;
    std::string_view absolute_authority_; // Of a target in absolute form.
    const char* checked_at_ = nullptr;    // Where the request line lay when it was read.
    std::size_t line_start_ = 0;          // Lines before it are complete.
    std::size_t first_line_end_ = 0;
    std::size_t consumed_ = 0;
    int refusal_ = 0;
    int host_count_ = 0;
    bool has_encoding_ = false;
    bool connection_close_ = false;
    bool connection_keep_ = false;
};

/// Reads a chunked body (RFC 9112 §7.1). Extensions and trailer fields are checked and dropped.
class ChunkReader {
public:
    enum class Status { NeedMore, Done, Refused };

    /// Consumes from `input` and gives the next piece of data out of it, which is empty when there
    /// is none or the body has ended.
    std::string_view next(std::string_view& input);
    Status status() const { return status_; }

private:
    enum class Stage {
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        LastLineFeed,
    };

    void read_framing(char c);
    void read_size(char c);
    void read_trailer(char c);
    void refuse() { status_ = Status::Refused; }
    void expect(char c, char wanted, Stage next);

    Stage stage_ = Stage::Size;
    Status status_ = Status::NeedMore;
    std::uint64_t left_ = 0; // Of the chunk.
    std::size_t digits_ = 0;
    std::size_t extension_bytes_ = 0;
    std::size_t trailer_bytes_ = 0;
};

} // namespace http
