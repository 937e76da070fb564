#include "text/charset.h"

#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <utility>

namespace text {

namespace {

using Label = std::pair<std::string_view, Charset>;

// The labels of the Encoding Standard for the encodings that Chinese sources use.
constexpr std::array LABELS = {
    Label{"unicode-1-1-utf-8", Charset::Utf8},
    Label{"unicode11utf8", Charset::Utf8},
    Label{"unicode20utf8", Charset::Utf8},
    Label{"utf-8", Charset::Utf8},
    Label{"utf8", Charset::Utf8},
    Label{"x-unicode20utf8", Charset::Utf8},
    Label{"chinese", Charset::Gb18030},
    Label{"csgb2312", Charset::Gb18030},
    Label{"csiso58gb231280", Charset::Gb18030},
    Label{"gb2312", Charset::Gb18030},
    Label{"gb_2312", Charset::Gb18030},
    Label{"gb_2312-80", Charset::Gb18030},
    Label{"gbk", Charset::Gb18030},
    Label{"iso-ir-58", Charset::Gb18030},
    Label{"x-gbk", Charset::Gb18030},
    Label{"gb18030", Charset::Gb18030},
    Label{"big5", Charset::Big5},
    Label{"big5-hkscs", Charset::Big5},
    Label{"cn-big5", Charset::Big5},
    Label{"csbig5", Charset::Big5},
    Label{"x-x-big5", Charset::Big5},
    Label{"csunicode", Charset::Utf16Le},
    Label{"iso-10646-ucs-2", Charset::Utf16Le},
    Label{"ucs-2", Charset::Utf16Le},
    Label{"unicode", Charset::Utf16Le},
    Label{"unicodefeff", Charset::Utf16Le},
    Label{"utf-16", Charset::Utf16Le},
    Label{"utf-16le", Charset::Utf16Le},
    Label{"unicodefffe", Charset::Utf16Be},
    Label{"utf-16be", Charset::Utf16Be},
    Label{"ansi_x3.4-1968", Charset::Windows1252},
    Label{"ascii", Charset::Windows1252},
    Label{"cp1252", Charset::Windows1252},
    Label{"iso-8859-1", Charset::Windows1252},
    Label{"latin1", Charset::Windows1252},
    Label{"us-ascii", Charset::Windows1252},
    Label{"windows-1252", Charset::Windows1252},
    Label{"x-cp1252", Charset::Windows1252},
    Label{"iso8859-1", Charset::Windows1252},
    Label{"l1", Charset::Windows1252},
};

/// How much of a text is looked at to judge whether it is Chinese.
constexpr std::size_t SAMPLE_CHARACTERS = 4000;

const char* converter_name(Charset charset)
{
    switch (charset) {
    case Charset::Utf8: return "UTF-8";
    case Charset::Gb18030: return "gb18030";
    case Charset::Big5: return "Big5-HKSCS";
    case Charset::Utf16Le: return "UTF-16LE";
    case Charset::Utf16Be: return "UTF-16BE";
    case Charset::Windows1252: return "windows-1252";
    }
    return "UTF-8";
}

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

void note_damage(Decoded& decoded)
{
    ++decoded.damaged;
    if (decoded.positions.size() < DAMAGE_POSITIONS_MAX)
        decoded.positions.push_back(decoded.text.size());
    decoded.text += REPLACEMENT_UTF8;
}

/// Appends UTF-16; a surrogate without its partner is damage. `high` carries one over to the next
/// call.
void append_utf16(Decoded& decoded, const UChar* from, const UChar* to, char32_t& high)
{
    for (; from < to; ++from) {
        const char32_t unit = *from;
        const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
        if (high != 0 && low) {
            append_utf8(decoded.text, 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00));
            high = 0;
            continue;
        }
        if (high != 0 || low)
            note_damage(decoded);
        high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
        if (high == 0 && !low)
            append_utf8(decoded.text, unit);
    }
}

void decode_by_converter(Decoded& decoded, std::string_view bytes)
{
    UErrorCode status = U_ZERO_ERROR;
    const Converter converter(ucnv_open(converter_name(decoded.used), &status));
    if (U_FAILURE(status) != 0)
        throw std::runtime_error(
            "The ICU converter is missing: " + std::string(u_errorName(status)));
    ucnv_setToUCallBack(
        converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    std::array<UChar, 4096> units{};
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    char32_t high = 0;
    while (true) {
        status = U_ZERO_ERROR;
        UChar* target = units.data();
        ucnv_toUnicode(
            converter.get(), &target, units.data() + units.size(), &source, end, nullptr, 1,
            &status);
        append_utf16(decoded, units.data(), target, high);
        if (status == U_BUFFER_OVERFLOW_ERROR)
            continue;
        if (U_FAILURE(status) != 0) {
            note_damage(decoded);
            // The trail byte of a broken pair may be the next character: "<" must not be swallowed.
            std::array<char, 8> invalid{};
            auto length = static_cast<std::int8_t>(invalid.size());
            UErrorCode ignored = U_ZERO_ERROR;
            ucnv_getInvalidChars(converter.get(), invalid.data(), &length, &ignored);
            const bool swallowed =
                length > 1 && source > bytes.data()
                && static_cast<std::uint8_t>(invalid[static_cast<std::size_t>(length) - 1]) < 0x80;
            if (swallowed && decoded.used != Charset::Utf16Le && decoded.used != Charset::Utf16Be)
                --source;
            ucnv_resetToUnicode(converter.get());
            if (source < end)
                continue;
        }
        break;
    }
    if (high != 0)
        note_damage(decoded);
}

void decode_utf8_bytes(Decoded& decoded, std::string_view bytes)
{
    while (const auto bad = find_invalid_utf8(bytes)) {
        decoded.text += bytes.substr(0, *bad);
        note_damage(decoded);
        bytes.remove_prefix(*bad + decode_utf8(bytes, *bad).length);
    }
    decoded.text += bytes;
}

/// Damaged UTF-8 keeps its shape: three bytes in a row that fit, again and again, are no accident.
/// In other encodings of Chinese they are about one in fifty.
bool is_mostly_utf8(std::string_view bytes)
{
    std::size_t fitting = 0;
    std::size_t broken = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto point = decode_utf8(bytes, at);
        fitting += point.valid && point.length >= 3 ? 1 : 0;
        broken += point.valid ? 0 : 1;
        at += point.length;
    }
    return fitting >= 2 && fitting > broken;
}

/// How little a text looks like Chinese: damage counts most, then private and rare characters.
double implausibility(const Decoded& decoded)
{
    std::size_t characters = 0;
    double points = 0;
    for (std::size_t at = 0; at < decoded.text.size() && characters < SAMPLE_CHARACTERS;
         ++characters) {
        const auto point = decode_utf8(decoded.text, at);
        at += point.length;
        const auto value = point.value;
        if (value == REPLACEMENT_CHARACTER || value == 0)
            points += 10;
        else if (value < 0x20 && value != '\n' && value != '\r' && value != '\t')
            points += 5;
        else if (value >= 0xE000 && value <= 0xF8FF)
            points += 3; // Private use: what a wrong table yields.
        else if (
            value > 0x9F && !is_han(value) && !(value >= 0x2010 && value <= 0x30FF)
            && !(value >= 0xFF00 && value <= 0xFFEF))
            points += 1;
        else if (value >= 0x3400 && value <= 0x4DBF)
            points += 0.5;
    }
    return characters == 0 ? 0 : points / static_cast<double>(characters);
}

/// The commonest characters of Chinese, simplified and traditional: about one in five of any text.
constexpr std::u32string_view COMMON =
    U"的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    U"這為個國時來們對會發動過與務關於及通知市政府。，、：";

double common_share(const Decoded& decoded)
{
    std::size_t characters = 0;
    std::size_t common = 0;
    for (std::size_t at = 0; at < decoded.text.size() && characters < SAMPLE_CHARACTERS;) {
        const auto point = decode_utf8(decoded.text, at);
        at += point.length;
        if (point.value < 0x80)
            continue;
        ++characters;
        common += COMMON.find(point.value) != COMMON.npos ? 1 : 0;
    }
    return characters == 0 ? 0 : static_cast<double>(common) / static_cast<double>(characters);
}

std::optional<Decoded> decode_by_mark(std::string_view bytes)
{
    constexpr std::array<std::pair<std::string_view, Charset>, 4> marks = {
        {{"\xEF\xBB\xBF", Charset::Utf8},
         {"\xFE\xFF", Charset::Utf16Be},
         {"\xFF\xFE", Charset::Utf16Le},
         {"\x84\x31\x95\x33", Charset::Gb18030}}};
    for (const auto& [mark, charset] : marks)
        if (bytes.substr(0, mark.size()) == mark) {
            auto decoded = decode_as(bytes.substr(mark.size()), charset);
            decoded.by_mark = true;
            return decoded;
        }
    return std::nullopt;
}

/// ASCII in UTF-16 is every other byte zero; which one tells the order.
std::optional<Charset> utf16_by_zeros(std::string_view bytes)
{
    const auto sample =
        bytes.substr(0, std::min<std::size_t>(bytes.size(), 4096) & ~std::size_t{1});
    std::array<std::size_t, 2> zeros = {0, 0};
    for (std::size_t at = 0; at < sample.size(); ++at)
        zeros[at % 2] += sample[at] == '\0' ? 1 : 0;
    if (zeros[1] * 10 > sample.size() && zeros[0] * 10 < zeros[1])
        return Charset::Utf16Le;
    if (zeros[0] * 10 > sample.size() && zeros[1] * 10 < zeros[0])
        return Charset::Utf16Be;
    return std::nullopt;
}

/// Every candidate is decoded; the least damage and the most plausible Chinese wins.
Decoded decode_by_trial(std::string_view bytes, std::optional<Charset> declared)
{
    constexpr double label_bonus = 0.02; // In doubt the label is right.
    std::vector<Charset> candidates = {Charset::Utf8, Charset::Gb18030, Charset::Big5};
    if (declared && std::find(candidates.begin(), candidates.end(), *declared) == candidates.end())
        candidates.push_back(*declared);
    std::optional<Decoded> best;
    double least = 0;
    for (const auto candidate : candidates) {
        auto attempt = decode_as(bytes, candidate);
        const auto points = implausibility(attempt) - common_share(attempt)
                            - (declared == candidate ? label_bonus : 0.0);
        if (!best || points < least) {
            least = points;
            best = std::move(attempt);
        }
    }
    return std::move(*best);
}

} // namespace

