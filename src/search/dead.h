#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace search {

/// Which documents of a segment are dead: replaced or removed since it was written.
class Dead {
public:
    explicit Dead(std::uint32_t size = 0)
        : bits_((std::size_t{size} + 63) / 64)
    {
    }

    /// Throws std::runtime_error when the file is not one of a segment of this size.
    static Dead load(const std::filesystem::path& path, std::uint32_t size);
    void save(const std::filesystem::path& path) const;

    bool has(std::uint32_t document) const
    {
        return (bits_[document >> 6] >> (document & 63) & 1) != 0;
    }
    void add(std::uint32_t document)
    {
        count_ += has(document) ? 0 : 1;
        bits_[document >> 6] |= std::uint64_t{1} << (document & 63);
    }
    std::uint32_t count() const { return count_; }

private:
    std::vector<std::uint64_t> bits_;
    std::uint32_t count_ = 0;
};

} // namespace search
