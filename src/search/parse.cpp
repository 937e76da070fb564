#include "search/parse.h"

#include "text/words.h"

#include <algorithm>

namespace search {
namespace {

bool is_quote(char32_t c)
{
    return c == '"' || c == 0x201c || c == 0x201d || c == 0xff02 || c == 0x300c || c == 0x300d;
}

std::string folded(std::span<const Glyph> glyphs)
{
    std::string text;
    for (const auto& glyph : glyphs)
        append_utf8(text, glyph.character);
    return text;
}

/// The keys of a Han word; the pair that would say "end of run" is not asked for.
std::vector<Key> pairs_of(std::span<const Glyph> word)
{
    std::vector<Key> keys;
    for (std::size_t i = 0; i + 1 < word.size(); ++i)
        keys.push_back(pair_key(Field::Text, word[i].character, word[i + 1].character));
    return keys;
}

/// How many characters each word of a Han run has. Single characters in a row are one word: a name
/// that the lexicon does not know.
std::vector<std::size_t> cut(std::span<const Glyph> run)
{
    std::vector<std::size_t> lengths;
    if (run.size() <= 2)
        return {run.size()};
    bool last_single = false;
    const auto piece = folded(run);
    for (const auto& word : text::standard_segmenter().segment(piece)) {
        std::size_t length = 0;
        for (std::size_t at = word.offset; at < word.offset + word.length; ++length)
            next_character(piece, at);
        const bool single = length == 1;
        if (single && last_single)
            lengths.back() += 1;
        else
            lengths.push_back(length);
        last_single = single;
    }
    return lengths;
}

class Parser {
public:
    Parsed run(std::string_view text)
    {
        parsed_.bare = bare(text);
        bool quoted = false;
        std::size_t begin = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t here = at;
            if (!is_quote(next_character(text, at)))
                continue;
            take(text.substr(begin, here - begin), quoted);
            quoted = !quoted;
            begin = at;
        }
        take(text.substr(begin), false); // A quotation that does not end is none.
        drop_lone_characters();
        return std::move(parsed_);
    }

private:
    void take(std::string_view piece, bool quoted)
    {
        const auto glyphs = glyphs_of(piece, piece.size());
        const std::size_t words_before = parsed_.words.size();
        for (std::size_t i = 0; i < glyphs.size();) {
            const auto first = glyphs[i].character;
            std::size_t end = i + 1;
            if (first == 0) {
                i = end;
                continue;
            }
            const bool han = is_han(first);
            while (end < glyphs.size() && glyphs[end].character != 0
                   && is_han(glyphs[end].character) == han)
                ++end;
            const auto run = std::span(glyphs).subspan(i, end - i);
            const bool spaced = i == 0 || glyphs[i - 1].character == 0;
            if (!han)
                take_word(run, spaced);
            else if (quoted)
                take_han(run, {run.size()}, spaced);
            else
                take_han(run, cut(run), spaced);
            i = end;
        }
        if (quoted && parsed_.words.size() != words_before)
            parsed_.phrases.push_back(bare(piece));
    }

    void take_word(std::span<const Glyph> run, bool spaced)
    {
        Word word{.text = folded(run), .keys = {}, .single = 0, .spaced_before = spaced};
        each_term(run, Field::Text, [&](Key key, std::uint32_t, std::uint32_t) {
            word.keys.push_back(key);
        });
        parsed_.words.push_back(std::move(word));
    }

    void take_han(std::span<const Glyph> run, const std::vector<std::size_t>& lengths, bool spaced)
    {
        std::size_t at = 0;
        for (const auto length : lengths) {
            const auto piece = run.subspan(at, length);
            if (at != 0)
                parsed_.neighbours.push_back(
                    pair_key(Field::Text, run[at - 1].character, run[at].character));
            parsed_.words.push_back(
                {.text = folded(piece),
                 .keys = pairs_of(piece),
                 .single = length == 1 ? piece[0].character : 0,
                 .spaced_before = spaced && at == 0});
            at += length;
        }
    }

    /// "的" between words says nothing: single characters count only when there is nothing else.
    void drop_lone_characters()
    {
        const auto lone = [](const Word& word) { return word.single != 0; };
        auto& words = parsed_.words;
        if (!std::all_of(words.begin(), words.end(), lone))
            words.erase(std::remove_if(words.begin(), words.end(), lone), words.end());
    }

    Parsed parsed_;
};

} // namespace

Parsed parse(std::string_view text) { return Parser().run(text); }

std::size_t character_count(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        next_character(text, at);
    return count;
}

} // namespace search
