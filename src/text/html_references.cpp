#include "text/html_references.h"

#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace text {

namespace {

struct NamedReference {
    const char* name; // Without the ampersand, with the semicolon where it has one.
    char32_t first;
    char32_t second; // 0 when there is one code point.
};

constexpr NamedReference NAMED_REFERENCES[] = {
#include "text/named_references.inc"
};
static_assert(std::size(NAMED_REFERENCES) == 2231);

/// The standard's table for &#x80; to &#x9F;. 0 means: as it is.
constexpr std::array<char32_t, 32> WINDOWS_1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

} // namespace

NamedReferenceWalk::NamedReferenceWalk()
    : last_(std::size(NAMED_REFERENCES))
{
}

bool NamedReferenceWalk::advance(char character)
{
    const auto at_depth = [this](const NamedReference& entry) { return entry.name[depth_]; };
    const auto* begin = std::begin(NAMED_REFERENCES) + first_;
    const auto* end = std::begin(NAMED_REFERENCES) + last_;
    const auto* from =
        std::lower_bound(begin, end, character, [&](const NamedReference& entry, char value) {
            return at_depth(entry) < value;
        });
    const auto* to =
        std::upper_bound(from, end, character, [&](char value, const NamedReference& entry) {
            return value < at_depth(entry);
        });
    if (from == to)
        return false;
    first_ = static_cast<std::size_t>(from - std::begin(NAMED_REFERENCES));
    last_ = static_cast<std::size_t>(to - std::begin(NAMED_REFERENCES));
    ++depth_;
    if (at_depth(*from) == '\0') {
        match_ = first_;
        match_length_ = depth_;
    }
    return true;
}

void NamedReferenceWalk::append_match(std::string& to) const
{
    const auto& entry = NAMED_REFERENCES[match_];
    append_utf8(to, entry.first);
    if (entry.second != 0)
        append_utf8(to, entry.second);
}

char32_t numeric_reference(char32_t number)
{
    if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
        return REPLACEMENT_CHARACTER;
    if (number >= 0x80 && number <= 0x9F && WINDOWS_1252[number - 0x80] != 0)
        return WINDOWS_1252[number - 0x80];
    return number;
}

} // namespace text
