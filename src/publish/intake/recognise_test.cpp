#include "publish/intake/recognise.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace intake {
namespace {

using What = Concern::What;

std::string read_file(const std::string& name)
{
    std::ifstream in(
        std::string(HUABIAO_SOURCE_DIR) + "/data/demo/documents/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Recognition recognised(const std::string& name)
{
    auto result = recognise(read_file(name), name);
    EXPECT_TRUE(result.has_value());
    return result.value_or(Recognition{});
}

std::size_t count_of(const RecognisedDocument& document, What what)
{
    return static_cast<std::size_t>(std::count_if(
        document.concerns.begin(), document.concerns.end(),
        [&](const Concern& concern) { return concern.what == what; }));
}

std::size_t count_in(std::string_view text, std::string_view part)
{
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size()))
        ++found;
    return found;
}

base::Date day(int year, unsigned month, unsigned of_month)
{
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(of_month)};
}

std::string code_of(std::string_view bytes, std::string_view name)
{
    const auto result = recognise(bytes, name);
    return result ? std::string() : result.error().code;
}

TEST(Dingxi, OrganDateAndAddresseeAreRecognisedAsTheyStand)
{
    const auto found = recognised("2017-dingxi-websites.txt").document;
    EXPECT_EQ(found.issuing_organ, "定西市人民政府辦公室");
    EXPECT_EQ(found.issued_on, day(2017, 7, 19));
    EXPECT_TRUE(found.addressee.starts_with("各縣區"));
    EXPECT_EQ(found.title, "");
    EXPECT_EQ(found.document_number, "") << "the number of a cited document is not its own";
}

TEST(Dingxi, DamageIsFlaggedAndNothingIsRepaired)
{
    const auto found = recognised("2017-dingxi-websites.txt").document;
    EXPECT_GE(count_of(found, What::DamagedText), 6U);
    EXPECT_EQ(count_of(found, What::TraditionalText), 1U);
    EXPECT_EQ(count_of(found, What::Readings), 1U);
    EXPECT_EQ(count_of(found, What::MissingTitle), 1U);
    EXPECT_EQ(count_of(found, What::BrokenNumbering), 1U)
        << "（一）（二） are lost, （三） follows";
    EXPECT_NE(found.body_html.find("?。ㄒ唬"), std::string::npos);
    EXPECT_NE(found.body_html.find("認(rèn)真"), std::string::npos);
}

TEST(Dingxi, ConcernsPointAtTheirPlace)
{
    const auto found = recognised("2017-dingxi-websites.txt").document;
    for (const auto& concern : found.concerns) {
        EXPECT_LE(concern.where, found.source_text.size());
        EXPECT_FALSE(concern.message.empty());
        if (concern.what == What::DamagedText) {
            EXPECT_NE(found.source_text.find(concern.excerpt), std::string::npos);
        }
    }
}

TEST(Dingxi, UndamagedLevelsAreHeadings)
{
    const auto found = recognised("2017-dingxi-websites.txt").document;
    EXPECT_EQ(count_in(found.body_html, "<h2>"), 3U);
    EXPECT_NE(found.body_html.find("<p class=\"c-right\">2017年7月19日</p>"), std::string::npos);
}

TEST(Wuhai, NumberTitleOrganAndDateAreRecognised)
{
    const auto found = recognised("2007-wuhai-websites.txt").document;
    EXPECT_EQ(found.title, "乌海市人民政府办公厅关于加强政府网站建设和管理工作的实施意见");
    EXPECT_EQ(found.document_number, "乌海政发办〔2007〕3号");
    EXPECT_EQ(found.issuing_organ, "乌海市人民政府办公厅");
    EXPECT_EQ(found.issued_on, day(2007, 2, 15)) << "二○○七年二月十五日";
    EXPECT_EQ(found.addressee, "各区人民政府，市府各部门：");
}

TEST(Wuhai, TheOneLongLineBecomesTenSections)
{
    const auto found = recognised("2007-wuhai-websites.txt").document;
    EXPECT_EQ(count_in(found.body_html, "<h2>"), 10U);
    EXPECT_NE(
        found.body_html.find("<p class=\"c-right\">二○○七年二月十五日</p>"), std::string::npos);
    EXPECT_EQ(count_of(found, What::BrokenNumbering), 0U);
    EXPECT_EQ(count_of(found, What::DamagedText), 0U);
}

TEST(Wuhai, LinesOfThePageAreLeftOutAndNamed)
{
    const auto found = recognised("2007-wuhai-websites.txt").document;
    EXPECT_EQ(found.body_html.find("更新日期"), std::string::npos);
    EXPECT_EQ(count_of(found, What::LostContent), 2U) << "the page's own title and 更新日期";
}

