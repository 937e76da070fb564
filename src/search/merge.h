#pragma once

#include "search/segment.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace search {

/// Where each document of each merged part went; Segment::none for the dead, which are dropped.
using Moves = std::vector<std::vector<std::uint32_t>>;

/// Writes the living documents of several parts as one segment. Nothing when told to stop.
std::optional<Moves> merge_parts(
    std::span<const Part> parts, const std::filesystem::path& path, const std::atomic<bool>& stop);

/// Which parts to merge now: the smallest `merge_width` parts of one size class, or one that is
/// mostly dead. Places in `parts`; empty when all is well.
std::vector<std::size_t> parts_to_merge(std::span<const Part> parts);

} // namespace search
