#include "portal/theme.h"

#include "base/assert.h"
#include "portal/contrast.h"
#include "portal/theme_probe.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <fstream>
#include <openssl/sha.h>
#include <stdexcept>

namespace portal {

namespace fs = std::filesystem;

struct Theme::Sources {
    std::map<std::string, std::string> templates; // "page/home" → text
    std::map<std::string, std::string> statics;   // "hills.svg" → bytes
    std::map<std::string, std::string> sheets;    // site.css, plain.css, site.js
    std::string tokens;                           // Of the whole line, the oldest first.
    Tokens colours;
    Tokens contrast_colours;
};

namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;
constexpr std::size_t parents_max = 4;

base::Result<std::string> read_file(const fs::path& path)
{
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (failure || size > file_bytes_max)
        return base::refuse(
            base::Error::Kind::Invalid, "portal.theme_invalid",
            "主题文件 " + path.filename().string() + " 读不出来或超过 1 MB");
    std::ifstream file(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

/// Comments on lines of their own, indentation and empty lines serve the author only.
std::string squeezed(std::string_view text)
{
    std::string out;
    bool in_comment = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
        in_comment = in_comment || line.starts_with("/*");
        const bool skip = in_comment || line.empty() || line.starts_with("//");
        in_comment = in_comment && line.find("*/") == std::string_view::npos;
        if (!skip) {
            out += line;
            out += '\n';
        }
    }
    return out;
}

std::string short_hash(std::string_view bytes)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string out;
    for (std::size_t i = 0; i < 4; ++i)
        out += fmt::format("{:02x}", digest[i]);
    return out;
}

std::string_view media_type_of(std::string_view file)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types = {{
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
    }};
    for (const auto& [ending, type] : types) {
        if (file.ends_with(ending))
            return type;
    }
    return {};
}

bool is_theme_name(std::string_view name)
{
    static constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return !name.empty() && name.size() <= 40
           && name.find_first_not_of(allowed) == std::string_view::npos;
}

struct Label {
    std::string title;
    std::string parent;
};

base::Result<Label> read_label(const fs::path& folder, std::string_view name)
{
    if (!is_theme_name(name) || !fs::is_directory(folder))
        return base::refuse(
            base::Error::Kind::NotFound, "portal.theme_not_found", "没有主题 " + std::string(name));
    const auto text = TRY(read_file(folder / "theme.json"));
    boost::system::error_code failure;
    const auto value = boost::json::parse(text, failure);
    const auto* object = failure ? nullptr : value.if_object();
    if (!object)
        return base::refuse(
            base::Error::Kind::Invalid, "portal.theme_invalid",
            fmt::format("主题 {} 的 theme.json 不是 JSON 对象", name));
    const auto field = [&](std::string_view key) {
        const auto* entry = object->if_contains(key);
        const auto* words = entry ? entry->if_string() : nullptr;
        return words ? std::string(*words) : std::string();
    };
    return Label{field("title"), field("parent")};
}

/// Adds the files of a folder that no younger theme has brought.
base::Result<> add_files(
    const fs::path& folder, const std::string& prefix, std::string_view ending,
    std::map<std::string, std::string>& into)
{
    if (!fs::is_directory(folder))
        return {};
    for (const auto& entry : fs::directory_iterator(folder)) {
        auto file = entry.path().filename().string();
        if (!entry.is_regular_file() || entry.is_symlink() || !file.ends_with(ending))
            continue;
        if (ending == ".html")
            file.resize(file.size() - ending.size());
        if (!into.contains(prefix + file))
            into.emplace(prefix + file, TRY(read_file(entry.path())));
    }
    return {};
}

} // namespace

base::Result<Theme> Theme::load(const fs::path& themes, std::string_view name)
{
    Theme theme;
    theme.name_ = name;
    Sources sources;
    std::string next(name);
    for (std::size_t i = 0; !next.empty(); ++i) {
        if (i == parents_max)
            return base::refuse(
                base::Error::Kind::Invalid, "portal.theme_invalid",
                fmt::format("主题 {} 的上级太多或互为上级", name));
        const auto folder = themes / next;
        const auto label = TRY(read_label(folder, next));
        if (i == 0)
            theme.title_ = label.title;
        for (const auto* kind : {"layout", "page", "part"})
            TRY(add_files(folder / kind, std::string(kind) + "/", ".html", sources.templates));
        TRY(add_files(folder / "static", "", "", sources.statics));
        for (const auto* sheet : {"site.css", "plain.css", "site.js"}) {
            if (!sources.sheets.contains(sheet) && fs::exists(folder / sheet))
                sources.sheets.emplace(sheet, TRY(read_file(folder / sheet)));
        }
        if (fs::exists(folder / "tokens.css"))
            sources.tokens = TRY(read_file(folder / "tokens.css")) + "\n" + sources.tokens;
        next = label.parent;
    }
    TRY(theme.accept(sources));
    return theme;
}

