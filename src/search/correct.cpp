#include "search/correct.h"

#include "search/sounds.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace search {
namespace {

constexpr std::size_t run_length_max =
    16;                                 // Longer runs are titles: another character is one of many.
constexpr std::size_t options_max = 5;  // Corrections handed back.
constexpr std::size_t states_max = 64;  // Characters kept at each place of a reading.
constexpr double same_sound_worth = 30; // Against a character that merely fits.
constexpr double unrelated_cost = 6;    // Logarithm: words need not be neighbours.

// In a large index a pair of few documents is an accident of two words, not a word.
constexpr std::uint64_t documents_of_large = 5'000;
constexpr std::uint64_t least_of_large = 3;
constexpr std::uint64_t documents_per_further = 100'000; // For every so many, one more.

struct Option {
    std::u32string text;
    double worth = 0;
};

bool sound_the_same(char32_t one, char32_t other)
{
    for (const auto& syllable : syllables_of(one)) {
        const auto others = syllables_of(other);
        if (std::find(others.begin(), others.end(), syllable) != others.end())
            return true;
    }
    return false;
}

/// One place of a reading: what may stand there.
struct Place {
    std::unordered_set<char32_t> characters;
    bool begins_word = false;
};

struct Step {
    double worth = 0;
    char32_t before = 0;
};

/// The likeliest characters for a row of places: Viterbi over the counts of pairs.
std::vector<Option> read_places(const Neighbours& neighbours, const std::vector<Place>& places)
{
    std::vector<std::unordered_map<char32_t, Step>> steps(places.size());
    for (const auto character : places[0].characters)
        steps[0][character] = {};
    for (std::size_t i = 1; i < places.size(); ++i) {
        std::vector<std::pair<double, char32_t>> states;
        for (const auto& [character, step] : steps[i - 1])
            states.emplace_back(step.worth, character);
        std::sort(states.rbegin(), states.rend());
        if (i > 1 && states.size() > states_max)
            states.resize(states_max);
        const auto offer = [&](char32_t to, Step step) {
            const auto [known, fresh] = steps[i].try_emplace(to, step);
            if (!fresh && step.worth > known->second.worth)
                known->second = step;
        };
        for (const auto& [worth, before] : states) {
            for (const auto& pair : neighbours.after(before)) {
                if (places[i].characters.contains(pair.second))
                    offer(pair.second, {worth + std::log(pair.documents + 1.0), before});
            }
        }
        if (places[i].begins_word && !states.empty()) {
            for (const auto character : places[i].characters)
                offer(character, {states.front().first - unrelated_cost, states.front().second});
        }
    }
    std::vector<Option> options;
    for (const auto& [character, step] : steps.back()) {
        Option option{std::u32string(places.size(), U' '), step.worth};
        char32_t here = character;
        for (std::size_t i = places.size(); i-- > 0; here = steps[i].at(here).before)
            option.text[i] = here;
        options.push_back(std::move(option));
    }
    return options;
}

void take_best(std::vector<Option>& options, std::size_t count)
{
    std::sort(options.begin(), options.end(), [](const Option& one, const Option& other) {
        return one.worth != other.worth ? one.worth > other.worth : one.text < other.text;
    });
    if (options.size() > count)
        options.resize(count);
}

/// The run with one character replaced by one that fits between its neighbours.
std::vector<Option> replace_one(const Neighbours& neighbours, const std::u32string& run)
{
    std::vector<Option> options;
    for (std::size_t i = 0; i < run.size(); ++i) {
        const auto try_character = [&](char32_t character, std::uint64_t count) {
            if (character == run[i])
                return;
            const bool same_sound = sound_the_same(character, run[i]);
            if (run.size() < 3 && !same_sound)
                return; // One pair says too little.
            const double worth = static_cast<double>(count) * (same_sound ? same_sound_worth : 1);
            Option option{run, worth};
            option.text[i] = character;
            options.push_back(std::move(option));
        };
        if (i > 0) {
            for (const auto& pair : neighbours.after(run[i - 1])) {
                const std::uint64_t here = pair.documents;
                const auto next =
                    i + 1 < run.size() ? neighbours.count(pair.second, run[i + 1]) : here;
                if (next != 0)
                    try_character(pair.second, std::min(here, next));
            }
        } else {
            for (const auto& syllable : syllables_of(run[0])) {
                for (const auto character : characters_of(syllable)) {
                    if (const auto count = neighbours.count(character, run[1]))
                        try_character(character, count);
                }
            }
        }
    }
    take_best(options, options_max);
    return options;
}

/// The run with all characters replaced by homophones that fit better.
std::vector<Option> reread(const Neighbours& neighbours, const std::u32string& run)
{
    std::vector<Place> places;
    for (const auto character : run) {
        Place place;
        place.characters.insert(character);
        for (const auto& syllable : syllables_of(character))
            place.characters.insert(characters_of(syllable).begin(), characters_of(syllable).end());
        places.push_back(std::move(place));
    }
    auto options = read_places(neighbours, places);
    std::erase_if(options, [&](const Option& option) { return option.text == run; });
    take_best(options, 2);
    return options;
}

/// The query read as pinyin, the words of the reader kept together.
std::vector<Option> read_pinyin(const Neighbours& neighbours, const std::vector<std::string>& words)
{
    std::vector<std::vector<Place>> readings(1);
    for (const auto& word : words) {
        std::vector<std::vector<Place>> longer;
        for (const auto& cut : cut_syllables(word)) {
            for (auto places : readings) {
                for (std::size_t i = 0; i < cut.size(); ++i) {
                    const auto& characters = characters_of(cut[i]);
                    places.push_back({{characters.begin(), characters.end()}, i == 0});
                }
                longer.push_back(std::move(places));
            }
        }
        if (longer.size() > options_max)
            longer.resize(options_max);
        readings = std::move(longer);
    }
    std::vector<Option> options;
    for (const auto& places : readings) {
        if (places.size() < 2 || places.size() > run_length_max)
            continue;
        auto found = read_places(neighbours, places);
        // Readings of different length compare by the worth of a pair.
        for (auto& option : found)
            option.worth /= static_cast<double>(places.size() - 1);
        options.insert(options.end(), found.begin(), found.end());
    }
    take_best(options, options_max);
    return options;
}

std::string utf8_of(std::u32string_view characters)
{
    std::string text;
    for (const auto character : characters)
        append_utf8(text, character);
    return text;
}

/// The words when the query is letters only, otherwise none.
std::vector<std::string> latin_words(const std::vector<Glyph>& glyphs)
{
    std::vector<std::string> words;
    bool inside = false;
    for (const auto& glyph : glyphs) {
        if (glyph.character == 0) {
            inside = false;
            continue;
        }
        if (glyph.character < 'a' || glyph.character > 'z')
            return {};
        if (!inside)
            words.emplace_back();
        words.back() += static_cast<char>(glyph.character);
        inside = true;
    }
    return words;
}

} // namespace

