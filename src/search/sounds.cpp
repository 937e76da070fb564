#include "search/sounds.h"

#include "search/glyphs.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <unicode/translit.h>
#include <unicode/unistr.h>
#include <unordered_map>

namespace search {
namespace {

constexpr char32_t first_character = 0x4e00;
constexpr char32_t last_character = 0x9fa5;
constexpr std::size_t syllable_length_max = 6; // zhuang
constexpr std::size_t cuts_max = 3;
constexpr std::size_t letters_max = 60;

struct Tables {
    std::unordered_map<std::string, std::vector<char32_t>> characters;
    std::unordered_map<char32_t, std::string> syllables;
};

Tables make_tables()
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> reader(icu::Transliterator::createInstance(
        "Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || reader == nullptr)
        throw std::runtime_error("ICU has no Han-Latin transliteration");
    Tables tables;
    for (char32_t character = first_character; character <= last_character; ++character) {
        icu::UnicodeString form(static_cast<UChar32>(character));
        reader->transliterate(form);
        std::string syllable;
        form.toUTF8String(syllable);
        std::erase(syllable, ' ');
        const bool letters = std::all_of(
            syllable.begin(), syllable.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        if (!letters || syllable.empty())
            continue;
        tables.characters[syllable].push_back(character);
        tables.syllables[character] = syllable;
    }
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
    return {found->second};
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
