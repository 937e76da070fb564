#include "http/url.h"

#include <cstdint>

namespace http {

namespace {

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// The byte of %XX at `at`, or -1.
int escaped_byte(std::string_view raw, std::size_t at)
{
    if (at + 2 >= raw.size())
        return -1;
    const int high = hex_digit(raw[at + 1]);
    const int low = hex_digit(raw[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Length of the well-formed sequence at `text`, 0 when there is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text)
{
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const auto first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = first == 0xED && byte(1) > 0x9F;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && byte(1) < 0x90;
        const bool too_high = first == 0xF4 && byte(1) > 0x8F;
        return follows(1) && follows(2) && follows(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

bool has_confusing_segment(std::string_view path)
{
    std::size_t at = 1;
    while (at <= path.size()) {
        const auto end = std::min(path.find('/', at), path.size());
        const auto segment = path.substr(at, end - at);
        if (segment == "." || segment == ".." || (segment.empty() && end != path.size()))
            return true;
        at = end + 1;
    }
    return false;
}

bool decode_form_text(std::string_view raw, std::string& text)
{
    text.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '+') {
            text += ' ';
            continue;
        }
        if (raw[i] != '%') {
            text += raw[i];
            continue;
        }
        const int byte = escaped_byte(raw, i);
        if (byte < 0)
            return false;
        text += static_cast<char>(byte);
        i += 2;
    }
    return text.find('\0') == std::string::npos && is_utf8(text);
}

} // namespace

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool decode_path(std::string_view raw, std::string& path)
{
    path.clear();
    if (!raw.starts_with('/'))
        return false;
    bool ascii = true;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        int byte = static_cast<unsigned char>(raw[i]);
        if (byte == '%') {
            byte = escaped_byte(raw, i);
            if (byte == '/' || byte == '\\' || byte == '.')
                return false;
            i += 2;
        }
        if (byte < 0x20 || byte == 0x7F || byte == '\\')
            return false;
        ascii = ascii && byte < 0x80;
        path += static_cast<char>(byte);
    }
    return (ascii || is_utf8(path)) && !has_confusing_segment(path);
}

bool decode_pairs(std::string_view raw, std::size_t count_max, Pairs& pairs)
{
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty())
            continue;
        if (pairs.size() == count_max)
            return false;
        const auto equals = std::min(pair.find('='), pair.size());
        auto& [name, value] = pairs.emplace_back();
        if (!decode_form_text(pair.substr(0, equals), name))
            return false;
        if (equals < pair.size() && !decode_form_text(pair.substr(equals + 1), value))
            return false;
    }
    return true;
}

std::optional<std::string> percent_decoded(std::string_view raw)
{
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '%') {
            text += raw[i];
            continue;
        }
        const int byte = escaped_byte(raw, i);
        if (byte < 0)
            return std::nullopt;
        text += static_cast<char>(byte);
        i += 2;
    }
    return text;
}

} // namespace http
