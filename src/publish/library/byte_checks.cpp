#include "publish/library/byte_checks.h"

#include "publish/library/refusals.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace library {
namespace {

using namespace std::string_view_literals;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Does `finds(window)` hold anywhere in the file? Windows overlap, so that nothing is missed at
/// their borders. nullopt: the file can't be read.
template <typename Finds>
std::optional<bool> search_file(const std::string& path, Finds finds)
{
    constexpr std::size_t overlap = 128;
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return std::nullopt;
    std::string window;
    std::vector<char> buffer(1U << 20);
    for (;;) {
        const auto got = std::fread(buffer.data(), 1, buffer.size(), file.get());
        if (got == 0)
            return std::ferror(file.get()) ? std::nullopt : std::optional(false);
        window.append(buffer.data(), got);
        if (finds(std::string_view(window)))
            return true;
        window.erase(0, window.size() - std::min(window.size(), overlap));
    }
}

int hex_value(char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    return at == digits.npos ? -1 : static_cast<int>(at);
}

/// The name behind a "/", with #4A read as J (ISO 32000-1, 7.3.5).
std::string pdf_name(std::string_view bytes)
{
    constexpr std::string_view ends = "\0\t\n\f\r ()<>[]{}/%"sv;
    constexpr std::size_t length_max = 32;
    std::string name;
    for (std::size_t at = 0; at < bytes.size() && name.size() < length_max; ++at) {
        if (ends.find(bytes[at]) != ends.npos)
            break;
        const int high = bytes[at] == '#' && at + 2 < bytes.size() ? hex_value(bytes[at + 1]) : -1;
        const int low = high >= 0 ? hex_value(bytes[at + 2]) : -1;
        if (low >= 0) {
            name += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            name += bytes[at];
        }
    }
    return name;
}

bool names_an_action(std::string_view bytes)
{
    constexpr std::array forbidden = {"JavaScript"sv,    "JS"sv,       "Launch"sv, "EmbeddedFile"sv,
                                      "EmbeddedFiles"sv, "RichMedia"sv};
    for (auto at = bytes.find('/'); at != bytes.npos; at = bytes.find('/', at + 1)) {
        const auto name = pdf_name(bytes.substr(at + 1));
        if (std::find(forbidden.begin(), forbidden.end(), name) == forbidden.end())
            continue;
        // Two letters turn up in compressed pictures by chance: ask for what must follow them.
        if (name != "JS")
            return true;
        const auto value = bytes.find_first_not_of(" \t\r\n", at + 3);
        if (value != bytes.npos && "(<0123456789"sv.find(bytes[value]) != std::string_view::npos)
            return true;
    }
    return false;
}

} // namespace

base::Result<> check_pdf(const std::string& path)
{
    const auto acts = search_file(path, names_an_action);
    if (!acts)
        return file_damaged();
    if (*acts)
        return file_refused(
            "library.file_active_content",
            "PDF 里有脚本、启动动作或内嵌文件。请重新“打印为 PDF”后再上传");
    return {};
}

base::Result<> check_old_office(const std::string& path)
{
    // The name of the stream that every VBA project has, as the directory writes it (UTF-16).
    constexpr auto project = "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"sv;
    const auto has_macro = search_file(
        path, [&](std::string_view bytes) { return bytes.find(project) != bytes.npos; });
    if (!has_macro)
        return file_damaged();
    if (*has_macro)
        return file_refused("library.file_macro", "文件里有宏（程序）。请另存为不带宏的格式再上传");
    return {};
}

} // namespace library
