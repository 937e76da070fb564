#pragma once

// What a handler answers. http/ adds length, date, connection, compression, ETag and the security
// headers of the route's zone; a handler sets only what it knows better.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

/// A file on disk to be sent instead of `body`; Range requests are answered.
struct FileBody {
    std::string path;
    std::uint64_t size = 0;
};

/// Asks the server to keep the answer and give it to everybody until one of `tags` is dropped.
struct Caching {
    std::vector<std::string> tags; // "site:3", "column:17", "item:240"
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<FileBody> file;
    std::optional<Caching> caching;

    Response& with_header(std::string name, std::string value) &;
    Response&& with_header(std::string name, std::string value) &&;
};

Response html(std::string body, int status = 200);
Response text(std::string body, int status = 200);
Response xml(std::string body, std::string_view type = "application/xml; charset=utf-8");
Response no_content();

/// 303 (see other), 301 (moved for ever) or 302. Requires: `location` is site-relative ("/…", not
/// "//…") or comes from configuration.
Response redirect(std::string location, int status = 303);

} // namespace http
