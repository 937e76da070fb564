#include "text/words.h"

#include "text/document_number.h"
#include "text/lexicon.h"
#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <unicode/uchar.h>

namespace text {

namespace {

/// Words of the customer beat any chain of common words.
constexpr float USER_WORD = -2.0F;
constexpr float UNKNOWN_CHARACTER = -9.0F;
/// Single characters more likely than this (的 是 在 和) only bind others.
constexpr float FUNCTION_WORD = -3.0F;
/// The search for the best path is done in blocks, so that a megabyte without a mark needs no more
/// memory than a sentence.
constexpr std::size_t BLOCK_MAX = 1024;
constexpr float NOT_REACHED = -1e30F;

enum class Class : std::uint8_t { Blank, Han, Digit, Letter, Mark };

Class class_of(char32_t point)
{
    if (is_han(point))
        return Class::Han;
    const auto plain = half_width(point);
    if (plain < 0x80) {
        if (plain <= 0x20)
            return Class::Blank;
        if (plain >= '0' && plain <= '9')
            return Class::Digit;
        const auto lower = plain | 0x20U;
        return lower >= 'a' && lower <= 'z' ? Class::Letter : Class::Mark;
    }
    if (is_blank(point))
        return Class::Blank;
    return u_isalpha(static_cast<UChar32>(point)) != 0 ? Class::Letter : Class::Mark;
}

/// A text read from left to right.
struct Cursor {
    std::string_view text;
    std::size_t offset = 0;
    CodePoint point = {0, 0, true};

    bool done() const { return offset >= text.size(); }
    void look()
    {
        if (!done())
            point = decode_utf8(text, offset);
    }
    void step()
    {
        offset += point.length;
        look();
    }
};

/// Letters and digits up to the next other character; 3.5 and 1,000 are one number.
Word read_alphanumeric(Cursor& cursor)
{
    Word word{cursor.offset, 0, WordKind::Number, true};
    while (!cursor.done()) {
        const auto kind = class_of(cursor.point.value);
        if (kind == Class::Letter)
            word.kind = WordKind::Latin;
        if (kind == Class::Letter || kind == Class::Digit) {
            cursor.step();
            continue;
        }
        const auto plain = half_width(cursor.point.value);
        const auto after = cursor.offset + cursor.point.length;
        if (word.kind != WordKind::Number || (plain != '.' && plain != ',')
            || after >= cursor.text.size()
            || class_of(decode_utf8(cursor.text, after).value) != Class::Digit)
            break;
        cursor.step();
    }
    word.length = cursor.offset - word.offset;
    return word;
}

/// 国办发, 2017 and 47 of 国办发〔2017〕47号.
void add_number_parts(
    std::string_view text, const Word& word, Term& term,
    const std::function<void(const Term&)>& each)
{
    term.whole = false;
    for (const auto& number : find_document_numbers(text.substr(word.offset, word.length)))
        for (auto& part :
             {number.organ, std::to_string(number.year), std::to_string(number.serial)}) {
            term.text = part;
            each(term);
        }
}

struct Step {
    float score = NOT_REACHED;
    std::uint16_t length = 1; // Characters of the word that ends here.
    bool known = false;
};

struct Block {
    std::array<char32_t, BLOCK_MAX> points;
    std::array<std::size_t, BLOCK_MAX + 1> offsets;
    std::array<Step, BLOCK_MAX + 1> steps;
    std::size_t size = 0;
};

} // namespace

struct Segmenter::Parts {
    const Lexicon& lexicon = Lexicon::standard();
    HanTrie user;
    std::vector<bool> user_words; // By node.

