#include "db/placeholders.h"

#include "db/values.h"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>

namespace db {
namespace {

std::size_t after(std::string_view sql, std::string_view mark, std::size_t from)
{
    const auto at = sql.find(mark, from);
    return at == std::string_view::npos ? sql.size() : at + mark.size();
}

// Comments nest, as in the standard.
std::size_t end_of_comment(std::string_view sql, std::size_t at)
{
    int depth = 0;
    while (at < sql.size()) {
        const auto mark = sql.substr(at, 2);
        const bool opens = mark == "/*";
        const bool closes = mark == "*/";
        depth += opens ? 1 : closes ? -1 : 0;
        at += opens || closes ? 2 : 1;
        if (depth == 0)
            break;
    }
    return std::min(at, sql.size());
}

// Where the quote or comment that begins at `at` ends; `at` when none does. A doubled quote ends
// one text and begins the next, which comes to the same.
std::size_t end_of_literal(std::string_view sql, std::size_t at)
{
    if (sql[at] == '\'' || sql[at] == '"')
        return after(sql, sql.substr(at, 1), at + 1);
    if (sql.substr(at, 2) == "--")
        return after(sql, "\n", at);
    if (sql.substr(at, 2) == "/*")
        return end_of_comment(sql, at);
    return at;
}

} // namespace

std::string with_numbered_parameters(std::string_view sql, const std::vector<Value>& arguments)
{
    std::string out;
    out.reserve(sql.size() + arguments.size() * 2);
    std::size_t seen = 0;
    int number = 0;
    for (std::size_t at = 0; at < sql.size();) {
        const auto end = end_of_literal(sql, at);
        if (end != at) {
            out += sql.substr(at, end - at);
            at = end;
            continue;
        }
        if (sql[at] != '?')
            out += sql[at];
        else if (seen < arguments.size() && std::holds_alternative<std::nullptr_t>(arguments[seen]))
            out += "NULL";
        else
            out += fmt::format("${}", ++number);
        seen += sql[at] == '?' ? 1 : 0;
        ++at;
    }
    if (seen != arguments.size()) {
        const auto message =
            fmt::format("{} arguments for {} parameters: {}", arguments.size(), seen, excerpt(sql));
        throw Failure(Failure::Kind::Other, message);
    }
    return out;
}

} // namespace db
