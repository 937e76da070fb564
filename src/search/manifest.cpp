#include "search/manifest.h"

#include "search/file.h"

#include <charconv>
#include <fmt/format.h>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace search {
namespace {

constexpr std::string_view first_line = "huabiao search index 1";
constexpr std::string_view last_line = "complete";

std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

/// The numbers after a word; throws when the line is another one.
template <typename... Numbers>
void scan(std::string_view line, std::string_view word, Numbers&... numbers)
{
    bool good = line.starts_with(word);
    line.remove_prefix(good ? word.size() : line.size());
    [[maybe_unused]] const auto one = [&](auto& number) {
        good = good && line.starts_with(' ');
        line.remove_prefix(good ? 1 : line.size());
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
        good = good && error == std::errc();
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    };
    (one(numbers), ...);
    if (!good || !line.empty())
        throw std::runtime_error("search index: the manifest is damaged; rebuild the index");
}

std::filesystem::path manifest_path(const std::filesystem::path& directory)
{
    return directory / "manifest";
}

} // namespace

std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number)
{
    return directory / fmt::format("{:08}.segment", number);
}

std::filesystem::path dead_path(
    const std::filesystem::path& directory, std::uint64_t number, std::uint64_t generation)
{
    return directory / fmt::format("{:08}.{}.dead", number, generation);
}

std::optional<Manifest> load_manifest(const std::filesystem::path& directory)
{
    if (!std::filesystem::exists(manifest_path(directory)))
        return std::nullopt;
    const auto content = read_file(manifest_path(directory));
    std::string_view text = content;
    scan(take_line(text), first_line);
    Manifest manifest;
    scan(take_line(text), "cursor", manifest.cursor);
    scan(take_line(text), "next", manifest.next_number);
    for (auto line = take_line(text); line != last_line; line = take_line(text)) {
        Manifest::Member member;
        scan(line, "segment", member.number, member.dead_generation);
        manifest.members.push_back(member);
    }
    return manifest;
}

void save_manifest(const std::filesystem::path& directory, const Manifest& manifest)
{
    std::string text =
        fmt::format("{}\ncursor {}\nnext {}\n", first_line, manifest.cursor, manifest.next_number);
    for (const auto& member : manifest.members)
        text += fmt::format("segment {} {}\n", member.number, member.dead_generation);
    text += last_line;
    text += '\n';
    replace_file(manifest_path(directory), text);
}

void remove_strays(const std::filesystem::path& directory, const Manifest& manifest)
{
    std::set<std::filesystem::path> wanted;
    for (const auto& member : manifest.members) {
        wanted.insert(segment_path(directory, member.number));
        if (member.dead_generation != 0)
            wanted.insert(dead_path(directory, member.number, member.dead_generation));
    }
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        const auto kind = entry.path().extension();
        const bool ours = kind == ".segment" || kind == ".dead" || kind == ".new";
        if (ours && !wanted.contains(entry.path()))
            std::filesystem::remove(entry.path());
    }
}

} // namespace search
