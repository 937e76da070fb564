#include "text/pinyin.h"

#include "text/document_number.h"
#include "text/lexicon.h"
#include "text/utf8.h"
#include "text/words.h"

#include <algorithm>
#include <libime/pinyin/pinyinencoder.h>

namespace text {

namespace {

/// Separate syllables never need an apostrophe; ü is written v, as on keyboards (lv, nv).
std::string syllable_from(std::string_view code)
{
    auto syllable = libime::PinyinEncoder::decodeFullPinyin(code.data(), code.size());
    for (std::size_t at; (at = syllable.find("ü")) != std::string::npos;)
        syllable.replace(at, std::string_view("ü").size(), "v");
    return syllable;
}

std::string_view reading_of(std::u32string_view points)
{
    const auto& lexicon = Lexicon::standard();
    const auto node = lexicon.trie().find(points);
    if (node == HanTrie::NONE || !lexicon.is_word(node))
        return {};
    const auto reading = lexicon.reading(node);
    return reading.size() == points.size() * 2 ? reading : std::string_view();
}

void append_word(std::vector<std::string>& syllables, std::string_view word)
{
    const auto points = to_code_points(word);
    const auto whole = reading_of(points);
    for (std::size_t index = 0; index < points.size(); ++index) {
        const auto code =
            whole.empty() ? reading_of({&points[index], 1}) : whole.substr(index * 2, 2);
        if (!code.empty())
            syllables.push_back(syllable_from(code));
    }
}

/// 国办发〔2017〕47号: its characters, its year, its serial.
void append_document_number(std::vector<std::string>& syllables, std::string_view written)
{
    for (const auto& number : find_document_numbers(written)) {
        append_word(syllables, number.organ);
        syllables.push_back(std::to_string(number.year));
        syllables.push_back(std::to_string(number.serial));
        append_word(syllables, "号");
    }
}

bool replace_start(std::string& syllable, std::string_view from, std::string_view to)
{
    if (syllable.compare(0, from.size(), from) != 0)
        return false;
    syllable.replace(0, from.size(), to);
    return true;
}

std::string fold_syllable(std::string syllable)
{
    replace_start(syllable, "zh", "z") || replace_start(syllable, "ch", "c")
        || replace_start(syllable, "sh", "s");
    if (syllable.size() > 1)
        replace_start(syllable, "n", "l");
    const auto size = syllable.size();
    if (size > 2 && syllable.compare(size - 2, 2, "ng") == 0 && syllable[size - 3] != 'o')
        syllable.pop_back();
    return syllable;
}

} // namespace

std::vector<std::string> pinyin_syllables(std::string_view utf8)
{
    std::vector<std::string> syllables;
    for (const auto& word : standard_segmenter().segment(utf8)) {
        const auto written = utf8.substr(word.offset, word.length);
        if (word.kind == WordKind::Han)
            append_word(syllables, written);
        else if (word.kind == WordKind::Latin || word.kind == WordKind::Number)
            syllables.push_back(Segmenter::fold(written, word.kind));
        else if (word.kind == WordKind::DocumentNumber)
            append_document_number(syllables, written);
    }
    return syllables;
}

std::string pinyin_of(std::string_view utf8)
{
    std::string joined;
    for (const auto& syllable : pinyin_syllables(utf8))
        joined += joined.empty() ? syllable : " " + syllable;
    return joined;
}

std::string pinyin_initials(std::string_view utf8)
{
    std::string initials;
    for (const auto& syllable : pinyin_syllables(utf8))
        initials += syllable[0] >= '0' && syllable[0] <= '9' ? syllable : syllable.substr(0, 1);
    return initials;
}

std::string fold_similar_sounds(std::string_view pinyin)
{
    std::string folded;
    while (!pinyin.empty()) {
        const auto end = std::min(pinyin.find(' '), pinyin.size());
        if (!folded.empty())
            folded += ' ';
        folded += fold_syllable(std::string(pinyin.substr(0, end)));
        pinyin.remove_prefix(std::min(end + 1, pinyin.size()));
    }
    return folded;
}

} // namespace text
