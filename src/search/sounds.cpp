#include "search/sounds.h"

#include "search/glyphs.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unordered_map>
#include <utility>

namespace search {
namespace {

constexpr char32_t first_character = 0x4e00;
constexpr char32_t last_character = 0x9fa5;
constexpr std::size_t syllable_length_max = 6; // zhuang
constexpr std::size_t cuts_max = 3;
constexpr std::size_t letters_max = 60;

// Characters that official writing reads in more ways than the first of the dictionary.
constexpr std::pair<char32_t, std::string_view> further_readings[] = {
    {U'重', "chong"}, {U'重', "zhong"}, {U'行', "hang"},  {U'行', "xing"},  {U'长', "chang"},
    {U'长', "zhang"}, {U'调', "diao"},  {U'调', "tiao"},  {U'会', "kuai"},  {U'会', "hui"},
    {U'都', "du"},    {U'都', "dou"},   {U'乐', "yue"},   {U'乐', "le"},    {U'传', "zhuan"},
    {U'传', "chuan"}, {U'降', "xiang"}, {U'降', "jiang"}, {U'率', "lv"},    {U'率', "shuai"},
    {U'藏', "zang"},  {U'藏', "cang"},  {U'朝', "chao"},  {U'朝', "zhao"},  {U'还', "huan"},
    {U'还', "hai"},   {U'单', "shan"},  {U'单', "dan"},   {U'解', "xie"},   {U'解', "jie"},
    {U'系', "ji"},    {U'系', "xi"},    {U'省', "xing"},  {U'省', "sheng"}, {U'给', "ji"},
    {U'给', "gei"},   {U'便', "pian"},  {U'便', "bian"},  {U'差', "chai"},  {U'差', "cha"},
    {U'弹', "dan"},   {U'弹', "tan"},   {U'薄', "bo"},    {U'薄', "bao"},   {U'参', "shen"},
    {U'参', "can"},   {U'校', "jiao"},  {U'校', "xiao"},  {U'强', "jiang"}, {U'强', "qiang"},
};

struct Tables {
    std::unordered_map<std::string, std::vector<char32_t>> characters;
    std::unordered_map<char32_t, std::vector<std::string>> syllables;

    void add(char32_t character, const std::string& syllable)
    {
        auto& known = syllables[character];
        const bool letters = std::all_of(
            syllable.begin(), syllable.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        if (!letters || syllable.empty()
            || std::find(known.begin(), known.end(), syllable) != known.end())
            return;
        known.push_back(syllable);
        characters[syllable].push_back(character);
    }
};

Tables make_tables()
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> reader(icu::Transliterator::createInstance(
        "Han-Latin; NFD; [[:Mn:]-[\\u0308]] Remove; NFC; Lower", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || reader == nullptr)
        throw std::runtime_error("ICU has no Han-Latin transliteration");
    Tables tables;
    for (char32_t character = first_character; character <= last_character; ++character) {
        icu::UnicodeString form(static_cast<UChar32>(character));
        reader->transliterate(form);
        // 绿 is typed lv where the keyboard has no ü, and lu by who does not know.
        for (const char16_t letter : {u'v', u'u'}) {
            auto typed = form;
            typed.findAndReplace(icu::UnicodeString(u'\u00fc'), icu::UnicodeString(letter)).trim();
            std::string syllable;
            typed.toUTF8String(syllable);
            tables.add(character, syllable);
        }
    }
    for (const auto& [character, syllable] : further_readings)
        tables.add(character, std::string(syllable));
    return tables;
}

const Tables& tables()
{
    static const Tables made = make_tables();
    return made;
}

} // namespace

std::vector<std::string> syllables_of(char32_t character)
{
    const auto found = tables().syllables.find(character);
    if (found == tables().syllables.end())
        return {};
    return found->second;
}

const std::vector<char32_t>& characters_of(std::string_view syllable)
{
    static const std::vector<char32_t> none;
    const auto found = tables().characters.find(std::string(syllable));
    return found == tables().characters.end() ? none : found->second;
}

std::vector<std::vector<std::string>> cut_syllables(std::string_view letters)
{
    using Cut = std::vector<std::string>;
    if (letters.empty() || letters.size() > letters_max)
        return {};
    // cuts[i]: the best ways to cut the first i letters.
    std::vector<std::vector<Cut>> cuts(letters.size() + 1);
    cuts[0].emplace_back();
    for (std::size_t end = 1; end <= letters.size(); ++end) {
        for (std::size_t length = 1; length <= std::min(end, syllable_length_max); ++length) {
            const auto syllable = letters.substr(end - length, length);
            if (cuts[end - length].empty() || characters_of(syllable).empty())
                continue;
            for (auto cut : cuts[end - length]) {
                cut.emplace_back(syllable);
                cuts[end].push_back(std::move(cut));
            }
        }
        std::stable_sort(cuts[end].begin(), cuts[end].end(), [](const Cut& one, const Cut& other) {
            return one.size() < other.size();
        });
        if (cuts[end].size() > cuts_max)
            cuts[end].resize(cuts_max);
    }
    return cuts.back();
}

} // namespace search
