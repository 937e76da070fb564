#include "http/response.h"

#include "base/assert.h"

#include <algorithm>

namespace http {

namespace {

bool is_safe_location(std::string_view location)
{
    const bool printable =
        std::all_of(location.begin(), location.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    const bool site_relative =
        location.starts_with("/") && !location.starts_with("//") && !location.starts_with("/\\");
    return printable
           && (site_relative || location.starts_with("https://")
               || location.starts_with("http://"));
}

Response of_type(std::string body, std::string_view type, int status)
{
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", type);
    response.body = std::move(body);
    return response;
}

} // namespace

Response& Response::with_header(std::string name, std::string value) &
{
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
}

Response&& Response::with_header(std::string name, std::string value) &&
{
    headers.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

Response html(std::string body, int status)
{
    return of_type(std::move(body), "text/html; charset=utf-8", status);
}

Response text(std::string body, int status)
{
    return of_type(std::move(body), "text/plain; charset=utf-8", status);
}

Response xml(std::string body, std::string_view type)
{
    return of_type(std::move(body), type, 200);
}

Response no_content()
{
    Response response;
    response.status = 204;
    return response;
}

Response redirect(std::string location, int status)
{
    VERIFY(is_safe_location(location));
    VERIFY(status == 301 || status == 302 || status == 303);
    Response response;
    response.status = status;
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

} // namespace http
