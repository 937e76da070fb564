#include "search/dead.h"

#include "search/file.h"

#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

namespace search {

Dead Dead::load(const std::filesystem::path& path, std::uint32_t size)
{
    Dead dead(size);
    const auto bytes = read_file(path);
    if (bytes.size() != dead.bits_.size() * sizeof(std::uint64_t))
        throw std::runtime_error(
            "search index: " + path.string() + " is damaged; rebuild the index");
    std::memcpy(dead.bits_.data(), bytes.data(), bytes.size());
    for (const auto word : dead.bits_)
        dead.count_ += static_cast<std::uint32_t>(std::popcount(word));
    return dead;
}

void Dead::save(const std::filesystem::path& path) const
{
    replace_file(
        path, {reinterpret_cast<const char*>(bits_.data()), bits_.size() * sizeof(std::uint64_t)});
}

} // namespace search
