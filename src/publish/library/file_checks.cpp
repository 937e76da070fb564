#include "publish/library/file_checks.h"

#include "publish/library/archive_checks.h"
#include "publish/library/byte_checks.h"
#include "publish/library/refusals.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <vector>

namespace library {
namespace {

constexpr std::uint64_t file_bytes_max = 200ULL << 20;
constexpr int picture_side_max = 16'384;
constexpr std::int64_t picture_area_max = 50'000'000;

enum class Shape { Bytes, Png, Jpeg, Gif, Webp, Pdf, Ooxml, Zip, Ole };

struct AllowedType {
    std::string_view extension;
    std::string_view media_type;
    std::string_view magic; // At the beginning of the file; "" none to ask for.
    Shape shape;
    std::string_view main_part; // Ooxml: what such a file must hold.
};

using namespace std::string_view_literals;

constexpr std::array allowed_types = {
    AllowedType{"png", "image/png", "\x89PNG\r\n\x1a\n"sv, Shape::Png, ""},
    AllowedType{"jpg", "image/jpeg", "\xff\xd8\xff"sv, Shape::Jpeg, ""},
    AllowedType{"jpeg", "image/jpeg", "\xff\xd8\xff"sv, Shape::Jpeg, ""},
    AllowedType{"gif", "image/gif", "GIF8"sv, Shape::Gif, ""},
    AllowedType{"webp", "image/webp", "RIFF"sv, Shape::Webp, ""},
    AllowedType{"pdf", "application/pdf", "%PDF-"sv, Shape::Pdf, ""},
    AllowedType{
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "PK\x03\x04"sv, Shape::Ooxml, "word/document.xml"},
    AllowedType{
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\x03\x04"sv,
        Shape::Ooxml, "xl/workbook.xml"},
    AllowedType{
        "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PK\x03\x04"sv, Shape::Ooxml, "ppt/presentation.xml"},
    AllowedType{"ofd", "application/ofd", "PK\x03\x04"sv, Shape::Ooxml, "OFD.xml"},
    AllowedType{"zip", "application/zip", "PK\x03\x04"sv, Shape::Zip, ""},
    AllowedType{"doc", "application/msword", "\xd0\xcf\x11\xe0"sv, Shape::Ole, ""},
    AllowedType{"xls", "application/vnd.ms-excel", "\xd0\xcf\x11\xe0"sv, Shape::Ole, ""},
    AllowedType{"ppt", "application/vnd.ms-powerpoint", "\xd0\xcf\x11\xe0"sv, Shape::Ole, ""},
    AllowedType{"wps", "application/vnd.ms-works", "\xd0\xcf\x11\xe0"sv, Shape::Ole, ""},
    AllowedType{"et", "application/vnd.ms-excel", "\xd0\xcf\x11\xe0"sv, Shape::Ole, ""},
    AllowedType{"txt", "text/plain; charset=utf-8", "", Shape::Bytes, ""},
    AllowedType{"csv", "text/csv; charset=utf-8", "", Shape::Bytes, ""},
    AllowedType{"mp4", "video/mp4", "", Shape::Bytes, ""},
    AllowedType{"mp3", "audio/mpeg", "", Shape::Bytes, ""},
};

constexpr std::array dangerous_inner_extensions = {
    ".exe."sv,  ".js."sv,  ".php."sv,  ".phtml."sv, ".jsp."sv, ".jspx."sv, ".asp."sv,
    ".aspx."sv, ".htm."sv, ".html."sv, ".svg."sv,   ".hta."sv, ".bat."sv,  ".cmd."sv,
    ".vbs."sv,  ".ps1."sv, ".sh."sv,   ".scr."sv,   ".jar."sv, ".swf."sv};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
std::string read_start(const std::string& path, std::size_t count)
{
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    std::string bytes(count, '\0');
    bytes.resize(file ? std::fread(bytes.data(), 1, count, file.get()) : 0);
    return bytes;
}

unsigned byte_at(std::string_view bytes, std::size_t at)
{
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}
int big_endian(std::string_view bytes, std::size_t at, std::size_t count)
{
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8U | byte_at(bytes, at + i);
    return static_cast<int>(value & 0x7fffffffU);
}
int little_endian(std::string_view bytes, std::size_t at, std::size_t count)
{
    unsigned value = 0;
    for (std::size_t i = count; i > 0; --i)
        value = value << 8U | byte_at(bytes, at + i - 1);
    return static_cast<int>(value & 0x7fffffffU);
}

struct Size {
    int width = 0;
    int height = 0;
};

/// The frame header of a JPEG, by walking its segments.
Size jpeg_size(std::string_view bytes)
{
    std::size_t at = 2;
    while (at + 9 < bytes.size() && byte_at(bytes, at) == 0xff) {
        const auto marker = byte_at(bytes, at + 1);
        const bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame)
            return {big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
        at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
    }
    return {};
}

Size webp_size(std::string_view bytes)
{
    if (bytes.substr(8, 4) != "WEBP")
        return {};
    const auto form = bytes.substr(12, 4);
    if (form == "VP8X")
        return {little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1};
    if (form == "VP8L") {
        const auto packed = static_cast<unsigned>(little_endian(bytes, 21, 4));
        return {
            static_cast<int>(packed & 0x3fffU) + 1, static_cast<int>(packed >> 14U & 0x3fffU) + 1};
    }
    if (form == "VP8 ")
        return {little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff};
    return {};
}

base::Result<Size> picture_size(const std::string& path, Shape shape)
{
    const auto bytes = read_start(path, 256U << 10);
    Size size;
    if (shape == Shape::Png)
        size = {big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
    if (shape == Shape::Gif)
        size = {little_endian(bytes, 6, 2), little_endian(bytes, 8, 2)};
    if (shape == Shape::Jpeg)
        size = jpeg_size(bytes);
    if (shape == Shape::Webp)
        size = webp_size(bytes);
    if (size.width <= 0 || size.height <= 0)
        return file_damaged();
    const bool fits = size.width <= picture_side_max && size.height <= picture_side_max
                      && std::int64_t{size.width} * size.height <= picture_area_max;
    if (!fits)
        return file_refused(
            "library.file_picture_too_large",
            fmt::format(
                "图片有 {}×{} 像素，超过了上限。请缩小到每边不超过 {} 像素、总共不超过 5000 万像素",
                size.width, size.height, picture_side_max));
    return size;
}

/// A name, not a path, without characters that make it look like another.
bool is_plain_name(std::string_view name)
{
    constexpr std::array hidden = {"\xe2\x80\xaa"sv, "\xe2\x80\xab"sv, "\xe2\x80\xac"sv,
                                   "\xe2\x80\xad"sv, "\xe2\x80\xae"sv, "\xe2\x81\xa6"sv,
                                   "\xe2\x81\xa7"sv, "\xe2\x81\xa8"sv, "\xe2\x81\xa9"sv};
    constexpr std::size_t name_bytes_max = 600; // 200 characters.
    const bool control = std::any_of(name.begin(), name.end(), [](unsigned char c) {
        return c < 0x20 || c == 0x7f || c == '/' || c == '\\';
    });
    const bool disguised = std::any_of(hidden.begin(), hidden.end(), [&](std::string_view mark) {
        return name.find(mark) != std::string_view::npos;
    });
    return !control && !disguised && name.size() <= name_bytes_max;
}

const AllowedType* find_type(std::string_view extension)
{
    const auto found =
        std::find_if(allowed_types.begin(), allowed_types.end(), [&](const AllowedType& type) {
            return type.extension == extension;
        });
    return found == allowed_types.end() ? nullptr : &*found;
}

bool fits_shape(const std::string& start, const AllowedType& type)
{
    if (!type.magic.empty())
        return start.starts_with(type.magic);
    if (type.extension == "mp4")
        return start.size() > 12 && start.compare(4, 4, "ftyp") == 0;
    if (type.extension == "mp3")
        return start.starts_with("ID3")
               || (byte_at(start, 0) == 0xff && (byte_at(start, 1) & 0xe0U) == 0xe0U);
    return start.find('\0') == std::string::npos; // Text has no NUL.
}

} // namespace

std::string extension_of(std::string_view name)
{
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return "";
    std::string extension(name.substr(dot + 1));
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension;
}

bool is_shown_in_place(std::string_view media_type)
{
    return media_type.starts_with("image/") || media_type == "application/pdf";
}

base::Result<FileFacts> check_file(
    const std::string& path, std::string_view name, std::uint64_t size)
{
    if (size == 0)
        return file_refused("library.file_empty", "文件是空的（0 字节），请检查后重新选择");
    if (size > file_bytes_max)
        return file_refused(
            "library.file_too_large", "文件超过 200 MB，请压缩或分成几个文件再上传");
    if (!is_plain_name(name))
        return file_refused(
            "library.file_name_unsafe", "文件名里有路径或控制字符，请改成普通的文件名再上传");
    const auto* type = find_type(extension_of(name));
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const bool disguised = std::any_of(
        dangerous_inner_extensions.begin(), dangerous_inner_extensions.end(),
        [&](std::string_view inner) { return lower.find(inner) != std::string::npos; });
    if (type == nullptr || disguised)
        return file_refused(
            "library.file_type_not_allowed",
            "不能上传这种文件。可以上传：图片（png、jpg、gif、webp）、文档（pdf、ofd、docx、xlsx、"
            "pptx、doc、xls、ppt、wps、et、txt、csv）、音视频（mp3、mp4）和 zip");
    const auto start = read_start(path, 4'096);
    if (!fits_shape(start, *type))
        return file_refused(
            "library.file_type_mismatch",
            fmt::format("文件的内容不是 .{}。请用原来的软件另存后再上传", type->extension));

    FileFacts facts{.media_type = std::string(type->media_type)};
    switch (type->shape) {
    case Shape::Png:
    case Shape::Jpeg:
    case Shape::Gif:
    case Shape::Webp: {
        const auto picture = TRY(picture_size(path, type->shape));
        facts.width = picture.width;
        facts.height = picture.height;
        break;
    }
    case Shape::Pdf: TRY(check_pdf(path)); break;
    case Shape::Ooxml: TRY(check_office_archive(path, type->main_part)); break;
    case Shape::Zip: TRY(check_archive(path)); break;
    case Shape::Ole: TRY(check_old_office(path)); break;
    case Shape::Bytes: break;
    }
    return facts;
}

} // namespace library
