#include "db/values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>

namespace db {
namespace {

unsigned byte_at(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

// The length of the well-formed sequence at `at`, 0 if it is none (table 3-7 of the Unicode
// standard: no overlong form, no surrogate, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    const unsigned lead = byte_at(text, at);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, at + i) & 0xC0) != 0x80)
            return 0;
    }
    const unsigned second = byte_at(text, at + 1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    return overlong || outside ? 0 : length;
}

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto length = sequence_length(text, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

} // namespace

void require_storable(const std::vector<Value>& arguments)
{
    for (const auto& argument : arguments) {
        if (const auto* text = std::get_if<std::string>(&argument)) {
            if (text->find('\0') != std::string::npos)
                throw Failure(Failure::Kind::Constraint, "a text to be stored holds a NUL");
            if (!is_utf8(*text))
                throw Failure(Failure::Kind::Constraint, "a text to be stored is not UTF-8");
        } else if (const auto* real = std::get_if<double>(&argument); real && std::isnan(*real)) {
            throw Failure(Failure::Kind::Constraint, "a number to be stored is NaN");
        }
    }
}

std::string storable_excerpt(std::string_view text, std::size_t bytes_max)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = text[at] == '\0' ? 0 : sequence_length(text, at);
        if (out.size() + std::max<std::size_t>(length, 1) > bytes_max)
            break;
        out += length == 0 ? std::string_view("?") : text.substr(at, length);
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

void require_distinct(const std::vector<std::string>& columns, std::string_view sql)
{
    for (auto column = columns.begin(); column != columns.end(); ++column) {
        if (std::find(std::next(column), columns.end(), *column) != columns.end()) {
            const auto message = fmt::format("two columns named {}: {}", *column, excerpt(sql));
            throw Failure(Failure::Kind::Other, message);
        }
    }
}

std::string with_types(std::string_view script, std::string_view id, std::string_view blob)
{
    std::string out;
    while (!script.empty()) {
        const auto at = script.find("{{");
        out += script.substr(0, at);
        if (at == std::string_view::npos)
            break;
        script.remove_prefix(at);
        if (script.starts_with("{{id}}")) {
            out += id;
            script.remove_prefix(6);
        } else if (script.starts_with("{{blob}}")) {
            out += blob;
            script.remove_prefix(8);
        } else {
            throw Failure(Failure::Kind::Other, "unknown {{…}} in a script: " + excerpt(script));
        }
    }
    return out;
}

std::string for_dialect(std::string_view script, std::string_view dialect)
{
    constexpr std::string_view end_mark = "{{end}}";
    std::string out;
    while (true) {
        const auto at = std::min(script.find("{{sqlite}}"), script.find("{{postgresql}}"));
        out += script.substr(0, at);
        if (at == std::string_view::npos)
            return out;
        script.remove_prefix(at + 2);
        const auto name = script.substr(0, script.find("}}"));
        const auto end = script.find(end_mark);
        if (end == std::string_view::npos)
            throw Failure(Failure::Kind::Other, "no {{end}} in a script: " + excerpt(script));
        const auto section = script.substr(name.size() + 2, end - name.size() - 2);
        if (name == dialect)
            out += section;
        script.remove_prefix(end + end_mark.size());
    }
}

std::uint64_t fingerprint(std::string_view text)
{
    std::uint64_t digest = 0xcbf29ce484222325;
    for (const char c : text) {
        digest ^= static_cast<unsigned char>(c);
        digest *= 0x100000001b3;
    }
    return digest;
}

std::string excerpt(std::string_view sql)
{
    constexpr std::size_t excerpt_max = 160;
    std::string out;
    for (const char c : sql.substr(0, excerpt_max)) {
        const bool blank = c == ' ' || c == '\n' || c == '\t';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (sql.size() > excerpt_max)
        out += " ...";
    return out;
}

} // namespace db
