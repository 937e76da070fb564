#include "publish/library/file_checks.h"

#include "db/testing/temporary_database.h"
#include "publish/library/files.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <zip.h>

namespace library {
namespace {

using namespace std::string_literals;

struct Part {
    std::string name;
    std::string text;
};

class Files : public ::testing::Test {
protected:
    db::testing::TemporaryFolder folder;
    FileStore store{folder.path() + "/files"};
    std::string path = folder.path() + "/upload";

    std::string check(const std::string& name, const std::string& bytes)
    {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        const auto facts = check_file(path, name, bytes.size());
        if (!facts) {
            EXPECT_GT(facts.error().message.size(), 20U) << "says what to do";
            return facts.error().code;
        }
        return facts->media_type;
    }
    std::string archive(const std::vector<Part>& parts)
    {
        const auto to = folder.path() + "/archive.zip";
        std::filesystem::remove(to);
        auto* made = zip_open(to.c_str(), ZIP_CREATE, nullptr);
        for (const auto& part : parts) {
            auto* source = zip_source_buffer(made, part.text.data(), part.text.size(), 0);
            zip_file_add(made, part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        }
        zip_close(made);
        std::ifstream file(to, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string docx_with(Part more)
    {
        return archive({{"word/document.xml", "<w:document/>"}, std::move(more)});
    }
    static std::string png(unsigned width, unsigned height)
    {
        auto bytes = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s;
        for (const auto side : {width, height})
            for (const unsigned shift : {24U, 16U, 8U, 0U})
                bytes += static_cast<char>(side >> shift & 0xffU);
        return bytes + "\x08\x06\0\0\0"s;
    }
    static std::string relation(const std::string& type, const std::string& more)
    {
        return "<?xml version='1.0'?><Relationships><Relationship Id='r1' Type='http://schemas/"
               + type + "' Target='http://evil.example/x' " + more + "/></Relationships>";
    }
};

TEST_F(Files, OfEveryKindAreTakenByNameAndContent)
{
    EXPECT_EQ(check("图.PNG", png(640, 480)), "image/png");
    EXPECT_EQ(check("a.gif", "GIF89a\x10\0\x10\0"s), "image/gif");
    EXPECT_EQ(check("a.jpg", "\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x20\x03zzzz"s), "image/jpeg");
    EXPECT_EQ(check("a.pdf", "%PDF-1.7\n1 0 obj <</Type /Catalog>>"), "application/pdf");
    EXPECT_EQ(check("a.csv", "姓名,人数\n"), "text/csv; charset=utf-8");
    EXPECT_EQ(check("a.zip", archive({{"目录/a.txt", "x"}})), "application/zip");
    EXPECT_TRUE(check("a.docx", docx_with({"word/styles.xml", "<x/>"})).ends_with(".document"));
}

TEST_F(Files, AreRefusedWhenEmptyOrTooLarge)
{
    EXPECT_EQ(check("a.pdf", ""), "library.file_empty");
    EXPECT_EQ(check_file(path, "a.pdf", 500ULL << 20).error().code, "library.file_too_large");
}

TEST_F(Files, ThatABrowserOrSystemWouldRunAreRefused)
{
    for (const auto* name :
         {"a.svg", "a.html", "a.htm", "a.xml", "a.js", "a.exe", "a.docm", "a.xlsm", "a", ".pdf.",
          "a.php.jpg", "a.html.png", "a.EXE.pdf"})
        EXPECT_EQ(check(name, png(1, 1)), "library.file_type_not_allowed") << name;
}

TEST_F(Files, WithPathsOrDisguisesInTheirNamesAreRefused)
{
    for (const auto& name :
         {"../a.png"s, "/etc/a.png"s, "C:\\a.png"s, "a\0.png"s, "a\n.png"s, "a\xe2\x80\xaegpj.png"s,
          std::string(700, 'a') + ".png"})
        EXPECT_EQ(check(name, png(1, 1)), "library.file_name_unsafe") << name;
}

TEST_F(Files, WhoseContentIsNotWhatTheNameSaysAreRefused)
{
    EXPECT_EQ(check("a.png", "<html>"), "library.file_type_mismatch");
    EXPECT_EQ(check("a.docx", "%PDF-1.4"), "library.file_type_mismatch");
    EXPECT_EQ(check("a.docx", archive({{"a.txt", "x"}})), "library.file_type_mismatch");
    EXPECT_EQ(check("a.txt", "a\0b"s), "library.file_type_mismatch");
    EXPECT_EQ(check("a.zip", "PK\x03\x04 not more"), "library.file_damaged");
    EXPECT_EQ(check("a.jpg", "\xff\xd8\xff\xe0\0\0\0\0\0\0\0\0"s), "library.file_damaged");
}

TEST_F(Files, PicturesAreMeasuredByTheirHeader)
{
    EXPECT_EQ(check("a.png", png(30'000, 30'000)), "library.file_picture_too_large");
    EXPECT_EQ(check("a.png", png(16'000, 16'000)), "library.file_picture_too_large");
    EXPECT_EQ(check("a.png", png(0, 5)), "library.file_damaged");
    EXPECT_EQ(check("a.png", png(5'000, 5'000)), "image/png");
}

TEST_F(Files, OfficeDocumentsCarryNoProgramsAndFetchNothing)
{
    EXPECT_EQ(check("a.docx", docx_with({"word/vbaProject.bin", "x"})), "library.file_macro");
    EXPECT_EQ(
        check("a.docx", docx_with({"word/_rels/d.xml.rels", relation("vbaProject", "")})),
        "library.file_macro")
        << "under another name";
    EXPECT_EQ(
        check(
            "a.docx", docx_with({"[Content_Types].xml", "<x a='ms-word.document.macroEnabled'/>"})),
        "library.file_macro");
    EXPECT_EQ(
        check("a.docx", docx_with({"word/embeddings/oleObject1.bin", "x"})),
        "library.file_active_content");
    EXPECT_EQ(
        check(
            "a.docx",
            docx_with(
                {"word/_rels/s.rels", relation("attachedTemplate", "TargetMode = 'External'")})),
        "library.file_external_reference")
        << "in the other quotes";
    EXPECT_TRUE(
        check(
            "a.docx",
            docx_with({"word/_rels/d.rels", relation("hyperlink", "TargetMode='External'")}))
            .ends_with(".document"))
        << "a link is only a link";
    EXPECT_EQ(
        check("a.doc", "\xd0\xcf\x11\xe0 _\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"s),
        "library.file_macro");
    EXPECT_EQ(check("a.doc", "\xd0\xcf\x11\xe0 text"), "application/msword");
}

TEST_F(Files, ArchivesThatBurstOrEscapeAreRefused)
{
    EXPECT_EQ(
        check("a.zip", archive({{"big.txt", std::string(8U << 20, '0')}})),
        "library.file_archive_bomb");
    std::vector<Part> many;
    for (int i = 0; i < 2'001; ++i)
        many.push_back({std::to_string(i), ""});
    EXPECT_EQ(check("a.zip", archive(many)), "library.file_archive_bomb");
    for (const auto* name : {"../x.txt", "/x.txt", "a/../../x", "a\\b.txt", "C:x.txt"})
        EXPECT_EQ(check("a.zip", archive({{name, "x"}})), "library.file_damaged") << name;
}

TEST_F(Files, PdfsThatActByThemselvesAreRefused)
{
    for (const auto* action :
         {"<</S /JavaScript /JS (app.alert)>>", "<</S/#4aavaScript>>", "<</JS\n(x)>>",
          "<</JS<00>>>", "<</S /Launch>>", "<</Type /EmbeddedFile>>"})
        EXPECT_EQ(check("a.pdf", "%PDF-1.7\n"s + action), "library.file_active_content") << action;
    EXPECT_EQ(
        check("a.pdf", "%PDF-1.7\n" + std::string((1U << 20) - 14, ' ') + "/JavaScript "),
        "library.file_active_content")
        << "across the border of two reads";
    EXPECT_EQ(check("a.pdf", "%PDF-1.7\n /JSON /Launcher"), "application/pdf");
}

TEST_F(Files, AreKeptOnceAndReadOnly)
{
    std::set<std::string> hashes;
    for (const auto* name : {"一.csv", "二.csv"}) {
        std::ofstream(path, std::ios::binary) << "同样的内容";
        hashes.insert(store.keep(path, name).value().hash);
    }
    ASSERT_EQ(hashes.size(), 1U);
    EXPECT_TRUE(store.has(*hashes.begin()));
    EXPECT_FALSE(store.has("../../etc/passwd"));
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(folder.path() + "/files"))
        count += entry.is_regular_file() ? 1U : 0U;
    EXPECT_EQ(count, 1U);
}

TEST_F(Files, MayComeInTwiceAtOnce)
{
    std::vector<std::thread> threads;
    std::atomic<int> kept = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const auto own = path + std::to_string(i);
            std::ofstream(own, std::ios::binary) << "同时上传";
            kept += store.keep(own, "a.csv").has_value() ? 1 : 0;
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(kept, 8);
}

} // namespace
} // namespace library
