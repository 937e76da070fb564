// Answers outside the page cache: conditional requests, ranges of files, compression for one.

#include "http/exchange.h"
#include "http/head.h"

#include <charconv>
#include <fmt/format.h>

namespace http {

namespace {

/// RFC 9110 §8.4 and nginx's habit: below this a coding is not worth the time.
constexpr std::size_t compressed_once_min = 1024;

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t length = 0;
};

enum class RangeVerdict { Whole, Part, Unsatisfiable };

bool read_number(std::string_view text, std::uint64_t& number)
{
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return !text.empty() && text[0] >= '0' && text[0] <= '9' && parsed.ec == std::errc()
           && parsed.ptr == end;
}

/// One range (RFC 9110 §14.1.2). What can't be read, and several at once, mean the whole.
RangeVerdict read_range(std::string_view header, std::uint64_t size, ByteRange& range)
{
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit))
        return RangeVerdict::Whole;
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos)
        return RangeVerdict::Whole;
    const auto from = header.substr(0, dash);
    const auto to = header.substr(dash + 1);
    std::uint64_t last = size == 0 ? 0 : size - 1;
    if (from.empty()) {
        std::uint64_t suffix = 0;
        if (!read_number(to, suffix))
            return RangeVerdict::Whole;
        range.length = std::min(suffix, size);
        range.first = size - range.length;
        return range.length == 0 ? RangeVerdict::Unsatisfiable : RangeVerdict::Part;
    }
    if (!read_number(from, range.first))
        return RangeVerdict::Whole;
    std::uint64_t asked = last;
    if (!to.empty() && (!read_number(to, asked) || asked < range.first))
        return RangeVerdict::Whole;
    if (range.first >= size)
        return RangeVerdict::Unsatisfiable;
    range.length = std::min(asked, last) - range.first + 1;
    return RangeVerdict::Part;
}

bool is_unchanged_since(const Request& request, std::string_view last_modified)
{
    const auto since = request.header("if-modified-since");
    if (!since || last_modified.empty())
        return false;
    const auto asked = base::http_date_from(*since);
    const auto is = base::http_date_from(last_modified);
    return asked && is && *is <= *asked;
}

/// RFC 9110 §13.2.2: If-None-Match, when there is one, is the only word.
bool is_not_modified(const Request& request, const Response& response, std::string_view etag)
{
    if (response.status != 200 || (request.method != Method::Get && request.method != Method::Head))
        return false;
    if (const auto known = request.header("if-none-match"))
        return names_etag(*known, etag);
    return is_unchanged_since(request, header_of(response, "last-modified"));
}

bool may_range(const Request& request, std::string_view etag, std::string_view last_modified)
{
    if (request.method != Method::Get)
        return false;
    const auto condition = request.header("if-range");
    return !condition || *condition == etag || *condition == last_modified;
}

std::string with_suffix(std::string_view etag, std::string_view suffix)
{
    if (etag.size() < 2 || etag.back() != '"')
        return std::string(etag);
    return std::string(etag.substr(0, etag.size() - 1)).append(suffix).append("\"");
}

Answer head_only_answer(int status, std::string head)
{
    Answer answer;
    answer.status = status;
    answer.head = std::move(head);
    return answer;
}

Answer wrapped_file(const Request& request, Response response)
{
    auto file = std::make_shared<OpenFile>(response.file->path);
    HeadFacts facts;
    std::string etag(header_of(response, "etag"));
    if (etag.empty())
        etag = file->etag();
    if (header_of(response, "last-modified").empty())
        response.with_header("Last-Modified", base::to_http_date(file->modified()));
    const auto last_modified = header_of(response, "last-modified");
    facts.etag = etag;
    facts.cache_control = "private, no-cache";
    facts.accepts_ranges = true;
    if (is_not_modified(request, response, etag))
        return head_only_answer(304, not_modified_head_of(response, facts));

    ByteRange range{0, file->size()};
    std::string content_range;
    const auto asked = request.header("range");
    if (asked && response.status == 200 && may_range(request, etag, last_modified)) {
        ByteRange part;
        const auto verdict = read_range(*asked, file->size(), part);
        if (verdict == RangeVerdict::Unsatisfiable) {
            content_range = fmt::format("bytes */{}", file->size());
            Response refused;
            refused.status = 416;
            HeadFacts refused_facts;
            refused_facts.content_length = 0;
            refused_facts.content_range = content_range;
            return head_only_answer(416, head_of(refused, refused_facts));
        }
        if (verdict == RangeVerdict::Part) {
            range = part;
            response.status = 206;
            content_range = fmt::format(
                "bytes {}-{}/{}", part.first, part.first + part.length - 1, file->size());
        }
    }
    facts.content_range = content_range;
    facts.content_length = range.length;
    auto answer = head_only_answer(response.status, head_of(response, facts));
    answer.file = std::move(file);
    answer.file_offset = range.first;
    answer.file_length = range.length;
    return answer;
}

bool has_no_body(int status) { return status == 204 || status == 304; }

} // namespace

Answer wrapped(const Request& request, Response response)
{
    if (response.file)
        return wrapped_file(request, std::move(response));
    HeadFacts facts;
    const std::string etag(header_of(response, "etag"));
    // The browser may keep what has a validator, for this person; nothing else of a dynamic answer.
    facts.cache_control = etag.empty() ? "no-store" : "private, no-cache";
    facts.varies_by_encoding = response.body.size() >= compressed_once_min
                               && header_of(response, "content-encoding").empty()
                               && is_compressible(header_of(response, "content-type"));
    for (const auto* const suffix : {"", "-gz", "-br"}) {
        const auto own = with_suffix(etag, suffix);
        facts.etag = own;
        if (is_not_modified(request, response, own))
            return head_only_answer(304, not_modified_head_of(response, facts));
    }
    const auto accepted = facts.varies_by_encoding
                              ? accepted_encodings(request.header("accept-encoding").value_or(""))
                              : Accepted();
    std::string own = etag;
    if (accepted.brotli) {
        response.body = brotli(response.body, brotli_quality_once);
        facts.content_encoding = "br";
        own = with_suffix(etag, "-br");
    } else if (accepted.gzip) {
        response.body = gzip(response.body, gzip_level_once);
        facts.content_encoding = "gzip";
        own = with_suffix(etag, "-gz");
    }
    facts.etag = own;
    if (!has_no_body(response.status))
        facts.content_length = response.body.size();
    auto answer = head_only_answer(response.status, head_of(response, facts));
    if (!has_no_body(response.status))
        answer.body = std::move(response.body);
    return answer;
}

} // namespace http
