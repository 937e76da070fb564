#include "publish/library/archive_checks.h"

#include "publish/library/refusals.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <pugixml.hpp>
#include <zip.h>

namespace library {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t entries_max = 2'000;
constexpr std::uint64_t inflated_max = 200ULL << 20;
constexpr std::uint64_t ratio_max = 100;
constexpr std::uint64_t ratio_from = 1ULL << 20; // Small entries may compress as they like.

struct CloseZip {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, CloseZip>;

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

bool is_unsafe_entry_name(std::string_view name)
{
    return name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
           || name.find(':') != std::string_view::npos || name == ".." || name.starts_with("../")
           || name.find("/../") != std::string_view::npos || name.ends_with("/..");
}

bool is_link(zip_t* archive, zip_uint64_t index)
{
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    const bool known =
        zip_file_get_external_attributes(archive, index, 0, &system, &attributes) == 0;
    constexpr zip_uint32_t type_mask = 0170000;
    constexpr zip_uint32_t link = 0120000;
    return known && system == ZIP_OPSYS_UNIX && (attributes >> 16U & type_mask) == link;
}

auto archive_bomb()
{
    return file_refused(
        "library.file_archive_bomb",
        "压缩内容异常（条目过多、解压后过大或压缩比过高），为安全起见不能上传");
}

struct Entry {
    std::string_view name;
    zip_uint64_t index = 0;
    std::uint64_t compressed = 0;
};

/// Inflates an entry, counting; keeps the text when `keep` is set. Refuses past the limits.
base::Result<std::string> inflate(
    zip_t* archive, const Entry& wanted, std::uint64_t& total, bool keep)
{
    const std::unique_ptr<zip_file_t, CloseEntry> entry(zip_fopen_index(archive, wanted.index, 0));
    if (!entry)
        return file_damaged();
    std::string kept;
    std::array<char, 64U << 10> buffer;
    std::uint64_t size = 0;
    for (;;) {
        const auto got = zip_fread(entry.get(), buffer.data(), buffer.size());
        if (got < 0)
            return file_damaged();
        if (got == 0)
            return kept;
        size += static_cast<std::uint64_t>(got);
        total += static_cast<std::uint64_t>(got);
        const bool blown_up =
            size > ratio_from && size > ratio_max * std::max<std::uint64_t>(wanted.compressed, 1);
        if (total > inflated_max || blown_up)
            return archive_bomb();
        if (keep)
            kept.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

/// Calls `look(entry, total)` with every entry that has a harmless name.
template <typename Look>
base::Result<> each_entry(zip_t* archive, Look look)
{
    const auto count = zip_get_num_entries(archive, 0);
    if (count < 0 || static_cast<std::size_t>(count) > entries_max)
        return archive_bomb();
    std::uint64_t total = 0;
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index(archive, i, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0)
            return file_damaged();
        if (is_unsafe_entry_name(stat.name) || is_link(archive, i))
            return file_refused(
                "library.file_damaged", "压缩包里有不正常的路径，为安全起见不能上传");
        TRY(look(Entry{stat.name, i, stat.comp_size}, total));
    }
    return {};
}

base::Result<Archive> open_archive(const std::string& path)
{
    int error = 0;
    Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &error));
    if (!archive)
        return file_damaged();
    return archive;
}

auto macro()
{
    return file_refused("library.file_macro", "文件里有宏（程序）。请另存为不带宏的格式再上传");
}
auto foreign_object()
{
    return file_refused(
        "library.file_active_content", "文件里嵌入了其他程序的对象。请删除后再上传");
}

/// What a part is decides its relationship, whatever the part is called.
base::Result<> check_relationships(const std::string& text)
{
    pugi::xml_document document;
    if (!document.load_buffer(text.data(), text.size()))
        return file_damaged();
    for (const auto relation : document.document_element().children()) {
        const auto type = lower(relation.attribute("Type").value());
        const bool external = lower(relation.attribute("TargetMode").value()) == "external";
        if (type.ends_with("/vbaproject") || type.ends_with("/wordvbadata"))
            return macro();
        if (type.ends_with("/oleobject") || type.ends_with("/control"))
            return foreign_object();
        constexpr std::array fetched = {
            "/attachedtemplate"sv, "/frame"sv, "/subdocument"sv, "/afchunk"sv,
            "/externallinkpath"sv};
        const bool fetches = std::any_of(fetched.begin(), fetched.end(), [&](std::string_view end) {
            return std::string_view(type).ends_with(end);
        });
        if (external && fetches)
            return file_refused(
                "library.file_external_reference",
                "文件引用了网络上的模板或文件。请改用本地内容另存后再上传");
    }
    return {};
}

base::Result<> check_part(std::string_view part, const std::string& text)
{
    const auto name = lower(part);
    if (name.ends_with("vbaproject.bin") || name.find("macros/") != std::string::npos)
        return macro();
    if (name.find("oleobject") != std::string::npos || name.find("activex/") != std::string::npos)
        return foreign_object();
    if (name == "[content_types].xml" && lower(text).find("macroenabled") != std::string::npos)
        return macro();
    if (name.ends_with(".rels"))
        return check_relationships(text);
    return {};
}

} // namespace

base::Result<> check_archive(const std::string& path)
{
    const auto archive = TRY(open_archive(path));
    return each_entry(
        archive.get(), [&](const Entry& entry, std::uint64_t& total) -> base::Result<> {
            TRY(inflate(archive.get(), entry, total, false));
            return {};
        });
}

base::Result<> check_office_archive(const std::string& path, std::string_view main_part)
{
    const auto archive = TRY(open_archive(path));
    bool has_main_part = false;
    const auto look = [&](const Entry& entry, std::uint64_t& total) -> base::Result<> {
        has_main_part = has_main_part || entry.name == main_part;
        const auto name = lower(entry.name);
        const bool read = name.ends_with(".rels") || name == "[content_types].xml";
        const auto text = TRY(inflate(archive.get(), entry, total, read));
        return check_part(entry.name, text);
    };
    TRY(each_entry(archive.get(), look));
    if (!has_main_part)
        return file_refused(
            "library.file_type_mismatch", "文件的内容与扩展名不符。请用原来的软件另存后再上传");
    return {};
}

} // namespace library
