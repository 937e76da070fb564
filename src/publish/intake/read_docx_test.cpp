#include "publish/intake/archive.h"
#include "publish/intake/recognise.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <zip.h>

namespace intake {
namespace {

using Parts = std::map<std::string, std::string>;

std::string zipped(const Parts& parts)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* sink = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(sink);
    zip_t* zip = zip_open_from_source(sink, ZIP_TRUNCATE, &error);
    for (const auto& [name, contents] : parts) {
        zip_source_t* source = zip_source_buffer(zip, contents.data(), contents.size(), 0);
        zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    }
    EXPECT_EQ(zip_close(zip), 0);
    zip_stat_t stat;
    zip_source_stat(sink, &stat);
    std::string bytes(stat.size, '\0');
    zip_source_open(sink);
    zip_source_read(sink, bytes.data(), bytes.size());
    zip_source_close(sink);
    zip_source_free(sink);
    return bytes;
}

std::string document(const std::string& body)
{
    return R"(<?xml version="1.0"?><w:document xmlns:w="x"><w:body>)" + body
           + "</w:body></w:document>";
}

std::string paragraph(const std::string& text, const std::string& properties = "")
{
    return "<w:p><w:pPr>" + properties + "</w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>";
}

std::string word(const std::string& body, Parts more = {})
{
    more["word/document.xml"] = document(body);
    return zipped(more);
}

RecognisedDocument read(const std::string& body, const Parts& more = {})
{
    const auto found = recognise(word(body, more), "公文.docx");
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    return found ? found->document : RecognisedDocument{};
}

std::string code_of(const std::string& bytes)
{
    const auto found = recognise(bytes, "公文.docx");
    return found ? std::string() : found.error().code;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

TEST(Word, AWholeDocumentIsRecognised)
{
    const auto found = read(
        paragraph("云岭市人民政府文件", "<w:jc w:val='center'/>")
        + paragraph("云政发〔2026〕18号", "<w:jc w:val='center'/>")
        + paragraph("云岭市人民政府关于做好防汛工作的通知", "<w:jc w:val='center'/>")
        + paragraph("各县人民政府：") + paragraph("一、工作目标") + paragraph("确保安全度汛。")
        + paragraph("附件：1. 物资清单") + paragraph("2. 联系表")
        + paragraph("云岭市人民政府", "<w:jc w:val='right'/>")
        + paragraph("2026年3月5日", "<w:jc w:val='right'/>"));
    EXPECT_EQ(found.title, "云岭市人民政府关于做好防汛工作的通知");
    EXPECT_EQ(found.document_number, "云政发〔2026〕18号");
    EXPECT_EQ(found.issuing_organ, "云岭市人民政府");
    EXPECT_EQ(found.addressee, "各县人民政府：");
    ASSERT_TRUE(found.issued_on.has_value());
    EXPECT_EQ(base::to_date_text(*found.issued_on), "2026-03-05");
    EXPECT_EQ(found.attachments, (std::vector<std::string>{"物资清单", "联系表"}));
    EXPECT_TRUE(contains(found.body_html, "<h2>一、工作目标</h2>"));
    EXPECT_TRUE(contains(found.body_html, "<p class=\"c-right\">2026年3月5日</p>"));
}

TEST(Word, ATitleOfTwoCentredLinesIsOneTitle)
{
    const auto found = read(
        paragraph("云岭市人民政府办公室关于加强和改进", "<w:jc w:val='center'/>")
        + paragraph("政务公开工作的通知", "<w:jc w:val='center'/>") + paragraph("各部门：")
        + paragraph("请遵照执行。"));
    EXPECT_EQ(found.title, "云岭市人民政府办公室关于加强和改进政务公开工作的通知");
}

TEST(Word, AutomaticChineseNumbersAreWrittenOut)
{
    const std::string numbering =
        "<w:numbering xmlns:w='x'><w:abstractNum w:abstractNumId='7'>"
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/>"
        "<w:lvlText w:val='%1、'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/>"
        "<w:lvlText w:val='（%2）'/></w:lvl></w:abstractNum>"
        "<w:abstractNum w:abstractNumId='8'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/>"
        "<w:lvlText w:val='·'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
        "<w:num w:numId='2'><w:abstractNumId w:val='8'/></w:num></w:numbering>";
    const auto numbered = [](const std::string& text, int list, int level) {
        return paragraph(
            text, "<w:numPr><w:ilvl w:val='" + std::to_string(level) + "'/><w:numId w:val='"
                      + std::to_string(list) + "'/></w:numPr>");
    };
    const auto found = read(
        numbered("总则", 1, 0) + numbered("目的", 1, 1) + numbered("范围", 1, 1)
            + numbered("附则", 1, 0) + numbered("解释", 1, 1) + numbered("甲", 2, 0)
            + numbered("乙", 2, 0),
        {{"word/numbering.xml", numbering}});
    EXPECT_TRUE(contains(found.body_html, "<h2>一、总则</h2>"));
    EXPECT_TRUE(contains(found.body_html, "<h3>（二）范围</h3>"));
    EXPECT_TRUE(contains(found.body_html, "<h2>二、附则</h2>"));
    EXPECT_TRUE(contains(found.body_html, "<h3>（一）解释</h3>"));
    EXPECT_TRUE(contains(found.body_html, "<li>甲</li>"));
}

TEST(Word, HeadingStylesAndOutlineLevelsAreHeadings)
{
    const auto found = read(
        paragraph("概述", "<w:pStyle w:val='a1'/>") + paragraph("背景", "<w:outlineLvl w:val='2'/>")
            + paragraph("正文到此。"),
        {{"word/styles.xml", "<w:styles xmlns:w='x'><w:style w:type='paragraph' w:styleId='a1'>"
                             "<w:name w:val='heading 2'/></w:style></w:styles>"}});
    EXPECT_TRUE(contains(found.body_html, "<h2>概述</h2>"));
    EXPECT_TRUE(contains(found.body_html, "<h3>背景</h3>"));
}

TEST(Word, TrackedDeletionsGoInsertionsStayAndBothAreSaid)
{
    const auto found =
        read("<w:p><w:r><w:t>应当</w:t></w:r><w:del><w:r><w:delText>不</w:delText></w:r></w:del>"
             "<w:ins><w:r><w:t>立即</w:t></w:r></w:ins><w:r><w:t>办理。</w:t></w:r></w:p>");
    EXPECT_TRUE(contains(found.body_html, "<p>应当立即办理。</p>"));
    EXPECT_TRUE(std::any_of(found.concerns.begin(), found.concerns.end(), [](const Concern& each) {
        return each.what == Concern::What::LostContent && contains(each.message, "修订");
    }));
}

TEST(Word, MergedCellsKeepTheirSpans)
{
    const auto cell = [](const std::string& text, const std::string& properties = "") {
        return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + paragraph(text) + "</w:tc>";
    };
    const auto found = read(
        paragraph("下表为分工。") + "<w:tbl><w:tr>" + cell("单位")
        + cell("任务", "<w:gridSpan w:val='2'/>") + "</w:tr><w:tr>"
        + cell("水利局", "<w:vMerge w:val='restart'/>") + cell("巡查") + cell("每日")
        + "</w:tr><w:tr>" + cell("", "<w:vMerge/>") + cell("上报") + cell("每周")
        + "</w:tr></w:tbl>");
    EXPECT_TRUE(contains(found.body_html, "colspan=\"2\""));
    EXPECT_TRUE(contains(found.body_html, "<td rowspan=\"2\">水利局</td>"));
    EXPECT_TRUE(contains(found.body_html, "<tr><td>上报</td><td>每周</td></tr>"));
}

TEST(Word, BoldFootnotesPicturesAndHiddenText)
{
    const auto found = read(
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>重点</w:t></w:r><w:r><w:t>工作</w:t>"
        "<w:footnoteReference w:id='5'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>"
        "<w:r><w:drawing/></w:r><w:r><w:t>如下。</w:t></w:r></w:p>",
        {{"word/footnotes.xml",
          "<w:footnotes xmlns:w='x'><w:footnote w:id='5'><w:p><w:r><w:t>见附表。</w:t></w:r></w:p>"
          "</w:footnote></w:footnotes>"}});
    EXPECT_TRUE(contains(found.body_html, "<strong>重点</strong>工作〔注1〕如下。"));
    EXPECT_TRUE(contains(found.body_html, "<p>〔注1〕见附表。</p>"));
    EXPECT_FALSE(contains(found.body_html, "密"));
}

TEST(Archives, NoWordDocumentIsRefused)
{
    EXPECT_EQ(code_of(zipped({{"a.txt", "x"}})), "intake.wrong_type");
    EXPECT_EQ(code_of("PK\x03\x04 and nothing more"), "intake.broken_archive");
    auto cut = word(paragraph("正文。"));
    cut.resize(cut.size() / 2);
    EXPECT_EQ(code_of(cut), "intake.broken_archive");
}

TEST(Archives, BombsAreRefusedBeforeTheyAreInflated)
{
    const std::string bomb(16UL * 1024 * 1024, '0');
    EXPECT_EQ(
        code_of(word(paragraph("正文。"), {{"word/media/a.bin", bomb}})), "intake.archive_limits");
    EXPECT_EQ(code_of(zipped({{"word/document.xml", bomb}})), "intake.archive_limits");
}

TEST(Archives, ALieInTheHeaderDoesNotLetABombThrough)
{
    auto bytes = zipped({{"word/document.xml", std::string(16UL * 1024 * 1024, '0')}});
    // The declared size, 0x01000000, in both headers becomes 1,000.
    const std::string declared("\x00\x00\x00\x01", 4);
    const std::string lie("\xE8\x03\x00\x00", 4);
    for (auto at = bytes.find(declared); at != std::string::npos; at = bytes.find(declared, at + 4))
        bytes.replace(at, 4, lie);
    const auto code = code_of(bytes);
    EXPECT_TRUE(code == "intake.archive_limits" || code == "intake.broken_archive") << code;
}

TEST(Archives, TooManyEntriesAreRefused)
{
    Parts parts;
    for (std::size_t i = 0; i <= ARCHIVE_ENTRIES_MAX; ++i)
        parts["word/media/" + std::to_string(i)] = "x";
    EXPECT_EQ(code_of(word(paragraph("正文。"), parts)), "intake.archive_limits");
}

TEST(Archives, NamesThatLeaveTheFolderAreRefused)
{
    for (const std::string name : {"../x", "word/../../x", "/etc/x", "a\\b", "C:x"})
        EXPECT_EQ(code_of(word(paragraph("正文。"), {{name, "x"}})), "intake.broken_archive")
            << name;
}

TEST(Archives, MacrosObjectsAndRemoteTemplatesAreRefused)
{
    EXPECT_EQ(code_of(word("", {{"word/vbaProject.bin", "x"}})), "intake.active_content");
    EXPECT_EQ(
        code_of(word("", {{"word/embeddings/oleObject1.bin", "x"}})), "intake.active_content");
    const auto relation = [](const std::string& type) {
        return Parts{
            {"word/_rels/document.xml.rels",
             "<Relationships><Relationship Type='http://x/" + type
                 + "' Target='http://example.com/' TargetMode='External'/></Relationships>"}};
    };
    EXPECT_EQ(
        code_of(word(paragraph("正文。"), relation("attachedTemplate"))), "intake.active_content");
    EXPECT_EQ(code_of(word(paragraph("正文。"), relation("hyperlink"))), "");
}

TEST(Archives, DocumentTypeDeclarationsAreRefused)
{
    EXPECT_EQ(
        code_of(zipped(
            {{"word/document.xml",
              "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
              "<w:document xmlns:w='x'><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p>"
              "</w:body></w:document>"}})),
        "intake.broken_archive");
}

TEST(Archives, DeepNestingEnds)
{
    std::string body;
    for (int i = 0; i < 20000; ++i)
        body += "<w:sdt><w:sdtContent>";
    body += paragraph("太深。");
    for (int i = 0; i < 20000; ++i)
        body += "</w:sdtContent></w:sdt>";
    EXPECT_EQ(code_of(word(body + paragraph("正文。"))), "");
}

} // namespace
} // namespace intake
