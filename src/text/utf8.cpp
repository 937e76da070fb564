#include "text/utf8.h"

#include <array>
#include <cstdint>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace text {

namespace {

/// What a lead byte promises: the length of the sequence and the range of its second byte (table
/// 3-7 of the Unicode Standard).
struct Lead {
    std::uint8_t length;
    std::uint8_t second_min;
    std::uint8_t second_max;
};

constexpr Lead lead_of(std::uint8_t byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return {2, 0x80, 0xBF};
    if (byte == 0xE0)
        return {3, 0xA0, 0xBF};
    if (byte == 0xED)
        return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF)
        return {3, 0x80, 0xBF};
    if (byte == 0xF0)
        return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3)
        return {4, 0x80, 0xBF};
    if (byte == 0xF4)
        return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

constexpr auto make_leads()
{
    std::array<Lead, 256> leads{};
    for (std::size_t byte = 0; byte < leads.size(); ++byte)
        leads[byte] = lead_of(static_cast<std::uint8_t>(byte));
    return leads;
}

constexpr auto LEADS = make_leads();

std::uint8_t byte_at(std::string_view bytes, std::size_t offset)
{
    return static_cast<std::uint8_t>(bytes[offset]);
}

/// Bytes that are plain ASCII from `offset` on, eight at a time.
std::size_t skip_ascii(std::string_view bytes, std::size_t offset)
{
    constexpr std::uint64_t HIGH_BITS = 0x8080808080808080ULL;
    while (offset + 8 <= bytes.size()) {
        std::uint64_t word = 0;
        __builtin_memcpy(&word, bytes.data() + offset, 8);
        if ((word & HIGH_BITS) != 0)
            break;
        offset += 8;
    }
    while (offset < bytes.size() && byte_at(bytes, offset) < 0x80)
        ++offset;
    return offset;
}

template <typename Function>
void each_code_point(std::string_view utf8, Function&& function)
{
    for (std::size_t offset = 0; offset < utf8.size();) {
        const auto point = decode_utf8(utf8, offset);
        function(point.value);
        offset += point.length;
    }
}

} // namespace

CodePoint decode_utf8(std::string_view bytes, std::size_t offset)
{
    const auto first = byte_at(bytes, offset);
    if (first < 0x80)
        return {first, 1, true};
    const auto lead = LEADS[first];
    if (lead.length == 0)
        return {REPLACEMENT_CHARACTER, 1, false};
    char32_t value = first & (0xFFU >> (lead.length + 1U));
    for (std::size_t index = 1; index < lead.length; ++index) {
        if (offset + index >= bytes.size())
            return {REPLACEMENT_CHARACTER, index, false};
        const auto byte = byte_at(bytes, offset + index);
        const auto least = index == 1 ? lead.second_min : 0x80;
        const auto most = index == 1 ? lead.second_max : 0xBF;
        if (byte < least || byte > most)
            return {REPLACEMENT_CHARACTER, index, false};
        value = (value << 6U) | (byte & 0x3FU);
    }
    return {value, lead.length, true};
}

std::optional<std::size_t> find_invalid_utf8(std::string_view bytes)
{
    for (std::size_t offset = skip_ascii(bytes, 0); offset < bytes.size();) {
        const auto point = decode_utf8(bytes, offset);
        if (!point.valid)
            return offset;
        offset += point.length;
        if (offset < bytes.size() && byte_at(bytes, offset) < 0x80)
            offset = skip_ascii(bytes, offset);
    }
    return std::nullopt;
}

bool is_valid_utf8(std::string_view bytes) { return !find_invalid_utf8(bytes).has_value(); }

std::string replace_invalid_utf8(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size());
    while (const auto bad = find_invalid_utf8(bytes)) {
        result.append(bytes.substr(0, *bad));
        result.append(REPLACEMENT_UTF8);
        bytes.remove_prefix(*bad + decode_utf8(bytes, *bad).length);
    }
    result.append(bytes);
    return result;
}

void append_utf8(std::string& to, char32_t code_point)
{
    if (code_point < 0x80) {
        to += static_cast<char>(code_point);
        return;
    }
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = REPLACEMENT_CHARACTER;
    const auto tail = [&](unsigned shift) {
        to += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
    };
    if (code_point < 0x800) {
        to += static_cast<char>(0xC0U | (code_point >> 6U));
    } else if (code_point < 0x10000) {
        to += static_cast<char>(0xE0U | (code_point >> 12U));
        tail(6);
    } else {
        to += static_cast<char>(0xF0U | (code_point >> 18U));
        tail(12);
        tail(6);
    }
    tail(0);
}

std::string utf8_from(std::u32string_view code_points)
{
    std::string result;
    for (const auto point : code_points)
        append_utf8(result, point);
    return result;
}

std::u32string to_code_points(std::string_view utf8)
{
    std::u32string result;
    result.reserve(utf8.size() / 2);
    each_code_point(utf8, [&](char32_t point) { result += point; });
    return result;
}