base::Result<> Theme::accept(const Sources& sources)
{
    Tokens colours;
    read_tokens(colours, sources.tokens, ":root");
    auto faults = contrast_faults(colours, 4.5);
    read_tokens(colours, sources.tokens, "html.v-contrast");
    for (auto& fault : contrast_faults(colours, 7.0))
        faults.push_back("高对比：" + fault);
    if (!faults.empty())
        return base::refuse(
            base::Error::Kind::Invalid, "portal.theme_contrast",
            fmt::format("主题 {} 的颜色对比不够：{}", name_, fmt::join(faults, "；")));

    templates_ = TRY(TemplateSet::compile(sources.templates));
    for (const auto& [file, bytes] : sources.statics) {
        if (!media_type_of(file).empty())
            keep_static(file, bytes);
    }
    const auto sheet = [&](const char* file) {
        const auto found = sources.sheets.find(file);
        return found == sources.sheets.end() ? std::string() : found->second;
    };
    auto css = squeezed(sheet("plain.css")) + "@supports (--a:0) {\n" + squeezed(sources.tokens)
               + squeezed(sheet("site.css")) + "}\n";
    for (const auto& [file, address] : addresses_) {
        const auto plain = "url(" + file + ")";
        for (auto at = css.find(plain); at != std::string::npos; at = css.find(plain, at))
            css.replace(at, plain.size(), "url(" + address + ")");
    }
    keep_static("site.css", std::move(css));
    keep_static("site.js", squeezed(sheet("site.js")));

    if (auto missing = probe_faults(templates_); !missing.empty())
        return base::refuse(
            base::Error::Kind::Invalid, "portal.theme_invalid",
            fmt::format("主题 {} 的页面缺少：{}", name_, fmt::join(missing, "；")));
    return {};
}

void Theme::keep_static(const std::string& file, std::string bytes)
{
    const auto dot = file.rfind('.');
    const auto hashed = file.substr(0, dot) + "." + short_hash(bytes) + file.substr(dot);
    addresses_[file] = "/static/" + name_ + "/" + hashed;
    statics_[hashed] = StaticFile{std::string(media_type_of(file)), std::move(bytes)};
}

std::string Theme::address_of(std::string_view file) const
{
    const auto found = addresses_.find(file);
    return found == addresses_.end() ? std::string() : found->second;
}

const StaticFile* Theme::find_static(std::string_view hashed_name) const
{
    const auto found = statics_.find(hashed_name);
    return found == statics_.end() ? nullptr : &found->second;
}

void Theme::set_addresses(Fields& data) const
{
    data.set("css", address_of("site.css"));
    data.set("js", address_of("site.js"));
    data.set("icons", address_of("icons.svg"));
    data.set("favicon", address_of("favicon.svg"));
}

std::string Theme::render(std::string_view page, Fields data) const
{
    set_addresses(data);
    data.set("content", Html{templates_.render(page, data)});
    return templates_.render("layout/frame", data);
}

std::string Theme::render_bare(Fields data) const
{
    set_addresses(data);
    return templates_.render("layout/bare", data);
}

ThemeShelf::ThemeShelf(const fs::path& themes)
{
    for (const auto& entry : fs::directory_iterator(themes)) {
        const auto name = entry.path().filename().string();
        if (!entry.is_directory() || !fs::exists(entry.path() / "theme.json"))
            continue;
        auto theme = Theme::load(themes, name);
        if (theme)
            themes_.emplace(name, std::move(*theme));
        else if (name == "base")
            throw std::runtime_error(theme.error().message);
        else
            faults_.push_back(theme.error().message);
    }
    if (!themes_.contains("base"))
        throw std::runtime_error("主题目录 " + themes.string() + " 里没有 base 主题");
}

const Theme& ThemeShelf::find(std::string_view name) const
{
    const auto found = themes_.find(name);
    return found == themes_.end() ? themes_.find("base")->second : found->second;
}

} // namespace portal
