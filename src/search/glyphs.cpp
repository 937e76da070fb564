#include "search/glyphs.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <unicode/translit.h>
#include <unicode/unistr.h>

namespace search {
namespace {

constexpr char32_t broken = 0;

/// The value of a continuation byte, or a negative number.
int continuation(std::string_view text, std::size_t at)
{
    if (at >= text.size())
        return -1;
    const auto byte = static_cast<unsigned char>(text[at]);
    return (byte & 0xc0) == 0x80 ? byte & 0x3f : -1;
}

bool is_letter(char32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0x24f && c != 0xf7) // Latin
           || (c >= 0x370 && c <= 0x52f)                                    // Greek, Cyrillic
           || (c >= 0x600 && c <= 0x6ff)                                    // Arabic (Uyghur)
           || (c >= 0xf00 && c <= 0xfbc)                                    // Tibetan
           || (c >= 0x1800 && c <= 0x18aa)                                  // Mongolian
           || (c >= 0xac00 && c <= 0xd7a3);                                 // Hangul
}

constexpr char32_t table_begin = 0x3400;
constexpr char32_t table_end = 0xa000;

/// Traditional characters to simplified ones, where one stands for one.
std::vector<char32_t> make_simplified()
{
    std::vector<char32_t> table;
    for (char32_t c = table_begin; c < table_end; ++c)
        table.push_back(c);
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> simplifier(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || simplifier == nullptr)
        throw std::runtime_error("ICU has no Traditional-Simplified transliteration");
    for (auto& character : table) {
        icu::UnicodeString form(static_cast<UChar32>(character));
        simplifier->transliterate(form);
        const auto simple = static_cast<char32_t>(form.char32At(0));
        if (form.countChar32() == 1 && simple >= table_begin && simple < table_end)
            character = simple;
    }
    return table;
}

char32_t simplified(char32_t c)
{
    static const auto table = make_simplified();
    return c >= table_begin && c < table_end ? table[c - table_begin] : c;
}

} // namespace

char32_t next_character(std::string_view text, std::size_t& at)
{
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80)
        return lead;
    const int more = lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead >= 0xf5)
        return broken;
    auto value = static_cast<char32_t>(lead & (0x3f >> more));
    for (int i = 0; i < more; ++i) {
        const int bits = continuation(text, at);
        if (bits < 0)
            return broken;
        value = (value << 6) | static_cast<char32_t>(bits);
        ++at;
    }
    const bool overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
    return overlong || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? broken : value;
}

void append_utf8(std::string& text, char32_t c)
{
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xc0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        text += static_cast<char>(0xf0 | (c >> 18));
        text += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    }
}

bool is_han(char32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf)
           || (c >= 0x20000 && c <= 0x323af) || (c >= 0xf900 && c <= 0xfaff) || c == 0x3007; // 〇
}

bool is_word_character(char32_t c) { return (c >= '0' && c <= '9') || is_letter(c); }

char32_t fold(char32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0; // Full-width forms.
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= 0xc0 && c <= 0xde && c != 0xd7)
        return c + 32;
    if (c >= 0x410 && c <= 0x42f)
        return c + 32;
    if (is_han(c))
        return simplified(c);
    return is_word_character(c) ? c : 0;
}

std::vector<Glyph> glyphs_of(std::string_view text, std::size_t count_max)
{
    std::vector<Glyph> glyphs;
    glyphs.reserve(std::min(text.size() / 2 + 4, count_max));
    for (std::size_t at = 0; at < text.size() && glyphs.size() < count_max;) {
        const std::size_t begin = at;
        const auto character = fold(next_character(text, at));
        glyphs.push_back(
            {character, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)});
    }
    return glyphs;
}

std::string bare(std::string_view text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = fold(next_character(text, at));
        if (character != 0)
            append_utf8(plain, character);
    }
    return plain;
}

} // namespace search
