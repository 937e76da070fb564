#include "search/mark.h"

#include <algorithm>
#include <unordered_map>

namespace search {
namespace {

constexpr std::size_t marked_glyphs_max = 100'000; // Deeper than this no passage is looked for.
constexpr std::size_t window_glyphs = snippet_length_max - 2; // Room for "…" at both ends.
constexpr std::size_t lead_glyphs = 12;                       // Shown before the first match…
constexpr std::size_t sentence_glyphs = 30; // …or from the beginning of its sentence.
constexpr std::size_t distinct_worth = 8;   // A second word is worth so many repetitions.
constexpr std::string_view ellipsis = "…";

bool ends_sentence(std::string_view character)
{
    return character == "。" || character == "；" || character == "！" || character == "？"
           || character == "\n";
}

/// The stretch with most of the query in it, as a place in `found`.
std::size_t best_window(const std::vector<Occurrence>& found)
{
    std::unordered_map<Key, std::size_t> inside;
    std::size_t best = 0;
    std::size_t best_worth = 0;
    std::size_t end = 0;
    for (std::size_t begin = 0; begin < found.size(); ++begin) {
        const auto stop = found[begin].begin + window_glyphs - lead_glyphs;
        for (; end < found.size() && found[end].end <= stop; ++end)
            ++inside[found[end].key];
        const auto worth = inside.size() * distinct_worth + (end - begin);
        if (worth > best_worth) {
            best_worth = worth;
            best = begin;
        }
        const auto leaving = inside.find(found[begin].key);
        if (leaving != inside.end() && --leaving->second == 0)
            inside.erase(leaving);
        end = std::max(end, begin + 1);
    }
    return best;
}

/// Where the passage begins that shows the glyph `match`.
std::size_t passage_begin(
    std::string_view text, const std::vector<Glyph>& glyphs, std::size_t match)
{
    for (std::size_t back = 0; back < sentence_glyphs && back < match; ++back) {
        const auto& before = glyphs[match - back - 1];
        if (ends_sentence(text.substr(before.begin, before.end - before.begin)))
            return match - back;
    }
    if (match < sentence_glyphs)
        return 0;
    return match - lead_glyphs;
}

void add_mark(std::vector<Range>& marks, Range mark)
{
    if (!marks.empty() && mark.begin <= marks.back().end)
        marks.back().end = std::max(marks.back().end, mark.end);
    else
        marks.push_back(mark);
}

bool is_blank(std::string_view character)
{
    return static_cast<unsigned char>(character[0]) <= 0x20 || character == "\u3000";
}

} // namespace

Marker::Marker(const Parsed& parsed)
{
    for (const auto& word : parsed.words) {
        keys_.insert(word.keys.begin(), word.keys.end());
        if (word.single != 0)
            singles_.insert(word.single);
    }
    keys_.insert(parsed.neighbours.begin(), parsed.neighbours.end());
}

std::vector<Occurrence> Marker::occurrences(const std::vector<Glyph>& glyphs) const
{
    std::vector<Occurrence> found;
    each_term(glyphs, Field::Text, [&](Key key, std::uint32_t begin, std::uint32_t end) {
        if (keys_.contains(key))
            found.push_back({key, begin, end});
        else if (is_pair(key) && singles_.contains(first_of(key)))
            found.push_back({first_of(key), begin, begin + 1});
    });
    return found;
}

Marked Marker::whole(std::string_view text) const
{
    Marked marked{.text = std::string(text), .marks = {}};
    const auto glyphs = glyphs_of(text, marked_glyphs_max);
    for (const auto& one : occurrences(glyphs))
        add_mark(marked.marks, {glyphs[one.begin].begin, glyphs[one.end - 1].end});
    return marked;
}

Marked Marker::snippet(std::string_view text) const
{
    const auto glyphs = glyphs_of(text, marked_glyphs_max);
    const auto found = occurrences(glyphs);
    std::size_t begin =
        found.empty() ? 0 : passage_begin(text, glyphs, found[best_window(found)].begin);
    const auto blank = [&](std::size_t at) {
        return is_blank(text.substr(glyphs[at].begin, glyphs[at].end - glyphs[at].begin));
    };
    // Near the end the window is filled from before.
    begin = std::min(begin, glyphs.size() - std::min(glyphs.size(), window_glyphs));
    while (begin < glyphs.size() && blank(begin))
        ++begin;
    std::size_t end = std::min(begin + window_glyphs, glyphs.size());
    while (end > begin && blank(end - 1))
        --end;

    Marked marked;
    if (begin == end)
        return marked;
    const bool from_start = std::all_of(
        glyphs.begin(), glyphs.begin() + static_cast<std::ptrdiff_t>(begin),
        [&](const Glyph& glyph) {
            return is_blank(text.substr(glyph.begin, glyph.end - glyph.begin));
        });
    if (!from_start)
        marked.text += ellipsis;
    const std::size_t shift = glyphs[begin].begin - marked.text.size();
    marked.text += text.substr(glyphs[begin].begin, glyphs[end - 1].end - glyphs[begin].begin);
    for (auto& byte : marked.text) {
        if (static_cast<unsigned char>(byte) < 0x20)
            byte = ' ';
    }
    for (const auto& one : found) {
        if (one.begin >= begin && one.end <= end)
            add_mark(
                marked.marks, {glyphs[one.begin].begin - shift, glyphs[one.end - 1].end - shift});
    }
    if (end < glyphs.size())
        marked.text += ellipsis;
    return marked;
}

} // namespace search
