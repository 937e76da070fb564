#pragma once

// Files the way an index needs them: written whole and durable, read at any place by any thread.
// Every failure is a std::system_error that names the file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace search {

int open_to_read(const std::filesystem::path& path);
int create_file(const std::filesystem::path& path);
void write_all(int file, std::string_view bytes);
void read_all(int file, std::uint64_t offset, char* to, std::size_t bytes);
void sync_file(int file);

/// Makes created, renamed and removed names in a directory durable.
void sync_directory(const std::filesystem::path& directory);

/// Puts `bytes` in the place of the file at once: a reader after a crash sees the old or the new.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

std::string read_file(const std::filesystem::path& path);

} // namespace search
