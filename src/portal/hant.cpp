#include "portal/hant.h"

#include "text/hanzi.h"

#include <algorithm>
#include <array>

namespace portal {
namespace {

bool stays(std::string_view tag, std::string_view address)
{
    static constexpr std::array<std::string_view, 4> fixed = {
        "//", "/static/", "/files/", "/hant/"};
    if (tag.find("hreflang=\"zh-Hans\"") != std::string_view::npos || tag.starts_with("<link")
        || address.find(".xml\"") != std::string_view::npos)
        return true;
    return std::any_of(fixed.begin(), fixed.end(), [&](std::string_view prefix) {
        return address.starts_with(prefix);
    });
}

} // namespace

std::string with_hant_links(std::string_view page)
{
    std::string out;
    out.reserve(page.size() + page.size() / 32);
    std::size_t at = 0;
    while (at < page.size()) {
        const auto open = std::min(page.find('<', at), page.size());
        const auto close = std::min(page.find('>', open), page.size());
        out += page.substr(at, open - at);
        if (open == page.size())
            break;
        const auto tag = page.substr(open, close - open);
        auto place = tag.find(" href=\"/");
        auto skip = std::string_view(" href=\"").size();
        if (place == std::string_view::npos) {
            place = tag.find(" action=\"/");
            skip = std::string_view(" action=\"").size();
        }
        if (place != std::string_view::npos) {
            const auto value = tag.substr(place + skip);
            const auto address = value.substr(0, std::min(value.find('"'), value.size() - 1) + 1);
            out += tag.substr(0, place + skip);
            if (!stays(tag, address))
                out += hant_prefix;
            out += value;
        } else {
            out += tag;
        }
        at = close;
        if (at < page.size()) {
            out += '>';
            ++at;
        }
    }
    return out;
}

std::string in_traditional(const text::TraditionalConverter& converter, std::string_view page)
{
    return converter.convert_html(with_hant_links(page));
}

} // namespace portal
