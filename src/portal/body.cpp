#include "portal/body.h"

#include "portal/asked.h"
#include "portal/frame.h"
#include "portal/markup.h"
#include "text/plain_text.h"

#include <algorithm>

namespace portal {
namespace {

constexpr std::size_t contents_least = 3;
constexpr std::size_t contents_title_max = 30; // Characters.

std::string_view tag_name(std::string_view tag) // "<h2 class=…>" → "h2"
{
    const auto begin = tag.starts_with("</") ? 2U : 1U;
    return tag.substr(begin, tag.find_first_of(" />\n", begin) - begin);
}

/// Texts name files by "/files/<hash>" or, out of older hands, by the console's
/// "/api/files/<hash>".
std::string with_public_file(
    std::string_view tag, std::string_view name, const std::vector<library::Attachment>& files)
{
    static constexpr std::size_t hash_length = 64;
    for (const std::string_view begin : {"=\"/api/files/", "=\"/files/"}) {
        const auto at = tag.find(begin);
        if (at == std::string_view::npos)
            continue;
        const auto hash = tag.substr(at + begin.size(), hash_length);
        const auto end = tag.find('"', at + begin.size());
        if (!is_file_hash(hash) || end == std::string_view::npos)
            continue;
        const auto known = std::find_if(
            files.begin(), files.end(), [&](const auto& file) { return file.hash == hash; });
        const std::string shown = known != files.end() ? known->name
                                  : name == "img"      ? std::string("picture")
                                                       : std::string("file");
        return std::string(tag.substr(0, at + 2)) + file_url(hash, shown)
               + std::string(tag.substr(end));
    }
    return std::string(tag);
}

void put_start_tag(
    Body& body, std::string_view tag, std::string_view name, std::string_view rest,
    const std::vector<library::Attachment>& files)
{
    std::string text = with_public_file(tag, name, files);
    if (name == "h2") {
        const auto id = "s" + std::to_string(body.contents.size() + 1);
        const auto close = rest.find("</h2");
        if (close != std::string_view::npos) {
            body.contents.push_back({id, text::excerpt(rest.substr(0, close), contents_title_max)});
            text.insert(3, " id=\"" + id + "\"");
        }
    }
    if (name == "img" && text.find(" loading=") == std::string::npos)
        text.insert(4, " loading=\"lazy\"");
    if (name == "table")
        body.html +=
            "<div class=\"tbl\" tabindex=\"0\" role=\"region\" aria-label=\"表格，可横向滚动\">";
    body.html += text;
}

} // namespace

Body prepared_body(std::string_view html, const std::vector<library::Attachment>& files)
{
    Body body;
    body.html.reserve(html.size() + html.size() / 16 + 256);
    std::size_t at = 0;
    while (at < html.size()) {
        const auto open = std::min(html.find('<', at), html.size());
        body.html += html.substr(at, open - at);
        if (open == html.size())
            break;
        const auto close = html.find('>', open);
        if (close == std::string_view::npos) {
            append_escaped(body.html, html.substr(open)); // Not what the sanitiser writes: show it.
            break;
        }
        const auto tag = html.substr(open, close + 1 - open);
        const auto name = tag_name(tag);
        if (!tag.starts_with("</")) {
            put_start_tag(body, tag, name, html.substr(close + 1), files);
        } else {
            body.html += tag;
            if (name == "table")
                body.html += "</div>";
        }
        at = close + 1;
    }
    if (body.contents.size() < contents_least)
        body.contents.clear();
    return body;
}

} // namespace portal