std::string_view name_of(Charset charset)
{
    return charset == Charset::Big5 ? "Big5" : converter_name(charset);
}

std::optional<Charset> charset_from_label(std::string_view label)
{
    const auto wanted = to_lower_ascii(trim(label));
    for (const auto& [name, charset] : LABELS)
        if (name == wanted)
            return charset;
    return std::nullopt;
}

Decoded decode_as(std::string_view bytes, Charset charset)
{
    Decoded decoded;
    decoded.used = charset;
    decoded.text.reserve(bytes.size() + bytes.size() / 2);
    if (charset == Charset::Utf8)
        decode_utf8_bytes(decoded, bytes);
    else
        decode_by_converter(decoded, bytes);
    return decoded;
}

Decoded decode(std::string_view bytes, std::string_view label)
{
    const auto declared = charset_from_label(label);
    auto best = decode_by_mark(bytes);
    if (!best && utf16_by_zeros(bytes))
        best = decode_as(bytes, *utf16_by_zeros(bytes));
    if (!best && is_valid_utf8(bytes)) {
        best = decode_as(bytes, Charset::Utf8);
        // Plain ASCII is what every label says it is.
        if (declared && std::none_of(bytes.begin(), bytes.end(), [](char byte) { return byte < 0; })
            && *declared != Charset::Utf16Le && *declared != Charset::Utf16Be)
            best->used = *declared;
    }
    if (!best && is_mostly_utf8(bytes))
        best = decode_as(bytes, Charset::Utf8);
    if (!best)
        best = decode_by_trial(bytes, declared);
    best->declared = declared;
    return std::move(*best);
}

} // namespace text