TEST(Ningxia, SignatureDateAndPublicityAreRecognised)
{
    const auto found = recognised("2022-ningxia-operations.txt").document;
    EXPECT_EQ(found.issuing_organ, "宁夏回族自治区人民政府办公厅");
    EXPECT_EQ(found.issued_on, day(2022, 8, 24));
    EXPECT_EQ(found.publicity, "此件公开发布");
    EXPECT_EQ(found.document_number, "");
    EXPECT_EQ(count_of(found, What::MissingTitle), 1U);
    EXPECT_NE(
        found.body_html.find("<p class=\"c-right\">宁夏回族自治区人民政府办公厅</p>"
                             "<p class=\"c-right\">2022年8月24日</p>"),
        std::string::npos);
}

TEST(Ningxia, LevelsAreHeadingsAndRunInHeadingsAreStrong)
{
    const auto found = recognised("2022-ningxia-operations.txt").document;
    EXPECT_EQ(count_in(found.body_html, "<h2>"), 3U);
    EXPECT_NE(found.body_html.find("<h3>(一)规范开办下线程序。</h3>"), std::string::npos);
    EXPECT_NE(
        found.body_html.find("<p><strong>(二)完善政府网站功能。</strong>各地各部门"),
        std::string::npos);
    EXPECT_NE(found.body_html.find("<p>1.各市、县(区)人民政府要开设"), std::string::npos);
    EXPECT_EQ(count_of(found, What::DamagedText), 0U);
    EXPECT_EQ(count_of(found, What::BrokenNumbering), 0U);
}

TEST(Hunan, AttachmentsAndSignatureAreRecognised)
{
    const auto found = recognised("2018-hunan-inspection.txt").document;
    EXPECT_EQ(found.issuing_organ, "湖南省人民政府辦公廳");
    EXPECT_EQ(found.issued_on, day(2018, 3, 19));
    EXPECT_TRUE(found.publicity.starts_with("此件主動")) << found.publicity;
    ASSERT_EQ(found.attachments.size(), 3U);
    EXPECT_TRUE(found.attachments.front().starts_with("2018第一季度"));
}

TEST(Hunan, DoubledCommasAndTheMaskedAddressAreFlagged)
{
    const auto found = recognised("2018-hunan-inspection.txt").document;
    EXPECT_EQ(count_of(found, What::DoubledMarks), 1U);
    EXPECT_EQ(count_of(found, What::MaskedText), 1U);
    EXPECT_EQ(count_of(found, What::TraditionalText), 1U);
    EXPECT_EQ(count_of(found, What::BrokenNumbering), 0U);
    EXPECT_EQ(count_in(found.body_html, "<h2>"), 3U);
}

TEST(Fengdu, TitleOrganAndDateAreRecognised)
{
    const auto found = recognised("2019-fengdu-new-media.txt").document;
    EXPECT_EQ(found.title, "关于推进政府网站和政务新媒体健康有序发展的通知");
    EXPECT_EQ(found.issuing_organ, "丰都县人民政府办公室");
    EXPECT_EQ(found.issued_on, day(2019, 12, 18));
    ASSERT_EQ(found.attachments.size(), 1U);
    EXPECT_EQ(found.attachments.front(), "《政府网站和政务新媒体检查指标》");
    EXPECT_EQ(count_of(found, What::MissingNumber), 1U);
}

TEST(Fengdu, TheAnnexHasThreeTablesAndTheirBrokenRowsAreFlagged)
{
    const auto found = recognised("2019-fengdu-new-media.txt").document;
    EXPECT_EQ(count_in(found.body_html, "<table>"), 3U);
    EXPECT_EQ(count_in(found.body_html, "<tr>"), 10U + 31U + 11U);
    EXPECT_EQ(count_in(found.body_html, "<th>"), 3U + 4U + 4U);
    EXPECT_EQ(count_of(found, What::BrokenTable), 3U);
    EXPECT_NE(
        found.body_html.find("<h2 class=\"c-center\">政府网站和政务新媒体检查指标</h2>"),
        std::string::npos);
}

TEST(Fengdu, ItsOwnInterpretationIsASecondDocument)
{
    const auto found = recognised("2019-fengdu-new-media.txt");
    ASSERT_TRUE(found.interpretation.has_value());
    EXPECT_EQ(
        found.interpretation->title, "《关于推进政府网站和政务新媒体健康有序发展的通知》政策解读");
    EXPECT_TRUE(found.interpretation->body_html.starts_with("<p>近日,丰都县人民政府办公室印发了"));
    EXPECT_EQ(count_in(found.interpretation->body_html, "<h2>"), 4U);
    EXPECT_EQ(count_of(*found.interpretation, What::TruncatedEnd), 1U);
    EXPECT_EQ(found.document.body_html.find("近日,丰都县"), std::string::npos);
}

