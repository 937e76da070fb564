#include "publish/intake/archive.h"

#include <algorithm>
#include <array>
#include <zip.h>

namespace intake {
namespace {

using Kind = base::Error::Kind;

auto broken()
{
    return base::refuse(
        Kind::Invalid, "intake.broken_archive",
        "文件已经损坏，无法打开，请用办公软件重新保存后再导入。");
}

auto over_limits()
{
    return base::refuse(
        Kind::Invalid, "intake.archive_limits",
        "文件解压后过大或者内容过多，不像正常的文档，已经停止读取。请另存为新文档后再导入。");
}

bool is_safe_name(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
        || name.find('\0') != std::string_view::npos || name.find(':') != std::string_view::npos)
        return false;
    while (!name.empty()) {
        const auto slash = name.find('/');
        if (name.substr(0, slash) == "..")
            return false;
        if (slash == std::string_view::npos)
            break;
        name.remove_prefix(slash + 1);
    }
    return true;
}

bool is_symbolic_link(zip_t* zip, zip_uint64_t index)
{
    constexpr zip_uint32_t TYPE_MASK = 0170000;
    constexpr zip_uint32_t LINK = 0120000;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    return zip_file_get_external_attributes(zip, index, 0, &system, &attributes) == 0
           && system == ZIP_OPSYS_UNIX && ((attributes >> 16U) & TYPE_MASK) == LINK;
}

bool is_bomb(std::size_t inflated, std::size_t packed)
{
    return inflated > RATIO_FREE_BYTES && inflated / ARCHIVE_RATIO_MAX > packed;
}

} // namespace

struct Archive::Handle {
    zip_t* zip = nullptr;
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle()
    {
        if (zip != nullptr)
            zip_discard(zip);
    }
};

Archive::Archive(std::unique_ptr<Handle> handle)
    : handle_(std::move(handle))
{
}
Archive::~Archive() = default;
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;

base::Result<Archive> Archive::open(std::string_view bytes)
{
    zip_error_t error;
    zip_error_init(&error);
    auto handle = std::make_unique<Handle>();
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) {
        handle->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
        if (handle->zip == nullptr)
            zip_source_free(source);
    }
    zip_error_fini(&error);
    if (handle->zip == nullptr)
        return broken();
    const auto count = zip_get_num_entries(handle->zip, 0);
    if (count < 0)
        return broken();
    if (static_cast<std::size_t>(count) > ARCHIVE_ENTRIES_MAX)
        return over_limits();
    Archive archive(std::move(handle));
    std::size_t declared = 0;
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
        zip_stat_t stat;
        if (zip_stat_index(archive.handle_->zip, i, 0, &stat) != 0)
            return broken();
        const std::string_view name = stat.name == nullptr ? "" : stat.name;
        if (!is_safe_name(name) || is_symbolic_link(archive.handle_->zip, i))
            return broken();
        if (stat.size > ARCHIVE_BYTES_MAX || is_bomb(stat.size, stat.comp_size))
            return over_limits();
        declared += stat.size;
        if (declared > ARCHIVE_BYTES_MAX)
            return over_limits();
        archive.names_.emplace_back(name);
    }
    return archive;
}

bool Archive::has(std::string_view name) const
{
    return std::find(names_.begin(), names_.end(), name) != names_.end();
}

base::Result<std::string> Archive::read(const std::string& name)
{
    zip_stat_t stat;
    if (zip_stat(handle_->zip, name.c_str(), 0, &stat) != 0)
        return broken();
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen(handle_->zip, name.c_str(), 0), &zip_fclose);
    if (!file)
        return broken();
    std::string contents;
    std::array<char, 64UL * 1024> piece;
    for (;;) {
        const auto got = zip_fread(file.get(), piece.data(), piece.size());
        if (got < 0)
            return broken();
        if (got == 0)
            return contents;
        contents.append(piece.data(), static_cast<std::size_t>(got));
        inflated_ += static_cast<std::size_t>(got);
        // What the headers declare was checked; this is what really comes.
        if (inflated_ > ARCHIVE_BYTES_MAX || is_bomb(contents.size(), stat.comp_size))
            return over_limits();
    }
}

} // namespace intake