    void add_user_word(std::string_view word);
    void relax(Block& block, std::size_t start) const;
    void segment_han(Cursor& cursor, Block& block, std::vector<Word>& words) const;
    std::vector<Word> segment(std::string_view utf8) const;
    void add_inner_terms(
        std::string_view text, const Word& word, Term& term,
        const std::function<void(const Term&)>& each) const;
    void add_joint(
        std::string_view text, const Word& left, const Word& right, std::uint32_t position,
        const std::function<void(const Term&)>& each) const;
    bool is_word(std::u32string_view word) const;
};

void Segmenter::Parts::add_user_word(std::string_view word)
{
    const auto points = to_code_points(trim(word));
    if (points.size() < 2 || !std::all_of(points.begin(), points.end(), is_han))
        return;
    const auto node = user.insert(points);
    if (node >= user_words.size())
        user_words.resize(node + 1, false);
    user_words[node] = true;
}

bool Segmenter::Parts::is_word(std::u32string_view word) const
{
    const auto node = lexicon.trie().find(word);
    if (node != HanTrie::NONE && lexicon.is_word(node))
        return true;
    const auto own = user.find(word);
    return own != HanTrie::NONE && own < user_words.size() && user_words[own];
}

/// Offers every word that begins at `start` to the place where it ends.
void Segmenter::Parts::relax(Block& block, std::size_t start) const
{
    const auto base = block.steps[start].score;
    const auto offer = [&](std::size_t length, float score, bool known) {
        auto& step = block.steps[start + length];
        if (base + score > step.score)
            step = {base + score, static_cast<std::uint16_t>(length), known};
    };
    offer(1, UNKNOWN_CHARACTER, false);
    auto node = lexicon.trie().first(block.points[start]);
    for (auto at = start; node != HanTrie::NONE;) {
        if (lexicon.is_word(node))
            offer(at - start + 1, lexicon.score(node), true);
        if (++at >= block.size)
            break;
        node = lexicon.trie().next(node, block.points[at]);
    }
    auto own = user.first(block.points[start]);
    for (auto at = start; own != HanTrie::NONE;) {
        if (own < user_words.size() && user_words[own])
            offer(at - start + 1, USER_WORD, true);
        if (++at >= block.size)
            break;
        own = user.next(own, block.points[at]);
    }
}

/// Takes Han characters from the cursor, up to a block, and appends their words.
void Segmenter::Parts::segment_han(Cursor& cursor, Block& block, std::vector<Word>& words) const
{
    block.size = 0;
    while (!cursor.done() && block.size < BLOCK_MAX && is_han(cursor.point.value)) {
        block.points[block.size] = cursor.point.value;
        block.offsets[block.size] = cursor.offset;
        ++block.size;
        cursor.step();
    }
    block.offsets[block.size] = cursor.offset;
    std::fill_n(block.steps.begin(), block.size + 1, Step{});
    block.steps[0].score = 0;
    for (std::size_t start = 0; start < block.size; ++start)
        relax(block, start);
    const auto first = words.size();
    for (auto end = block.size; end > 0; end -= block.steps[end].length) {
        const auto& step = block.steps[end];
        const auto start = block.offsets[end - step.length];
        words.push_back({start, block.offsets[end] - start, WordKind::Han, step.known});
    }
    std::reverse(words.begin() + static_cast<std::ptrdiff_t>(first), words.end());
}

std::vector<Word> Segmenter::Parts::segment(std::string_view utf8) const
{
    std::vector<Word> words;
    words.reserve(utf8.size() / 5);
    const auto block = std::make_unique<Block>();
    const auto numbers = find_document_numbers(utf8);
    std::size_t number = 0;
    Cursor cursor{numbers.empty() ? utf8 : utf8.substr(0, numbers[0].offset)};
    cursor.look();
    while (true) {
        if (cursor.done() && number < numbers.size()) {
            const auto& found = numbers[number];
            words.push_back({found.offset, found.length, WordKind::DocumentNumber, true});
            ++number;
            cursor.text = number < numbers.size() ? utf8.substr(0, numbers[number].offset) : utf8;
            cursor.offset = found.offset + found.length;
            cursor.look();
            continue;
        }
        if (cursor.done())
            return words;
        switch (class_of(cursor.point.value)) {
        case Class::Blank: cursor.step(); break;
        case Class::Han: segment_han(cursor, *block, words); break;
        case Class::Digit:
        case Class::Letter: words.push_back(read_alphanumeric(cursor)); break;
        case Class::Mark:
            words.push_back({cursor.offset, cursor.point.length, WordKind::Punctuation, true});
            cursor.step();
            break;
        }
    }
}

/// The lexicon's words and the pairs inside a Han word of three characters and more.
void Segmenter::Parts::add_inner_terms(
    std::string_view text, const Word& word, Term& term,
    const std::function<void(const Term&)>& each) const
{
    const auto points = to_code_points(text.substr(word.offset, word.length));
    if (points.size() < 3)
        return;
    std::vector<std::size_t> offsets = {word.offset};
    while (offsets.size() <= points.size())
        offsets.push_back(offsets.back() + decode_utf8(text, offsets.back()).length);
    const std::u32string_view view(points);
    for (std::size_t start = 0; start + 1 < points.size(); ++start) {
        for (std::size_t length = 2; start + length <= points.size() && length <= 6; ++length) {
            if (length == points.size() || (length > 2 && !is_word(view.substr(start, length))))
                continue;
            term.offset = offsets[start];
            term.length = offsets[start + length] - term.offset;
            term.text.assign(text.substr(term.offset, term.length));
            term.whole = false;
            each(term);
        }
    }
}

/// The pair of characters where two words meet, when one of them is a single character that says
/// something: names that the lexicon does not know fall apart into such (云岭|市).
void Segmenter::Parts::add_joint(
    std::string_view text, const Word& left, const Word& right, std::uint32_t position,
    const std::function<void(const Term&)>& each) const
{
    const auto telling_single = [&](const Word& word) {
        const auto point = decode_utf8(text, word.offset);
        const auto node = lexicon.trie().first(point.value);
        return word.length == point.length
               && (node == HanTrie::NONE || lexicon.score(node) < FUNCTION_WORD);
    };
    if (left.kind != WordKind::Han || right.kind != WordKind::Han
        || left.offset + left.length != right.offset
        || !(telling_single(left) || telling_single(right)))
        return;
    auto start = right.offset - 1;
    while ((static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U)
        --start;
    const auto end = right.offset + decode_utf8(text, right.offset).length;
    each({std::string(text.substr(start, end - start)), start, end - start, position, false});
}

Segmenter::Segmenter(const std::vector<std::string>& user_words)
    : parts_(std::make_unique<Parts>())
{
    for (const auto& word : user_words)
        parts_->add_user_word(word);
}

Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

std::vector<Word> Segmenter::segment(std::string_view utf8) const { return parts_->segment(utf8); }

std::string Segmenter::fold(std::string_view word, WordKind kind)
{
    if (kind == WordKind::Han)
        return std::string(word);
    if (kind == WordKind::DocumentNumber)
        return normalise_document_number(word).value_or(std::string(word));
    std::string folded;
    for (std::size_t offset = 0; offset < word.size();) {
        const auto point = decode_utf8(word, offset);
        const auto plain = half_width(point.value);
        append_utf8(folded, static_cast<char32_t>(u_tolower(static_cast<UChar32>(plain))));
        offset += point.length;
    }
    return folded;
}

void Segmenter::index_terms(
    std::string_view utf8, const std::function<void(const Term&)>& each) const
{
    std::uint32_t position = 0;
    const Word* before = nullptr;
    const auto words = parts_->segment(utf8);
    for (const auto& word : words) {
        if (word.kind == WordKind::Punctuation) {
            before = nullptr;
            ++position; // A phrase does not reach across a mark.
            continue;
        }
        if (before != nullptr)
            parts_->add_joint(utf8, *before, word, position - 1, each);
        Term term{
            fold(utf8.substr(word.offset, word.length), word.kind), word.offset, word.length,
            position++, true};
        each(term);
        if (word.kind == WordKind::Han && word.length > 6)
            parts_->add_inner_terms(utf8, word, term, each);
        if (word.kind == WordKind::DocumentNumber)
            add_number_parts(utf8, word, term, each);
        before = &word;
    }
}

std::vector<Term> Segmenter::index_terms(std::string_view utf8) const
{
    std::vector<Term> terms;
    index_terms(utf8, [&](const Term& term) { terms.push_back(term); });
    return terms;
}

bool Segmenter::is_word(std::string_view utf8) const
{
    return parts_->is_word(to_code_points(utf8));
}

float Segmenter::log_probability(std::string_view word) const
{
    const auto node = parts_->lexicon.trie().find(to_code_points(word));
    return node == HanTrie::NONE ? Lexicon::UNKNOWN : parts_->lexicon.score(node);
}

const Segmenter& standard_segmenter()
{
    static const Segmenter segmenter;
    return segmenter;
}

} // namespace text
