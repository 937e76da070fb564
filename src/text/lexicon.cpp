#include "text/lexicon.h"

#include "text/utf8.h"

#include <cmath>
#include <filesystem>
#include <libime/core/languagemodel.h>
#include <libime/pinyin/pinyindictionary.h>
#include <stdexcept>

namespace text {

namespace {

/// Words of the dictionary that the language model has not counted: less likely than any counted
/// one. A pair is more likely than its characters one by one; a longer entry (关于加强) is often
/// only what people type in one go and must not beat the two common words it consists of.
constexpr float UNCOUNTED_PAIR = -8.0F;
constexpr float UNCOUNTED_PHRASE = -9.5F;
constexpr float UNCOUNTED_CHARACTER = -8.0F;
constexpr std::size_t LEXICON_NODES = 300'000;

} // namespace

HanTrie::HanTrie()
    : first_(0x10000, NONE)
    , slots_(64)
{
}

std::size_t HanTrie::slot_of(std::uint64_t key) const
{
    const auto mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20U) & mask;
    while (slots_[slot].node != NONE && slots_[slot].key != key)
        slot = (slot + 1) & mask;
    return slot;
}

HanTrie::Node HanTrie::next(Node node, char32_t point) const
{
    return slots_[slot_of(key_of(node, point))].node;
}

void HanTrie::grow(std::size_t slots)
{
    std::vector<Slot> old(slots);
    old.swap(slots_);
    for (const auto& slot : old)
        if (slot.node != NONE)
            slots_[slot_of(slot.key)] = slot;
}

void HanTrie::reserve(std::size_t nodes)
{
    std::size_t slots = 64;
    while (slots < nodes * 2)
        slots *= 2;
    if (slots > slots_.size())
        grow(slots);
}

HanTrie::Node HanTrie::insert(std::u32string_view word)
{
    if (word[0] >= first_.size())
        first_.resize(0x110000, NONE);
    auto node = first_[word[0]];
    if (node == NONE)
        node = first_[word[0]] = count_++;
    for (const auto point : word.substr(1)) {
        auto& slot = slots_[slot_of(key_of(node, point))];
        if (slot.node != NONE) {
            node = slot.node;
            continue;
        }
        slot = {key_of(node, point), count_++};
        node = slot.node;
        if (++used_ * 2 > slots_.size())
            grow(slots_.size() * 2);
    }
    return node;
}

HanTrie::Node HanTrie::find(std::u32string_view word) const
{
    if (word.empty())
        return NONE;
    auto node = first(word[0]);
    for (std::size_t index = 1; index < word.size() && node != NONE; ++index)
        node = next(node, word[index]);
    return node;
}

void Lexicon::add(std::string_view syllables, std::string_view word, float cost, float score)
{
    const auto node = trie_.insert(to_code_points(word));
    if (node >= scores_.size()) {
        scores_.resize(node + 1, UNKNOWN);
        costs_.resize(node + 1, UNKNOWN);
        readings_.resize(node + 1);
        reading_lengths_.resize(node + 1);
    }
    scores_[node] = score;
    if (reading_lengths_[node] != 0 && costs_[node] >= cost)
        return;
    costs_[node] = cost;
    readings_[node] = static_cast<std::uint32_t>(syllables_.size());
    reading_lengths_[node] = static_cast<std::uint8_t>(syllables.size());
    syllables_.append(syllables);
}

Lexicon::Lexicon()
{
    for (const auto* path : {HUABIAO_LANGUAGE_MODEL, HUABIAO_PINYIN_DICTIONARY})
        if (!std::filesystem::exists(path))
            throw std::runtime_error(std::string("The lexicon is not installed: ") + path);
    trie_.reserve(LEXICON_NODES);
    scores_.reserve(LEXICON_NODES);
    const libime::LanguageModel model(HUABIAO_LANGUAGE_MODEL);
    libime::PinyinDictionary dictionary;
    dictionary.load(
        libime::PinyinDictionary::SystemDict, HUABIAO_PINYIN_DICTIONARY,
        libime::PinyinDictFormat::Binary);
    const auto& words = *dictionary.trie(libime::PinyinDictionary::SystemDict);
    // What the model says of a word that it has never seen.
    const auto uncounted = model.singleWordScore("\x01") + 0.001F;
    std::string key;
    words.foreach ([&](float cost, std::size_t length, std::uint64_t position) {
        words.suffix(key, length, position);
        const auto mark = key.find('!');
        if (mark == std::string::npos || mark > 0xFF)
            return true;
        const auto word = std::string_view(key).substr(mark + 1);
        auto score = model.singleWordScore(word);
        if (score <= uncounted)
            score = mark > 4 ? UNCOUNTED_PHRASE : mark > 2 ? UNCOUNTED_PAIR : UNCOUNTED_CHARACTER;
        add(std::string_view(key).substr(0, mark), word, cost, score);
        return true;
    });
    scores_.resize(trie_.node_count(), UNKNOWN);
    reading_lengths_.resize(trie_.node_count());
    readings_.resize(trie_.node_count());
    costs_.clear();
    costs_.shrink_to_fit();
}

const Lexicon& Lexicon::standard()
{
    static const Lexicon lexicon;
    return lexicon;
}

std::string_view Lexicon::reading(HanTrie::Node node) const
{
    return std::string_view(syllables_).substr(readings_[node], reading_lengths_[node]);
}

} // namespace text