TEST(Text, Gb18030IsReadAndFlagged)
{
    // 关于做好工作的通知 / 各部门： / 请照办。
    const std::string bytes =
        "\xB9\xD8\xD3\xDA\xD7\xF6\xBA\xC3\xB9\xA4\xD7\xF7\xB5\xC4\xCD\xA8\xD6\xAA\n"
        "\xB8\xF7\xB2\xBF\xC3\xC5\xA3\xBA\n\xC7\xEB\xD5\xD5\xB0\xEC\xA1\xA3\n";
    const auto found = recognise(bytes, "a.txt");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->document.title, "关于做好工作的通知");
    EXPECT_EQ(count_of(found->document, What::OddCharset), 1U);
}

TEST(Text, AFewBrokenBytesAreShownAndFlagged)
{
    std::string line = "关于加强管理的通知\n各部门：\n";
    for (int i = 0; i < 20; ++i)
        line += "各级各部门要认真贯彻执行本通知的各项要求。";
    const auto found = recognise(line + "\xFF。", "a.txt");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(count_of(found->document, What::DamagedText), 1U);
}

TEST(Text, MarkupInPlainTextIsText)
{
    const auto html = body_from_text("一、标题<script>\n正文 & \"引号\"");
    EXPECT_EQ(html.find("<script>"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_NE(html.find("正文 &amp; "), std::string::npos);
}

TEST(Text, ABarRowAloneIsASentenceAndTwoAreATable)
{
    EXPECT_EQ(body_from_text("甲 | 乙 |"), "<p>甲 | 乙 |</p>");
    EXPECT_EQ(
        body_from_text("名称 | 数量 |\n茶叶 | 3 |"),
        "<table><thead><tr><th>名称</th><th>数量</th></tr></thead>"
        "<tbody><tr><td>茶叶</td><td>3</td></tr></tbody></table>");
}

TEST(Text, NumberedParagraphsStayParagraphs)
{
    EXPECT_EQ(
        body_from_text("一、本市行政区域内的古树，均受法律保护。"),
        "<p>一、本市行政区域内的古树，均受法律保护。</p>");
    EXPECT_EQ(body_from_text("第二章 开设与变更"), "<h2>第二章 开设与变更</h2>");
}

TEST(Html, StructureBoldAndSpansAreKept)
{
    const auto found = recognise(
        "<html><head><title>网站</title><style>p{}</style></head><body><nav>首页</nav>"
        "<h1>关于开展检查的通知</h1><p>各部门：</p><p>请<b>认真</b>办理。</p>"
        "<script>alert(1)</script><table><tr><th colspan=2>表头</th></tr>"
        "<tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>"
        "<ul><li>第一条</li><li>第二条</li></ul></body></html>",
        "通知.HTML");
    ASSERT_TRUE(found.has_value());
    const auto& document = found->document;
    EXPECT_EQ(document.title, "关于开展检查的通知");
    EXPECT_NE(document.body_html.find("<p>请<strong>认真</strong>办理。</p>"), std::string::npos);
    EXPECT_NE(document.body_html.find("colspan=\"2\""), std::string::npos);
    EXPECT_NE(document.body_html.find("rowspan=\"2\""), std::string::npos);
    EXPECT_NE(document.body_html.find("<ul><li>第一条</li>"), std::string::npos);
    EXPECT_EQ(document.body_html.find("alert"), std::string::npos);
    EXPECT_EQ(document.body_html.find("首页"), std::string::npos);
}

TEST(Refusals, SayWhatIsWrong)
{
    EXPECT_EQ(code_of("", "a.txt"), "intake.empty");
    EXPECT_EQ(code_of(" \n\t\n", "a.txt"), "intake.empty");
    EXPECT_EQ(code_of("x", "a.doc"), "intake.unsupported_type");
    EXPECT_EQ(code_of("x", "docx"), "intake.unsupported_type");
    EXPECT_EQ(code_of("%PDF-1.7", "a.txt"), "intake.wrong_type");
    EXPECT_EQ(code_of("plain", "a.docx"), "intake.wrong_type");
    EXPECT_EQ(code_of(std::string("a\0b", 3), "a.txt"), "intake.wrong_type");
    EXPECT_EQ(code_of("\xFF\xFF\xFF\xFF\x80\x80", "a.txt"), "intake.unreadable_text");
    EXPECT_EQ(code_of(std::string(9 * 1024 * 1024, 'a'), "a.txt"), "intake.too_large");
}

TEST(Hostile, ALineOfAMillionBytesIsOneParagraph)
{
    std::string line;
    while (line.size() < 1'000'000)
        line += "一字不断";
    const auto found = recognise(line, "a.txt");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(count_in(found->document.body_html, "<p>"), 1U);
}

TEST(Hostile, AMillionBracketsBarsAndTagsEnd)
{
    for (const std::string_view piece :
         {"（", "|", "<div>", "((", "?。", "一、\n", "<table><tr><td>"}) {
        std::string input;
        while (input.size() < 60'000)
            input += piece;
        for (const std::string_view name : {"a.txt", "a.html"}) {
            const auto found = recognise(input, name);
            EXPECT_TRUE(found.has_value() || !found.error().message.empty());
        }
    }
}

} // namespace
} // namespace intake
