#include "portal/body.h"

#include "portal/markup.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portal {
namespace {

constexpr std::size_t contents_least = 3;
constexpr std::size_t contents_title_max = 30; // Characters.

std::string_view tag_name(std::string_view tag) // "<h2 class=…>" → "h2"
{
    const auto begin = tag.starts_with("</") ? 2U : 1U;
    return tag.substr(begin, tag.find_first_of(" />\n", begin) - begin);
}

/// Replaces style="…" by a class for the two alignments we know; drops any other.
std::string without_style(std::string_view tag)
{
    const auto at = tag.find(" style=\"");
    if (at == std::string_view::npos)
        return std::string(tag);
    const auto value_at = at + std::string_view(" style=\"").size();
    const auto end = tag.find('"', value_at);
    if (end == std::string_view::npos)
        return std::string(tag);
    const auto value = tag.substr(value_at, end - value_at);
    std::string out(tag.substr(0, at));
    if (value.find("center") != std::string_view::npos)
        out += " class=\"ta-c\"";
    else if (value.find("right") != std::string_view::npos)
        out += " class=\"ta-r\"";
    out += tag.substr(end + 1);
    return out;
}

void put_start_tag(Body& body, std::string_view tag, std::string_view name, std::string_view rest)
{
    auto text = without_style(tag);
    if (name == "h2" || name == "h3") {
        const auto id = "s" + std::to_string(body.contents.size() + 1);
        const auto close = rest.find("</" + std::string(name));
        if (name == "h2" && close != std::string_view::npos) {
            body.contents.push_back(
                {id, shortened(plain_text(rest.substr(0, close), 400), contents_title_max)});
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

std::string_view entity_text(std::string_view entity)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known = {{
        {"&amp;", "&"},
        {"&lt;", "<"},
        {"&gt;", ">"},
        {"&quot;", "\""},
        {"&#39;", "'"},
        {"&apos;", "'"},
        {"&nbsp;", " "},
    }};
    for (const auto& [name, text] : known) {
        if (entity == name)
            return text;
    }
    return entity;
}

void append_collapsed(std::string& out, std::string_view text)
{
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
}

} // namespace

Body prepared_body(std::string_view html)
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
            put_start_tag(body, tag, name, html.substr(close + 1));
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

std::string plain_text(std::string_view html, std::size_t bytes_max)
{
    std::string out;
    std::size_t at = 0;
    while (at < html.size() && out.size() <= bytes_max) {
        if (html[at] == '<') {
            const auto close = html.find('>', at);
            if (close == std::string_view::npos)
                break;
            const auto name = tag_name(html.substr(at, close + 1 - at));
            if (name == "p" || name == "br" || name == "li" || name == "td"
                || name.starts_with('h'))
                append_collapsed(out, " ");
            at = close + 1;
        } else if (html[at] == '&') {
            const auto end = html.find(';', at);
            const auto size = end == std::string_view::npos || end - at > 10 ? 1 : end + 1 - at;
            append_collapsed(out, entity_text(html.substr(at, size)));
            at += size;
        } else {
            const auto end = std::min(html.find_first_of("<&", at), html.size());
            append_collapsed(out, html.substr(at, end - at));
            at = end;
        }
    }
    if (out.size() > bytes_max) {
        out.resize(bytes_max);
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U)
            out.pop_back();
        if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0x80U)
            out.pop_back();
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

} // namespace portal
