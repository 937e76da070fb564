#include "http/head.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace http {

namespace {

struct Default {
    std::string_view name; // In lower case.
    std::string_view line;
};

/// promises.md §4.5; a handler that knows better sets the header itself.
constexpr std::array<Default, 6> security_headers{{
    {"content-security-policy",
     "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
     "img-src 'self' https:; font-src 'self'; connect-src 'self'; media-src 'self'; "
     "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'\r\n"},
    {"x-content-type-options", "X-Content-Type-Options: nosniff\r\n"},
    {"referrer-policy", "Referrer-Policy: strict-origin-when-cross-origin\r\n"},
    {"x-frame-options", "X-Frame-Options: SAMEORIGIN\r\n"},
    {"permissions-policy", "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"},
    {"cross-origin-opener-policy", "Cross-Origin-Opener-Policy: same-origin\r\n"},
}};

bool is_token(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
               || c == '-' || c == '_';
    });
}

bool is_value(std::string_view value)
{
    return std::all_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
    });
}

/// Requires: `expected` is in lower case.
bool same_name(std::string_view name, std::string_view expected)
{
    return name.size() == expected.size()
           && std::equal(name.begin(), name.end(), expected.begin(), [](char a, char b) {
                  return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
              });
}

/// These are http/'s own; a handler's word on them would contradict the wire.
bool is_ours(std::string_view name)
{
    for (const auto* const ours :
         {"content-length", "transfer-encoding", "connection", "date", "content-encoding",
          "content-range", "accept-ranges", "vary", "etag", "strict-transport-security"}) {
        if (same_name(name, ours))
            return true;
    }
    return false;
}

void add_line(std::string& head, std::string_view name, std::string_view value)
{
    if (!is_token(name) || !is_value(value))
        throw std::runtime_error(fmt::format("Response header {} can't be sent", name));
    head.append(name).append(": ").append(value).append("\r\n");
}

std::string status_line(int status)
{
    return fmt::format("HTTP/1.1 {} {}\r\n", status, reason_of(status));
}

void add_vary(std::string& head, const Response& response, const HeadFacts& facts)
{
    std::string vary(header_of(response, "vary"));
    if (facts.varies_by_encoding)
        vary += vary.empty() ? "Accept-Encoding" : ", Accept-Encoding";
    if (!vary.empty())
        add_line(head, "Vary", vary);
}

void add_cache_control(std::string& head, const Response& response, const HeadFacts& facts)
{
    if (!facts.cache_control.empty() && header_of(response, "cache-control").empty())
        add_line(head, "Cache-Control", facts.cache_control);
}

} // namespace

std::string head_of(const Response& response, const HeadFacts& facts)
{
    auto head = status_line(response.status);
    for (const auto& [name, value] : response.headers) {
        if (!is_ours(name))
            add_line(head, name, value);
    }
    if (facts.content_length)
        head += fmt::format("Content-Length: {}\r\n", *facts.content_length);
    if (!facts.content_encoding.empty())
        add_line(head, "Content-Encoding", facts.content_encoding);
    if (!facts.content_range.empty())
        add_line(head, "Content-Range", facts.content_range);
    if (facts.accepts_ranges)
        head += "Accept-Ranges: bytes\r\n";
    if (!facts.etag.empty())
        add_line(head, "ETag", facts.etag);
    add_vary(head, response, facts);
    add_cache_control(head, response, facts);
    for (const auto& standard : security_headers) {
        if (header_of(response, standard.name).empty())
            head += standard.line;
    }
    return head;
}

std::string not_modified_head_of(const Response& response, const HeadFacts& facts)
{
    auto head = status_line(304);
    for (const auto* const name :
         {"Cache-Control", "Content-Location", "Expires", "Last-Modified"}) {
        std::string lower(name);
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        const auto value = header_of(response, lower);
        if (!value.empty())
            add_line(head, name, value);
    }
    if (!facts.etag.empty())
        add_line(head, "ETag", facts.etag);
    add_vary(head, response, facts);
    add_cache_control(head, response, facts);
    for (const auto& standard : security_headers)
        head += header_of(response, standard.name).empty() ? standard.line : "";
    return head;
}

std::string_view header_of(const Response& response, std::string_view lower_case_name)
{
    for (const auto& [name, value] : response.headers) {
        if (same_name(name, lower_case_name))
            return value;
    }
    return {};
}

std::string etag_of(std::string_view body, std::string_view suffix)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data());
    std::string etag = "\"";
    for (std::size_t i = 0; i < 16; ++i)
        etag += fmt::format("{:02x}", digest.at(i));
    return etag.append(suffix).append("\"");
}

bool names_etag(std::string_view if_none_match, std::string_view etag)
{
    if (etag.empty())
        return false;
    if (etag.starts_with("W/"))
        etag.remove_prefix(2);
    while (!if_none_match.empty()) {
        const auto start = if_none_match.find_first_not_of(" \t,");
        if (start == std::string_view::npos)
            return false;
        if_none_match.remove_prefix(start);
        if (if_none_match.front() == '*')
            return true;
        if (if_none_match.starts_with("W/"))
            if_none_match.remove_prefix(2);
        if (!if_none_match.starts_with('"'))
            return false;
        const auto close = if_none_match.find('"', 1);
        if (close == std::string_view::npos)
            return false;
        if (if_none_match.substr(0, close + 1) == etag)
            return true;
        if_none_match.remove_prefix(close + 1);
    }
    return false;
}

std::string_view reason_of(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Unknown";
    }
}

} // namespace http
