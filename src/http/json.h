#pragma once

// JSON in and out, on Boost.JSON. Costs a second of compile time: for api.cpp files, not headers.

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

namespace json = boost::json;

Response json_response(const json::value& value, int status = 200);

/// The request's body as a JSON object. Refuses with http.not_json (wrong content type, not JSON,
/// not an object, nested deeper than 32, invalid UTF-8), naming the place.
base::Result<json::object> json_body(const Request& request);

/// Reads fields of an object and collects what does not fit, so that a form is told everything at
/// once. After the last field call finish().
class FieldReader {
public:
    explicit FieldReader(const json::object& object)
        : object_(object)
    {
    }

    /// Absent, null or of another type counts as an error for `need_`, as absent for `find_` unless
    /// present with another type. Text is trimmed of nothing; lengths are in Unicode code points.
    std::string need_text(std::string_view name, std::size_t length_max);
    std::optional<std::string> find_text(std::string_view name, std::size_t length_max);
    std::int64_t need_integer(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<std::int64_t> find_integer(
        std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<bool> find_flag(std::string_view name);
    /// An array, or empty when absent.
    const json::array& find_array(std::string_view name, std::size_t size_max);
    const json::object* find_object(std::string_view name);

    void complain(std::string_view field, std::string message);

    /// Refuses with `code` and every complaint when there was one.
    base::Result<> finish(std::string code) const;

private:
    const json::object& object_;
    std::vector<base::FieldError> errors_;
};

} // namespace http
