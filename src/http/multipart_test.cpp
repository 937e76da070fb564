#include "http/multipart.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace http {
namespace {

namespace fs = std::filesystem;

class Uploading : public testing::Test {
protected:
    Uploading()
        : directory_(
            fs::temp_directory_path()
            / ("huabiao-multipart-" + std::to_string(::getpid()) + "-"
               + testing::UnitTest::GetInstance()->current_test_info()->name()))
    {
        fs::create_directories(directory_);
    }
    ~Uploading() override { fs::remove_all(directory_); }

    MultipartReader reader(MultipartLimits limits = {.file_bytes_max = 1 << 20}) const
    {
        return {"XX", directory_.string(), limits};
    }
    std::string code(
        std::string_view body, MultipartLimits limits = {.file_bytes_max = 1 << 20}) const
    {
        auto multipart = reader(limits);
        auto result = multipart.feed(body);
        if (result)
            result = multipart.finish();
        return result ? "good" : result.error().code;
    }
    std::size_t files() const
    {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
    }

    fs::path directory_;
};

std::string part(std::string_view headers, std::string_view content)
{
    return "--XX\r\n" + std::string(headers) + "\r\n\r\n" + std::string(content) + "\r\n";
}

const std::string field = part("Content-Disposition: form-data; name=\"title\"", "云岭市");
const std::string file = part(
    "Content-Disposition: form-data; name=\"file\"; filename=\"通知 \\\"1\\\".pdf\""
    "\r\nContent-Type: application/pdf",
    "%PDF\r\n--X\r\n-XX\r\n--XY tail");
const std::string end = "--XX--\r\n";

TEST_F(Uploading, FieldsAndFilesComeApartHoweverTheBytesAreSplit)
{
    const auto body = field + file + end;
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, body.size()}) {
        auto multipart = reader();
        for (std::size_t at = 0; at < body.size(); at += size)
            ASSERT_TRUE(multipart.feed(std::string_view(body).substr(at, size)));
        ASSERT_TRUE(multipart.finish());
        EXPECT_EQ(multipart.take_fields(), (Pairs{{"title", "云岭市"}}));
        const auto uploads = multipart.take_uploads();
        ASSERT_EQ(uploads.size(), 1U);
        EXPECT_EQ(uploads[0].field, "file");
        EXPECT_EQ(uploads[0].file_name, "通知 \"1\".pdf");
        EXPECT_EQ(uploads[0].content_type, "application/pdf");
        std::ifstream stream(uploads[0].path, std::ios::binary);
        const std::string content(std::istreambuf_iterator<char>(stream), {});
        EXPECT_EQ(content, "%PDF\r\n--X\r\n-XX\r\n--XY tail");
        EXPECT_EQ(uploads[0].size, content.size());
        fs::remove(uploads[0].path);
    }
}

TEST_F(Uploading, FilesNobodyTookAreRemoved)
{
    {
        auto multipart = reader();
        ASSERT_TRUE(multipart.feed(file + file.substr(0, 150)));
        EXPECT_EQ(files(), 2U);
    }
    EXPECT_EQ(files(), 0U);
}

TEST_F(Uploading, AFileNameIsNeverAPath)
{
    auto multipart = reader();
    ASSERT_TRUE(multipart.feed(
        part("Content-Disposition: form-data; name=f; filename=\"../../etc/passwd\"", "x") + end));
    const auto uploads = multipart.take_uploads();
    ASSERT_EQ(uploads.size(), 1U);
    EXPECT_EQ(uploads[0].file_name, "../../etc/passwd");
    EXPECT_EQ(fs::path(uploads[0].path).parent_path(), directory_);
}

TEST_F(Uploading, NamesOfOtherClientsAreRead)
{
    auto multipart = reader();
    ASSERT_TRUE(multipart.feed(
        part("content-disposition: form-data; name=f; filename*=UTF-8''%E4%BA%91.pdf", "x")
        + part("Content-Disposition: form-data; name=\"none\"; filename=\"\"", "") + end));
    const auto uploads = multipart.take_uploads();
    ASSERT_EQ(uploads.size(), 1U);
    EXPECT_EQ(uploads[0].file_name, "云.pdf");
}

TEST_F(Uploading, LimitsHold)
{
    const MultipartLimits limits{.field_bytes_max = 10, .file_bytes_max = 20, .parts_max = 3};
    const auto text = [](std::size_t size) {
        return part("Content-Disposition: form-data; name=a", std::string(size, 'x'));
    };
    const auto upload = [](std::size_t size) {
        return part("Content-Disposition: form-data; name=a; filename=b", std::string(size, 'x'));
    };
    EXPECT_EQ(code(text(10) + end, limits), "good");
    EXPECT_EQ(code(text(11) + end, limits), "http.field_too_large");
    EXPECT_EQ(code(text(9) + text(9) + text(9) + end, limits), "http.field_too_large");
    EXPECT_EQ(code(upload(20) + end, limits), "good");
    EXPECT_EQ(code(upload(21) + end, limits), "http.file_too_large");
    EXPECT_EQ(code(text(1) + text(1) + text(1) + text(1) + end, limits), "http.bad_multipart");
    EXPECT_EQ(code(upload(1) + end, {.file_bytes_max = 0}), "http.file_too_large");
    EXPECT_EQ(code("--XX\r\nX: " + std::string(5'000, 'y'), limits), "http.bad_multipart");
    EXPECT_EQ(files(), 0U);
}

TEST_F(Uploading, HostileFormsAreRefused)
{
    const std::string name = "Content-Disposition: form-data; name=a";
    for (const auto& body :
         {std::string(),
          std::string("--XX"),
          std::string("preamble\r\n") + field + end,
          field,
          field + "--XX-",
          std::string("--XY\r\n"),
          std::string("--XX \r\n"),
          part("X: y", "z") + end,
          part("Content-Disposition: attachment; name=a", "z") + end,
          part("Content-Disposition: form-data", "z") + end,
          part("Content-Disposition: form-data; name=a; name=b", "z") + end,
          part("Content-Disposition: form-data; name=\"a", "z") + end,
          part("Content-Disposition: form-data; name", "z") + end,
          part(name + "\r\n" + name, "z") + end,
          part("Content-Disposition: form-data; name=\"\xFF\"", "z") + end,
          part(name + "; filename=\"\xB2\xC6\"", "z") + end,
          part(name + "; filename*=GBK''%B2%C6", "z") + end,
          part(name + "; filename=\"\"", "not empty") + end,
          part(name + "\r\nContent-Transfer-Encoding: base64", "z") + end,
          part(name + "\r\n folded", "z") + end,
          part(name + "\nX: y", "z") + end,
          part(name, "\xFF") + end,
          part(name, std::string("\0", 1)) + end,
          field + end + "more"})
        EXPECT_EQ(code(body), "http.bad_multipart") << body;
    EXPECT_EQ(files(), 0U);
}

TEST(MultipartBoundary, IsReadFromTheContentType)
{
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data;charset=utf-8; boundary=\"a b\""), "a b");
    EXPECT_EQ(multipart_boundary("multipart/mixed; boundary=abc"), std::nullopt);
    EXPECT_EQ(multipart_boundary("multipart/form-data"), std::nullopt);
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary="), std::nullopt);
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=a; boundary=b"), std::nullopt);
    EXPECT_EQ(
        multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')), std::nullopt);
}

} // namespace
} // namespace http