std::size_t count_code_points(std::string_view utf8)
{
    std::size_t count = 0;
    for (const char byte : utf8)
        count += (static_cast<std::uint8_t>(byte) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

std::string_view truncate_code_points(std::string_view utf8, std::size_t code_points_max)
{
    std::size_t offset = 0;
    for (std::size_t count = 0; count < code_points_max && offset < utf8.size(); ++count)
        offset += decode_utf8(utf8, offset).length;
    return utf8.substr(0, offset);
}

std::string_view truncate_bytes(std::string_view utf8, std::size_t bytes_max)
{
    if (utf8.size() <= bytes_max)
        return utf8;
    while (bytes_max > 0 && (byte_at(utf8, bytes_max) & 0xC0U) == 0x80U)
        --bytes_max;
    return utf8.substr(0, bytes_max);
}

bool is_storable(char32_t code_point)
{
    if (code_point < 0x20)
        return code_point == '\t' || code_point == '\n';
    if (code_point < 0xA0)
        return code_point < 0x7F;
    if ((code_point >= 0x202A && code_point <= 0x202E)
        || (code_point >= 0x2066 && code_point <= 0x2069))
        return false;
    if (code_point >= 0xD800 && code_point <= 0xDFFF)
        return false;
    if (code_point >= 0xFDD0 && code_point <= 0xFDEF)
        return false;
    return (code_point & 0xFFFEU) != 0xFFFEU && code_point <= 0x10FFFF;
}

std::string normalise_controls(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size());
    for (std::size_t offset = 0; offset < bytes.size();) {
        const auto point = decode_utf8(bytes, offset);
        if (point.value == '\r') {
            result += '\n';
            offset += offset + 1 < bytes.size() && bytes[offset + 1] == '\n' ? 2 : 1;
            continue;
        }
        if (point.valid && is_storable(point.value))
            result.append(bytes.substr(offset, point.length));
        else
            result.append(REPLACEMENT_UTF8);
        offset += point.length;
    }
    return result;
}

std::string to_nfc(std::string_view utf8)
{
    std::string result;
    UErrorCode status = U_ZERO_ERROR;
    const auto* normaliser = icu::Normalizer2::getNFCInstance(status);
    const auto clean = replace_invalid_utf8(utf8);
    if (U_FAILURE(status) != 0)
        return clean;
    icu::StringByteSink<std::string> sink(&result);
    normaliser->normalizeUTF8(
        0, icu::StringPiece(clean.data(), static_cast<std::int32_t>(clean.size())), sink, nullptr,
        status);
    return U_FAILURE(status) != 0 ? clean : result;
}

char32_t half_width(char32_t code_point)
{
    if (code_point >= 0xFF01 && code_point <= 0xFF5E)
        return code_point - 0xFF01 + 0x21;
    return code_point == 0x3000 ? U' ' : code_point;
}

std::string to_half_width(std::string_view utf8)
{
    std::string result;
    result.reserve(utf8.size());
    each_code_point(utf8, [&](char32_t point) { append_utf8(result, half_width(point)); });
    return result;
}

std::string to_full_width(std::string_view utf8)
{
    std::string result;
    result.reserve(utf8.size() * 3);
    each_code_point(utf8, [&](char32_t point) {
        if (point > 0x20 && point < 0x7F)
            point = point - 0x21 + 0xFF01;
        append_utf8(result, point == U' ' ? char32_t{0x3000} : point);
    });
    return result;
}

std::string to_lower_ascii(std::string_view utf8)
{
    std::string result(utf8);
    for (auto& byte : result)
        if (byte >= 'A' && byte <= 'Z')
            byte = static_cast<char>(byte + ('a' - 'A'));
    return result;
}

bool is_han(char32_t code_point)
{
    if (code_point < 0x3005)
        return false;
    return (code_point >= 0x4E00 && code_point <= 0x9FFF)
           || (code_point >= 0x3400 && code_point <= 0x4DBF) || code_point == 0x3005
           || code_point == 0x3007 || (code_point >= 0xF900 && code_point <= 0xFAFF)
           || (code_point >= 0x20000 && code_point <= 0x323AF);
}

bool is_blank(char32_t code_point)
{
    if (code_point <= 0x20)
        return true;
    return code_point == 0xA0 || code_point == 0x3000 || code_point == 0xFEFF
           || (code_point >= 0x2000 && code_point <= 0x200B) || code_point == 0x2028
           || code_point == 0x2029 || code_point == 0x202F || code_point == 0x205F;
}

std::string_view trim(std::string_view utf8)
{
    while (!utf8.empty()) {
        const auto point = decode_utf8(utf8, 0);
        if (!is_blank(point.value))
            break;
        utf8.remove_prefix(point.length);
    }
    while (!utf8.empty()) {
        auto last = utf8.size() - 1;
        while (last > 0 && utf8.size() - last < 4 && (byte_at(utf8, last) & 0xC0U) == 0x80U)
            --last;
        if (!is_blank(decode_utf8(utf8, last).value))
            break;
        utf8.remove_suffix(utf8.size() - last);
    }
    return utf8;
}

} // namespace text
