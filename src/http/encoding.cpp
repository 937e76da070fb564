#include "http/encoding.h"

#include "base/assert.h"

#include <brotli/encode.h>
#include <stdexcept>
#include <zlib.h>

namespace http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Requires: `expected` is in lower case.
bool same(std::string_view text, std::string_view expected)
{
    if (text.size() != expected.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (lower(text[i]) != expected[i])
            return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// ";q=0", ";q=0.0", ";q=0.000".
bool is_refused(std::string_view parameters)
{
    const auto q = trimmed(parameters);
    if (q.size() < 3 || lower(q[0]) != 'q' || q[1] != '=')
        return false;
    return q.find_first_not_of("0.", 2) == std::string_view::npos;
}

} // namespace

std::string gzip(std::string_view text, int level)
{
    constexpr int window_bits_of_gzip = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, window_bits_of_gzip, 8, Z_DEFAULT_STRATEGY)
        != Z_OK)
        throw std::runtime_error("zlib can't start: out of memory?");
    std::string result(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    // zlib's interface predates const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    const int ended = deflate(&stream, Z_FINISH);
    result.resize(stream.total_out);
    deflateEnd(&stream);
    VERIFY(ended == Z_STREAM_END);
    return result;
}

std::string brotli(std::string_view text, int quality)
{
    std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
    std::string result(size, '\0');
    const auto done = BrotliEncoderCompress(
        quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
        reinterpret_cast<std::uint8_t*>(result.data()));
    VERIFY(done == BROTLI_TRUE);
    result.resize(size);
    return result;
}

bool is_compressible(std::string_view content_type)
{
    std::string type;
    for (const char c : trimmed(content_type.substr(0, content_type.find(';'))))
        type += lower(c);
    return type.starts_with("text/") || type.ends_with("+xml") || type.ends_with("+json")
           || type == "application/json" || type == "application/xml"
           || type == "application/javascript" || type == "application/manifest+json";
}

Accepted accepted_encodings(std::string_view header)
{
    Accepted accepted;
    while (!header.empty()) {
        const auto end = std::min(header.find(','), header.size());
        const auto item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto semicolon = std::min(item.find(';'), item.size());
        const auto coding = trimmed(item.substr(0, semicolon));
        const bool is_gzip = same(coding, "gzip") || same(coding, "x-gzip");
        const bool is_brotli = same(coding, "br");
        if (!is_gzip && !is_brotli)
            continue;
        const bool taken = semicolon == item.size() || !is_refused(item.substr(semicolon + 1));
        (is_gzip ? accepted.gzip : accepted.brotli) = taken;
    }
    return accepted;
}

} // namespace http
