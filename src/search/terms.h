#pragma once

// What is looked up: terms, each a 64-bit key, so that a dictionary is a sorted array of numbers.
//
// Han text is indexed by overlapping pairs of characters: "医保缴费" is 医保, 保缴, 缴费, and the
// last character of a run with nothing after it. Pairs need no lexicon, so no word is unknown and
// index and query can never be cut differently; where words begin and end is asked of the query
// only. Every character is the first of exactly one pair, so all texts with one character are a
// range of keys. Other scripts are indexed by whole words.

#include "search/glyphs.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace search {

using Key = std::uint64_t;

enum class Field : std::uint64_t { Text = 0, Title = 1, Number = 2 };

namespace detail {

inline constexpr int field_shift = 61;
inline constexpr Key word_bit = Key{1} << 60;
inline constexpr int first_shift = 21;

} // namespace detail

constexpr Key pair_key(Field field, char32_t first, char32_t second)
{
    return (static_cast<Key>(field) << detail::field_shift)
           | (static_cast<Key>(first) << detail::first_shift) | static_cast<Key>(second);
}

constexpr bool is_pair(Key key) { return (key & detail::word_bit) == 0; }
constexpr char32_t first_of(Key key)
{
    return static_cast<char32_t>((key >> detail::first_shift) & 0x1fffff);
}
constexpr char32_t second_of(Key key) { return static_cast<char32_t>(key & 0x1fffff); }

/// The same pair or word in another field.
constexpr Key in_field(Key key, Field field)
{
    return (key & ~(Key{7} << detail::field_shift))
           | (static_cast<Key>(field) << detail::field_shift);
}

/// FNV-1a over the characters.
constexpr Key hash_start = 0xcbf29ce484222325ULL;
constexpr Key hash_step(Key hash, char32_t character)
{
    return (hash ^ character) * 0x100000001b3ULL;
}
Key hash_of(std::string_view text);

constexpr Key word_key(Field field, Key hash)
{
    return in_field((hash & (detail::word_bit - 1)) | detail::word_bit, field);
}

/// The key of a whole document number, whatever its brackets and spaces.
Key number_key(std::string_view document_number);

/// A term and the glyphs [begin, end) it stands on.
struct Occurrence {
    Key key = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Calls take(key, begin, end) for every term of `glyphs`, in order of `begin`.
template <typename Take>
void each_term(std::span<const Glyph> glyphs, Field field, Take&& take)
{
    for (std::uint32_t i = 0; i < glyphs.size();) {
        const char32_t first = glyphs[i].character;
        if (is_han(first)) {
            const bool paired = i + 1 < glyphs.size() && is_han(glyphs[i + 1].character);
            take(
                pair_key(field, first, paired ? glyphs[i + 1].character : 0), i,
                i + (paired ? 2 : 1));
            ++i;
            continue;
        }
        if (first == 0) {
            ++i;
            continue;
        }
        Key hash = hash_start;
        std::uint32_t end = i;
        for (; end < glyphs.size() && is_word_character(glyphs[end].character); ++end)
            hash = hash_step(hash, glyphs[end].character);
        take(word_key(field, hash), i, end);
        i = end;
    }
}

} // namespace search
