#include "publish/library/body_files.h"

#include <algorithm>
#include <functional>

namespace library {
namespace {

constexpr std::string_view stored_prefix = "=\"/files/";
constexpr std::string_view console_prefix = "=\"/api/files/";
constexpr std::size_t hash_length = 64;

bool is_hash(std::string_view text)
{
    return text.size() == hash_length
           && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Calls `found` with the place of each attribute value that begins with `prefix` and a hash.
void each_address(
    std::string_view html, std::string_view prefix,
    const std::function<void(std::size_t at, std::string_view hash)>& found)
{
    bool in_tag = false;
    for (std::size_t at = 0; at < html.size(); ++at) {
        if (html[at] == '<' || html[at] == '>')
            in_tag = html[at] == '<';
        if (!in_tag || html.substr(at, prefix.size()) != prefix)
            continue;
        const auto hash = html.substr(at + prefix.size(), hash_length);
        if (is_hash(hash))
            found(at, hash);
    }
}

std::string with_prefix_changed(std::string_view html, std::string_view from, std::string_view to)
{
    std::string changed;
    std::size_t done = 0;
    each_address(html, from, [&](std::size_t at, std::string_view) {
        changed += html.substr(done, at - done);
        changed += to;
        done = at + from.size();
    });
    return changed.append(html.substr(done));
}

} // namespace

std::string with_stored_addresses(std::string_view clean_html)
{
    return with_prefix_changed(clean_html, console_prefix, stored_prefix);
}

std::string with_console_addresses(std::string_view clean_html)
{
    return with_prefix_changed(clean_html, stored_prefix, console_prefix);
}

std::vector<std::string> list_files_in(std::string_view stored_html)
{
    std::vector<std::string> hashes;
    each_address(stored_html, stored_prefix, [&](std::size_t, std::string_view hash) {
        if (std::find(hashes.begin(), hashes.end(), hash) == hashes.end())
            hashes.emplace_back(hash);
    });
    return hashes;
}

} // namespace library
