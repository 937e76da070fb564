#pragma once

// The head of an answer as it goes over the wire: status line, the handler's headers, and what
// http/ adds to every answer, errors included: length, validators, the security headers.

#include "http/response.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

/// What is known of the body besides what the handler said.
struct HeadFacts {
    std::optional<std::uint64_t> content_length; // None: 304 and 204 have none.
    std::string_view etag = {};                  // With its quotes; empty: none.
    std::string_view content_encoding = {};
    bool varies_by_encoding = false;
    std::string_view cache_control = {}; // Unless the handler set one.
    std::string_view content_range = {};
    bool accepts_ranges = false;
};

/// Up to, not including, Date, Connection and Strict-Transport-Security, which the connection adds,
/// and the empty line. Throws std::runtime_error when a header of the response has a name or value
/// that may not be sent (line ends above all).
std::string head_of(const Response& response, const HeadFacts& facts);

/// The same for 304 Not Modified: only what a cache needs.
std::string not_modified_head_of(const Response& response, const HeadFacts& facts);

/// A header of the response, by its name in lower case; empty when absent.
std::string_view header_of(const Response& response, std::string_view lower_case_name);

/// "\"" + 32 hex digits of SHA-256 of `body` + `suffix` + "\"".
std::string etag_of(std::string_view body, std::string_view suffix = {});

/// Whether an If-None-Match value names `etag`, compared weakly as RFC 9110 §13.1.2 has it.
bool names_etag(std::string_view if_none_match, std::string_view etag);

std::string_view reason_of(int status);

inline constexpr std::string_view strict_transport_security =
    "Strict-Transport-Security: max-age=31536000\r\n";

} // namespace http
