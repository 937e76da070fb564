#pragma once

// Words of a Chinese text, for search and proofreading. Han runs are cut along the path of highest
// probability through all words of the lexicon (the input-method dictionary and its language model
// that Debian ships, about 200,000 words) plus the customer's own words: organisations, places.
// Letters and digits form words of their own, folded to lower case and half width; a document
// number (国办发〔2017〕47号) is one word. A Segmenter does not change once built; any number of
// threads may use it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace text {

enum class WordKind : std::uint8_t {
    Han,            // A word of the lexicon, or a single character that is in none.
    Latin,          // Letters, or letters with digits: covid, h5n1.
    Number,         // Digits with inner points and commas: 3.5, 1,000.
    DocumentNumber, // 国办发〔2017〕47号, however it was written.
    Punctuation,    // One mark or symbol. Blanks are never words.
};

struct Word {
    std::size_t offset; // In bytes, in the text that was given.
    std::size_t length;
    WordKind kind;
    bool known; // In the lexicon or among the user's words; always true for other kinds than Han.
};

/// What an index stores. Terms of one place share the position of the word they come from.
struct Term {
    std::string text;       // Folded: lower case, half width, document numbers canonical.
    std::size_t offset;     // Of this term, in bytes, in the text that was given.
    std::size_t length;     //
    std::uint32_t position; // Counts words, not terms: phrases compare positions.
    bool whole;             // The word itself, not a part of it.
};

class Segmenter {
public:
    /// Loads the lexicon at the first call in a process (about a quarter of a second) and shares it
    /// afterwards. Throws std::runtime_error when the lexicon is not installed.
    explicit Segmenter(const std::vector<std::string>& user_words = {});
    ~Segmenter();
    Segmenter(Segmenter&&) noexcept;
    Segmenter& operator=(Segmenter&&) noexcept;

    /// Words in order, punctuation included, blanks left out. Ill-formed UTF-8 counts as
    /// punctuation.
    std::vector<Word> segment(std::string_view utf8) const;

    /// Words and their parts so that every two-character query inside a longer word is found: the
    /// words of the lexicon inside a word, its character pairs, the pairs across neighbouring
    /// single characters (names the lexicon does not know), and the parts of document numbers.
    std::vector<Term> index_terms(std::string_view utf8) const;
    void index_terms(std::string_view utf8, const std::function<void(const Term&)>& each) const;

    /// The word as an index knows it: lower case, half width, document number canonical.
    static std::string fold(std::string_view word, WordKind kind);

    bool is_word(std::string_view utf8) const;

    /// Logarithm (base 10) of the probability of a word; a large negative number when unknown.
    /// Candidates for a misspelt word are ranked by it.
    float log_probability(std::string_view word) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The Segmenter without user words, built at the first call.
const Segmenter& standard_segmenter();

} // namespace text
