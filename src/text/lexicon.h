#pragma once

// The lexicon behind words.h and pinyin.h: every word of the input-method dictionary in one trie
// over code points, with its probability from the language model and its most likely reading.
// Loaded once in a process and never changed. Not exported.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace text {

/// A trie over code points: the first character by direct index, later ones by one hash probe each.
class HanTrie {
public:
    using Node = std::uint32_t;
    static constexpr Node NONE = 0;

    HanTrie();
    /// The node of a word, made when it is not there. Requires: word is not empty.
    Node insert(std::u32string_view word);
    Node first(char32_t point) const { return point < first_.size() ? first_[point] : NONE; }
    Node next(Node node, char32_t point) const;
    Node find(std::u32string_view word) const;
    std::size_t node_count() const { return count_; }
    void reserve(std::size_t nodes);

private:
    struct Slot {
        std::uint64_t key = 0;
        Node node = NONE;
    };
    static std::uint64_t key_of(Node node, char32_t point)
    {
        return (std::uint64_t{node} << 21U) | point;
    }
    std::size_t slot_of(std::uint64_t key) const;
    void grow(std::size_t slots);

    std::vector<Node> first_;
    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    Node count_ = 1;
};

class Lexicon {
public:
    /// Loaded at the first call. Throws std::runtime_error when the data is not installed.
    static const Lexicon& standard();

    const HanTrie& trie() const { return trie_; }

    /// Logarithm of the probability; UNKNOWN when the node is no word.
    float score(HanTrie::Node node) const { return scores_[node]; }
    bool is_word(HanTrie::Node node) const { return scores_[node] > UNKNOWN; }

    /// Two bytes a character as libime encodes syllables; empty when the node is no word.
    std::string_view reading(HanTrie::Node node) const;

    static constexpr float UNKNOWN = -99.0F;

private:
    Lexicon();
    void add(std::string_view syllables, std::string_view word, float cost, float score);

    HanTrie trie_;
    std::vector<float> scores_;
    std::vector<float> costs_; // Of the reading that is kept.
    std::vector<std::uint32_t> readings_;
    std::vector<std::uint8_t> reading_lengths_;
    std::string syllables_;
};

} // namespace text
