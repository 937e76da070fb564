#include "search/file.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace search {
namespace {

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), "search index: " + what);
}

} // namespace

int open_to_read(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        fail("open " + path.string());
    return file;
}

int create_file(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0)
        fail("create " + path.string());
    return file;
}

void write_all(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            fail("write");
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void read_all(int file, std::uint64_t offset, char* to, std::size_t bytes)
{
    while (bytes != 0) {
        const auto got = ::pread(file, to, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO; // Shorter than its own tables say.
        if (got <= 0)
            fail("read");
        to += got;
        offset += static_cast<std::uint64_t>(got);
        bytes -= static_cast<std::size_t>(got);
    }
}

void sync_file(int file)
{
    if (::fdatasync(file) != 0)
        fail("sync");
}

void sync_directory(const std::filesystem::path& directory)
{
    const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        fail("open " + directory.string());
    const int failed = ::fsync(file);
    ::close(file);
    if (failed != 0)
        fail("sync " + directory.string());
}

void replace_file(const std::filesystem::path& path, std::string_view bytes)
{
    auto fresh = path;
    fresh += ".new";
    const int file = create_file(fresh);
    try {
        write_all(file, bytes);
        sync_file(file);
    } catch (...) {
        ::close(file);
        throw;
    }
    ::close(file);
    if (::rename(fresh.c_str(), path.c_str()) != 0)
        fail("rename " + fresh.string());
    sync_directory(path.parent_path());
}

std::string read_file(const std::filesystem::path& path)
{
    const int file = open_to_read(path);
    try {
        std::string bytes(std::filesystem::file_size(path), '\0');
        read_all(file, 0, bytes.data(), bytes.size());
        ::close(file);
        return bytes;
    } catch (...) {
        ::close(file);
        throw;
    }
}

} // namespace search
