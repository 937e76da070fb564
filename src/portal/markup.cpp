#include "portal/markup.h"

namespace portal {

void append_escaped(std::string& out, std::string_view text)
{
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char* replacement = nullptr;
        switch (text[i]) {
        case '&': replacement = "&amp;"; break;
        case '<': replacement = "&lt;"; break;
        case '>': replacement = "&gt;"; break;
        case '"': replacement = "&quot;"; break;
        case '\'': replacement = "&#39;"; break;
        default: continue;
        }
        out.append(text, start, i - start);
        out += replacement;
        start = i + 1;
    }
    out.append(text, start);
}

std::string escaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    append_escaped(out, text);
    return out;
}

bool is_safe_address(std::string_view address)
{
    for (const char c : address) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == '\\')
            return false;
    }
    const auto colon = address.find(':');
    const auto first_mark = address.find_first_of("/?#");
    if (colon == std::string_view::npos
        || (first_mark != std::string_view::npos && first_mark < colon))
        return true;
    std::string scheme;
    for (const char c : address.substr(0, colon))
        scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return scheme == "http" || scheme == "https" || scheme == "mailto" || scheme == "tel";
}

std::string percent_encoded(std::string_view text)
{
    static constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

namespace {
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
} // namespace

std::string shortened(std::string_view text, std::size_t length_max)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_continuation(text[i]))
            continue;
        if (count++ == length_max)
            return std::string(text.substr(0, i)) + "…";
    }
    return std::string(text);
}

std::size_t character_count(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += is_continuation(c) ? 0U : 1U;
    return count;
}

} // namespace portal
