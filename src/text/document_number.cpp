#include "text/document_number.h"

#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace text {

namespace {

constexpr std::size_t ORGAN_MAX = 16; // Characters; the longest in use have about twelve.
constexpr std::size_t SERIAL_DIGITS_MAX = 6;
constexpr std::size_t BLANKS_MAX = 3;
constexpr int YEAR_MIN = 1949;
constexpr int YEAR_MAX = 2099;
constexpr std::string_view HAO = "号";

/// A reader that walks a text backwards, character by character.
class BackwardReader {
public:
    BackwardReader(std::string_view text, std::size_t end, std::size_t floor)
        : text_(text)
        , offset_(end)
        , floor_(floor)
    {
    }

    std::size_t offset() const { return offset_; }

    /// The character before the current place; 0 at the floor.
    char32_t peek() const
    {
        const auto start = previous();
        return start == offset_ ? 0 : decode_utf8(text_, start).value;
    }
    void step() { offset_ = previous(); }

    void skip_blanks()
    {
        for (std::size_t count = 0; count < BLANKS_MAX && peek() != 0 && is_blank(peek()); ++count)
            step();
    }

private:
    std::size_t previous() const
    {
        auto start = offset_;
        while (start > floor_) {
            --start;
            const auto byte = static_cast<unsigned char>(text_[start]);
            if ((byte & 0xC0U) != 0x80U || offset_ - start == 4)
                break;
        }
        return start;
    }

    std::string_view text_;
    std::size_t offset_;
    std::size_t floor_;
};

int digit_of(char32_t point)
{
    const auto plain = half_width(point);
    return plain >= '0' && plain <= '9' ? static_cast<int>(plain - '0') : -1;
}

/// Digits before the reader, most significant last read. Nullopt when there are none or too many.
std::optional<long> read_number(BackwardReader& reader, std::size_t digits_max)
{
    long value = 0;
    long weight = 1;
    std::size_t count = 0;
    while (digit_of(reader.peek()) >= 0) {
        if (count == digits_max)
            return std::nullopt;
        value += weight * digit_of(reader.peek());
        weight *= 10;
        ++count;
        reader.step();
    }
    return count == 0 ? std::nullopt : std::optional(value);
}

bool is_one_of(char32_t point, std::u32string_view set)
{
    return point != 0 && set.find(point) != std::u32string_view::npos;
}

bool is_organ_character(char32_t point)
{
    const auto plain = half_width(point);
    return (is_han(point) && point != U'号') || (plain >= 'A' && plain <= 'Z')
           || (plain >= 'a' && plain <= 'z');
}

/// Phrases that stand before a number in running text and belong to the sentence, not to the organ.
constexpr std::array<std::u32string_view, 32> LEAD_INS = {
    U"根据", U"按照", U"依据", U"依照", U"遵照", U"贯彻", U"落实", U"执行",
    U"关于", U"印发", U"转发", U"参照", U"详见", U"参见", U"废止", U"文件",
    U"通知", U"意见", U"办法", U"规定", U"文号", U"字号", U"编号", U"原文",
    U"下发", U"制定", U"发布", U"公布", U"修订", U"以及", U"的",   U"是"};
/// Joins two numbers; 和政办发 at the start of a phrase is the county 和政, so these are cut only
/// there.
constexpr std::u32string_view CONJUNCTIONS = U"和与及或同";

std::size_t lead_in_length(std::u32string_view organ, bool after_number)
{
    std::size_t cut = 0;
    for (const auto phrase : LEAD_INS) {
        const auto found = organ.rfind(phrase);
        if (found != std::u32string_view::npos)
            cut = std::max(cut, found + phrase.size());
    }
    if (cut == 0 && after_number && organ.size() > 2 && is_one_of(organ[0], CONJUNCTIONS))
        cut = 1;
    return organ.size() - cut >= 2 ? cut : 0;
}

/// In round brackets "(2019)3号" is as often a house as a document: there the organ must end like
/// one.
constexpr std::u32string_view ORGAN_ENDINGS =
    U"发函字办令电议规通告批复纪任政秘文审预建人财环土农医教保监管法公安综执金税统民卫交水林";

struct Match {
    DocumentNumber number;
    bool found = false;
};

bool read_organ(std::string_view text, BackwardReader& reader, bool round, DocumentNumber& number)
{
    const auto end = reader.offset();
    std::u32string reversed;
    while (reversed.size() < ORGAN_MAX && is_organ_character(reader.peek())) {
        reversed += reader.peek();
        reader.step();
    }
    if (reversed.size() < 2 || !is_han(reversed.front()))
        return false;
    if (round && !is_one_of(reversed.front(), ORGAN_ENDINGS))
        return false;
    const std::u32string organ(reversed.rbegin(), reversed.rend());
    const auto cut = lead_in_length(organ, reader.peek() == U'号');
    number.offset = reader.offset();
    for (std::size_t index = 0; index < cut; ++index)
        number.offset += decode_utf8(text, number.offset).length;
    number.organ = to_half_width(text.substr(number.offset, end - number.offset));
    return true;
}

Match match_before(std::string_view text, std::size_t hao, std::size_t floor)
{
    Match match;
    BackwardReader reader(text, hao, floor);
    reader.skip_blanks();
    const auto serial = read_number(reader, SERIAL_DIGITS_MAX);
    if (!serial || *serial == 0)
        return match;
    reader.skip_blanks();
    if (reader.peek() == U'第')
        reader.step();
    reader.skip_blanks();
    const auto closing = reader.peek();
    if (!is_one_of(closing, U"〕]］)）】〗﹞"))
        return match;
    reader.step();
    reader.skip_blanks();
    const auto year = read_number(reader, 4);
    if (!year || *year < YEAR_MIN || *year > YEAR_MAX)
        return match;
    reader.skip_blanks();
    const auto opening = reader.peek();
    if (!is_one_of(opening, U"〔[［(（【〖﹝"))
        return match;
    reader.step();
    reader.skip_blanks();
    if (!read_organ(text, reader, is_one_of(opening, U"(（"), match.number))
        return match;
    match.number.year = static_cast<int>(*year);
    match.number.serial = *serial;
    match.number.length = hao + HAO.size() - match.number.offset;
    match.found = true;
    return match;
}

} // namespace

std::string DocumentNumber::canonical() const
{
    return fmt::format("{}〔{}〕{}号", organ, year, serial);
}

std::vector<DocumentNumber> find_document_numbers(std::string_view utf8)
{
    std::vector<DocumentNumber> numbers;
    std::size_t floor = 0;
    for (auto hao = utf8.find(HAO); hao != std::string_view::npos;
         hao = utf8.find(HAO, hao + HAO.size())) {
        const auto backstop = floor >= HAO.size() ? floor - HAO.size() : 0;
        auto match = match_before(utf8, hao, backstop);
        if (!match.found || match.number.offset < floor)
            continue;
        floor = hao + HAO.size();
        numbers.push_back(std::move(match.number));
    }
    return numbers;
}

std::optional<std::string> normalise_document_number(std::string_view utf8)
{
    const auto trimmed = trim(utf8);
    const auto numbers = find_document_numbers(trimmed);
    if (numbers.size() != 1 || numbers[0].offset != 0 || numbers[0].length != trimmed.size())
        return std::nullopt;
    return numbers[0].canonical();
}

} // namespace text
