#pragma once

// One request, as a handler sees it: read whole, decoded, routed, authenticated and permitted.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class Method { Get, Head, Post, Put, Patch, Delete };
std::string_view to_string(Method);

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A file of a multipart form, spooled to disk while it came in. The file is deleted when the
/// request ends; a handler that keeps it moves it away.
struct Upload {
    std::string field;
    std::string file_name; // As the client called it: data for people, never a path.
    std::string content_type;
    std::string path; // Where it lies now.
    std::uint64_t size = 0;
};

struct Request {
    Method method = Method::Get;
    std::string target; // As it came: "/zcwj/?page=2".
    std::string path;   // Decoded UTF-8, no dot segments, no empty segments: "/zcwj/".
    Pairs query;        // Decoded, in order.
    Pairs headers;      // Names in lower case.
    std::string body;   // For anything but multipart; limited by the route.
    Pairs form;         // Fields of an urlencoded or multipart body.
    std::vector<Upload> uploads;
    std::string host;       // Lower case, without port: "www.yunling.example".
    std::uint16_t port = 0; // Port of the Host header; 0: none given.
    bool secure = false;    // Came by TLS, or a trusted proxy says so.
    bool loopback = false;  // The peer itself is on a loopback address.
    Pairs parameters;       // {id} of the route's pattern.
    base::Actor actor;      // Filled by the guard; nobody on public routes.
    base::Instant now;

    /// Values of repeated names: the first. Absent: nullopt.
    std::optional<std::string_view> header(std::string_view lower_case_name) const;
    std::optional<std::string_view> query_value(std::string_view name) const;
    std::optional<std::string_view> form_value(std::string_view name) const;
    std::optional<std::string_view> cookie(std::string_view name) const;

    /// Requires: the route's pattern has {name}.
    std::string_view parameter(std::string_view name) const;

    /// The {name} of the pattern as an id. Refuses with http.bad_id (shown as 404: an id that is
    /// not one does not exist).
    template <typename Id>
    base::Result<Id> id(std::string_view name) const
    {
        const auto text = parameter(name);
        Id id;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id.value);
        if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && id.value > 0)
            return id;
        return base::refuse(base::Error::Kind::NotFound, "http.bad_id", "没有这个编号");
    }

    /// ?name=17 as a number within [least, most]; `otherwise` when absent. Refuses with
    /// http.bad_number.
    base::Result<std::int64_t> query_number(
        std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;
};

} // namespace http