Neighbours::Neighbours(std::span<const Part> parts)
{
    std::uint64_t documents = 0;
    for (const auto& part : parts)
        documents += part.segment->size();
    const bool large = documents >= documents_of_large;
    const auto least = large ? least_of_large + documents / documents_per_further : 1;
    const auto before = [](const Pair& one, const Pair& other) {
        return one.first != other.first ? one.first < other.first : one.second < other.second;
    };
    for (const auto& part : parts) {
        const auto old = static_cast<std::ptrdiff_t>(pairs_.size());
        // Most pairs are accidents: dropped here, in proportion, they never take memory.
        const auto least_here =
            large ? std::max<std::uint64_t>(2, least * part.segment->size() / documents) : 1;
        part.segment->each_entry(
            pair_key(Field::Text, 0, 0), word_key(Field::Text, 0), [&](const Entry& entry) {
                const Pair pair{first_of(entry.key), second_of(entry.key), entry.size};
                if (pair.second != 0 && pair.documents >= least_here)
                    pairs_.push_back(pair);
            });
        std::inplace_merge(pairs_.begin(), pairs_.begin() + old, pairs_.end(), before);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < pairs_.size();) {
        Pair sum = pairs_[i++];
        for (; i < pairs_.size() && !before(sum, pairs_[i]); ++i)
            sum.documents += pairs_[i].documents;
        if (sum.documents >= least)
            pairs_[kept++] = sum;
    }
    pairs_.resize(kept);
    pairs_.shrink_to_fit();
}

std::span<const Neighbours::Pair> Neighbours::after(char32_t first) const
{
    const auto begin = std::lower_bound(
        pairs_.begin(), pairs_.end(), first,
        [](const Pair& pair, char32_t wanted) { return pair.first < wanted; });
    const auto end =
        std::upper_bound(begin, pairs_.end(), first, [](char32_t wanted, const Pair& pair) {
            return wanted < pair.first;
        });
    return {begin, end};
}

std::uint64_t Neighbours::count(char32_t first, char32_t second) const
{
    const auto all = after(first);
    const auto found =
        std::lower_bound(all.begin(), all.end(), second, [](const Pair& pair, char32_t wanted) {
            return pair.second < wanted;
        });
    return found != all.end() && found->second == second ? found->documents : 0;
}

std::vector<std::string> corrections(const Neighbours& neighbours, std::string_view query)
{
    const auto glyphs = glyphs_of(query, query.size());
    std::vector<std::string> found;
    const auto words = latin_words(glyphs);
    if (!words.empty()) {
        for (const auto& option : read_pinyin(neighbours, words))
            found.push_back(utf8_of(option.text));
        return found;
    }
    for (std::size_t i = 0; i < glyphs.size();) {
        std::u32string run;
        std::size_t end = i;
        for (; end < glyphs.size() && is_han(glyphs[end].character); ++end)
            run += glyphs[end].character;
        if (run.size() >= 2 && run.size() <= run_length_max) {
            auto options = reread(neighbours, run);
            const auto others = replace_one(neighbours, run);
            options.insert(options.end(), others.begin(), others.end());
            for (const auto& option : options)
                found.push_back(
                    std::string(query.substr(0, glyphs[i].begin)) + utf8_of(option.text)
                    + std::string(query.substr(glyphs[end - 1].end)));
        }
        i = std::max(end, i + 1);
    }
    return found;
}

} // namespace search
