#include "publish/intake/damage.h"

#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace intake {
namespace {

using What = Concern::What;

/// A damaged text has thousands of spots; a person needs the first ones and the number.
constexpr std::size_t SPOTS_MAX = 50;
/// Closer than this in bytes, two garbled signs are one spot.
constexpr std::size_t ONE_SPOT = 36;
/// A proper name or a quotation has a few traditional characters; a converted text is full of them.
constexpr std::size_t TRADITIONAL_LEAST = 20;
constexpr std::size_t READING_BYTES_MAX = 14;

bool is_bopomofo(char32_t c) { return c >= 0x3105 && c <= 0x312F; }
bool is_private_use(char32_t c) { return c >= 0xE000 && c <= 0xF8FF; }

bool is_chinese_mark(char32_t c)
{
    return (c >= 0x3001 && c <= 0x3011) || c == 0xFF01 || c == 0xFF0C || c == 0xFF1B || c == 0xFF1A
           || c == 0xFF1F || c == 0xFF08 || c == 0xFF09;
}

/// A vowel with a tone mark, as pinyin has.
bool is_toned(char32_t c)
{
    return (c >= 0xE0 && c <= 0xFC && c != 0xF7) || (c >= 0x100 && c <= 0x17F)
           || (c >= 0x1CD && c <= 0x1DC);
}

bool is_latin(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// One comma or stop that another one follows: ",," ",、" "，。".
bool is_doubled_mark(char32_t first, char32_t second)
{
    if (first != ',' && first != 0xFF0C)
        return false;
    return second == ',' || second == 0xFF0C || second == 0x3001 || second == 0x3002
           || second == 0xFF1B;
}

/// Common characters whose simplified form differs, so that none of them occurs in a simplified
/// text by right. Frequency list of official prose, cut where one more changes no verdict.
constexpr std::u32string_view TRADITIONAL =
    U"國務辦發關於進認為應會對開報這個說們來時實現與產業縣區門網點體話電學號條級據經濟設"
    U"單位員構數據機組織總統領導議決責該規範圍優環歷屬聯絡質責嚴監檢查評價獎勵錄標準貫徹";

bool is_traditional(char32_t c)
{
    // The list above is written for the eye and holds a few characters that are the same in both.
    constexpr std::u32string_view SAME = U"位于個据查決成";
    return TRADITIONAL.find(c) != std::u32string_view::npos
           && SAME.find(c) == std::u32string_view::npos;
}

/// The length of "(rèn)" at `at`, or 0.
std::size_t reading_length(std::string_view text, std::size_t at)
{
    std::size_t end = at + 1;
    bool toned = false;
    while (end < text.size() && end - at <= READING_BYTES_MAX) {
        const auto point = text::decode_utf8(text, end);
        if (point.value == ')')
            return toned && end > at + 1 ? end + 1 - at : 0;
        if (!is_latin(point.value) && !is_toned(point.value))
            return 0;
        toned = toned || is_toned(point.value);
        end += point.length;
    }
    return 0;
}

struct Scan {
    std::vector<std::size_t> garbled;
    std::optional<std::size_t> first_doubled, first_reading, first_traditional;
    std::size_t garbled_total = 0, doubled = 0, readings = 0, traditional = 0, han = 0;

    void garble(std::size_t at)
    {
        if (!garbled.empty() && at - last_garbled_ < ONE_SPOT) {
            last_garbled_ = at;
            return;
        }
        last_garbled_ = at;
        ++garbled_total;
        if (garbled.size() < SPOTS_MAX)
            garbled.push_back(at);
    }

private:
    std::size_t last_garbled_ = 0;
};

void count(std::optional<std::size_t>& first, std::size_t& total, std::size_t at)
{
    if (!first)
        first = at;
    ++total;
}

/// "?" where a character was lost: before a Chinese mark, a phonetic sign, or another "?".
bool is_lost_character(char32_t c, char32_t next)
{
    return c == '?'
           && (is_chinese_mark(next) || is_bopomofo(next) || is_private_use(next) || next == '?'
               || next == text::REPLACEMENT_CHARACTER);
}

Scan scan(std::string_view text)
{
    Scan found;
    char32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto point = text::decode_utf8(text, at);
        const auto c = point.value;
        const auto after = at + point.length;
        const char32_t next = after < text.size() ? text::decode_utf8(text, after).value : 0;
        if (c == '(' && text::is_han(before)) {
            if (const auto length = reading_length(text, at); length > 0) {
                count(found.first_reading, found.readings, at);
                at += length;
                before = ')';
                continue;
            }
        }
        if (c == text::REPLACEMENT_CHARACTER || is_bopomofo(c) || is_private_use(c)
            || is_lost_character(c, next) || (is_toned(c) && text::is_han(before)))
            found.garble(at);
        if (is_doubled_mark(c, next))
            count(found.first_doubled, found.doubled, at);
        if (text::is_han(c))
            ++found.han;
        if (is_traditional(c))
            count(found.first_traditional, found.traditional, at);
        before = c;
        at = after;
    }
    return found;
}

void add_masked(std::string_view text, std::vector<Concern>& concerns)
{
    for (const std::string_view mask : {"[email protected]", "[email\xC2\xA0protected]"}) {
        auto at = text.find(mask);
        while (at != std::string_view::npos && concerns.size() < 4 * SPOTS_MAX) {
            concerns.push_back(Concern{
                What::MaskedText, at, excerpt_at(text, at),
                "网页隐藏了这里的电子邮箱，复制时没有带出，请核对原文后补上。"});
            at = text.find(mask, at + mask.size());
        }
    }
}

} // namespace

std::string excerpt_at(std::string_view text, std::size_t offset)
{
    constexpr std::size_t BEFORE = 10;
    constexpr std::size_t AFTER = 14;
    offset = std::min(offset, text.size());
    const auto line_start = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
    auto start = offset;
    for (std::size_t i = 0; i < BEFORE && start > line_start; ++i) {
        --start;
        while (start > line_start && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U)
            --start;
    }
    const auto tail = text.substr(offset, text.find('\n', offset) - offset);
    return std::string(text.substr(start, offset - start))
           + std::string(text::truncate_code_points(tail, AFTER));
}

std::vector<Concern> find_damage(std::string_view text)
{
    const auto found = scan(text);
    std::vector<Concern> concerns;
    const auto add = [&](What what, std::size_t where, std::string message) {
        concerns.push_back(Concern{what, where, excerpt_at(text, where), std::move(message)});
    };
    for (const auto at : found.garbled)
        add(What::DamagedText, at, "这里有丢失或者错乱的文字，请对照原件补正。");
    if (found.garbled_total > found.garbled.size())
        add(What::DamagedText, found.garbled.back(),
            fmt::format("全文共有{}处错乱文字，这里之后的没有逐一列出。", found.garbled_total));
    if (found.first_reading)
        add(What::Readings, *found.first_reading,
            fmt::format("文字后面夹带了拼音，全文共{}处，请清理后再使用。", found.readings));
    if (found.first_doubled)
        add(What::DoubledMarks, *found.first_doubled,
            fmt::format("标点重复，全文共{}处，请对照原件改正。", found.doubled));
    // A document in simplified characters that quotes an old name stays far below one in fifty.
    if (found.traditional >= TRADITIONAL_LEAST && found.traditional * 50 > found.han)
        add(What::TraditionalText, *found.first_traditional,
            "全文是繁体字，请核对是不是误转换的页面；发布前应当使用规范汉字原文。");
    add_masked(text, concerns);
    return concerns;
}

} // namespace intake
