#include "text/words.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace text {

namespace {

std::string joined(const Segmenter& segmenter, std::string_view sentence)
{
    std::string result;
    for (const auto& word : segmenter.segment(sentence)) {
        if (!result.empty())
            result += '/';
        result += sentence.substr(word.offset, word.length);
    }
    return result;
}

bool has_term(const std::vector<Term>& terms, std::string_view text)
{
    return std::any_of(
        terms.begin(), terms.end(), [&](const Term& term) { return term.text == text; });
}

} // namespace

TEST(Words, TheMostProbablePathWins)
{
    const auto& segmenter = standard_segmenter();
    EXPECT_EQ(joined(segmenter, "研究生命起源"), "研究/生命/起源");
    EXPECT_EQ(
        joined(segmenter, "国务院办公厅关于加强政务公开工作的通知"),
        "国务院/办公厅/关于/加强/政务/公开/工作/的/通知");
    EXPECT_EQ(joined(segmenter, "医保报销比例"), "医保/报销/比例");
}

TEST(Words, PunctuationIsAWordAndBlanksAreNot)
{
    EXPECT_EQ(joined(standard_segmenter(), "通知　 公告，\n意见。"), "通知/公告/，/意见/。");
}

TEST(Words, UserWordsBeatCommonOnes)
{
    const Segmenter segmenter({"云岭市", "青溪县", "云岭市财政局"});
    EXPECT_EQ(joined(segmenter, "青溪县和云岭市的干部"), "青溪县/和/云岭市/的/干部");
    EXPECT_EQ(joined(segmenter, "云岭市财政局的通知"), "云岭市财政局/的/通知");
    EXPECT_TRUE(segmenter.is_word("青溪县"));
    EXPECT_FALSE(standard_segmenter().is_word("青溪县"));
}

TEST(Words, ADocumentNumberIsOneWord)
{
    const std::string_view text = "根据国办发[2017]47号文件";
    const auto words = standard_segmenter().segment(text);
    const auto number = std::find_if(words.begin(), words.end(), [](const Word& word) {
        return word.kind == WordKind::DocumentNumber;
    });
    ASSERT_NE(number, words.end());
    EXPECT_EQ(text.substr(number->offset, number->length), "国办发[2017]47号");
    const auto terms = standard_segmenter().index_terms(text);
    for (const auto* term : {"国办发〔2017〕47号", "国办发", "2017", "47"})
        EXPECT_TRUE(has_term(terms, term)) << term;
}

TEST(Words, LettersAndDigitsAreFolded)
{
    const auto terms = standard_segmenter().index_terms("ＣＯＶＩＤ－19 和 H5N1，同比增长3.5%");
    for (const auto* term : {"covid", "19", "h5n1", "3.5"})
        EXPECT_TRUE(has_term(terms, term)) << term;
}

TEST(Words, PairsInsideALongWordAreTerms)
{
    const auto terms = standard_segmenter().index_terms("中华人民共和国住房公积金云岭市");
    for (const auto* term : {"中华", "人民", "共和", "共和国", "公积", "云岭", "岭市"})
        EXPECT_TRUE(has_term(terms, term)) << term;
}

TEST(Words, TermsOfOneWordShareItsPosition)
{
    for (const auto& term : standard_segmenter().index_terms("巴布亚新几内亚的公告"))
        EXPECT_TRUE(term.text != "公告" || term.position == 2) << term.position;
}

TEST(Words, OffsetsCoverTheTextWithoutOverlap)
{
    const std::string text =
        "政府\xFF公报" + std::string(3000, 'x') + "，国发〔2024〕1号和国办发〔2024〕2号";
    std::size_t end = 0;
    for (const auto& word : standard_segmenter().segment(text)) {
        EXPECT_GE(word.offset, end);
        EXPECT_GT(word.length, 0U);
        end = word.offset + word.length;
    }
    EXPECT_EQ(end, text.size());
}

TEST(Words, ALongRunWithoutMarksIsCutCompletely)
{
    std::string text;
    for (int count = 0; count < 5000; ++count)
        text += "人民政府";
    const auto words = standard_segmenter().segment(text);
    EXPECT_GE(words.size(), 5000U);
    EXPECT_EQ(words.back().offset + words.back().length, text.size());
}

TEST(Words, ProbabilityRanksCommonWordsFirst)
{
    const auto& segmenter = standard_segmenter();
    EXPECT_GT(segmenter.log_probability("的"), segmenter.log_probability("医保"));
    EXPECT_LT(segmenter.log_probability("医宝宝医"), -50);
}

} // namespace text
