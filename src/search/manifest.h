#pragma once

// What the index consists of as of its last commit: the only file that is ever replaced. Everything
// it names is durable before it is written, so the index is always what the manifest says, and the
// cursor is true of exactly that.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace search {

struct Manifest {
    struct Member {
        std::uint64_t number = 0;
        std::uint64_t dead_generation = 0; // 0: nothing is dead in it.
    };
    std::int64_t cursor = 0;
    std::uint64_t next_number = 1; // Never used before.
    std::vector<Member> members;
};

std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number);
std::filesystem::path dead_path(
    const std::filesystem::path& directory, std::uint64_t number, std::uint64_t generation);

/// Nothing for a new directory. Throws std::runtime_error when it is damaged.
std::optional<Manifest> load_manifest(const std::filesystem::path& directory);
void save_manifest(const std::filesystem::path& directory, const Manifest& manifest);

/// Removes every file of ours that the manifest does not name.
void remove_strays(const std::filesystem::path& directory, const Manifest& manifest);

} // namespace search
