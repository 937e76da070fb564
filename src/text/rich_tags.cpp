#include "text/rich_tags.h"

#include <algorithm>
#include <iterator>

namespace text::rich {

namespace {

using enum Element;

constexpr std::uint8_t HEADINGS = 200;

// Sorted by name. The family is the place in the table where none is given.
constexpr TagMeaning TAGS[] = {
    {"a", Role::Inline, A},
    {"abbr", Role::Inline, Abbr},
    {"address", Role::Group},
    {"applet", Role::Drop},
    {"article", Role::Group},
    {"aside", Role::Group},
    {"b", Role::Inline, Strong},
    {"blockquote", Role::Container, Blockquote},
    {"br", Role::Break, Br},
    {"caption", Role::TablePart, Caption},
    {"center", Role::Group},
    {"cite", Role::Inline, Cite},
    {"code", Role::Inline, Code},
    {"col", Role::TablePart, Col},
    {"colgroup", Role::TablePart, Colgroup},
    {"dd", Role::Item, Dd},
    {"del", Role::Inline, Del},
    {"details", Role::Container, Details},
    {"dir", Role::Container, Ul},
    {"div", Role::Group, Div},
    {"dl", Role::Container, Dl},
    {"dt", Role::Item, Dt},
    {"em", Role::Inline, Em},
    {"fieldset", Role::Group},
    {"figcaption", Role::Line, Figcaption},
    {"figure", Role::Container, Figure},
    {"font", Role::Inline, Span},
    {"footer", Role::Group},
    {"form", Role::Group},
    {"frameset", Role::Drop},
    {"h1", Role::Line, H2, HEADINGS},
    {"h2", Role::Line, H2, HEADINGS},
    {"h3", Role::Line, H3, HEADINGS},
    {"h4", Role::Line, H4, HEADINGS},
    {"h5", Role::Line, H5, HEADINGS},
    {"h6", Role::Line, H6, HEADINGS},
    {"header", Role::Group},
    {"hr", Role::Rule, Hr},
    {"i", Role::Inline, Em},
    {"iframe", Role::Drop},
    {"img", Role::Image, Img},
    {"ins", Role::Inline, Ins},
    {"kbd", Role::Inline, Kbd},
    {"legend", Role::Group},
    {"li", Role::Item, Li},
    {"main", Role::Group},
    {"mark", Role::Inline, Mark},
    {"math", Role::Drop},
    {"menu", Role::Container, Ul},
    {"nav", Role::Group},
    {"noembed", Role::Drop},
    {"noframes", Role::Drop},
    {"noscript", Role::Drop},
    {"object", Role::Drop},
    {"ol", Role::Container, Ol},
    {"p", Role::Line, P},
    {"plaintext", Role::Drop},
    {"pre", Role::Line, Pre},
    {"q", Role::Inline, Q},
    {"rp", Role::Inline, Rp},
    {"rt", Role::Inline, Rt},
    {"ruby", Role::Inline, Ruby},
    {"s", Role::Inline, S},
    {"samp", Role::Inline, Code},
    {"script", Role::Drop},
    {"section", Role::Group},
    {"select", Role::Drop},
    {"small", Role::Inline, Small},
    {"span", Role::Inline, Span},
    {"strike", Role::Inline, S},
    {"strong", Role::Inline, Strong},
    {"style", Role::Drop},
    {"sub", Role::Inline, Sub},
    {"summary", Role::Line, Summary},
    {"sup", Role::Inline, Sup},
    {"svg", Role::Drop},
    {"table", Role::Table, Table},
    {"tbody", Role::TablePart, Tbody},
    {"td", Role::TablePart, Td},
    {"template", Role::Drop},
    {"textarea", Role::Drop},
    {"tfoot", Role::TablePart, Tfoot},
    {"th", Role::TablePart, Th},
    {"thead", Role::TablePart, Thead},
    {"title", Role::Drop},
    {"tr", Role::TablePart, Tr},
    {"tt", Role::Inline, Code},
    {"u", Role::Inline, U},
    {"ul", Role::Container, Ul},
    {"var", Role::Inline, Em},
    {"xml", Role::Drop},
    {"xmp", Role::Drop},
};

constexpr auto by_name = [](const TagMeaning& left, const TagMeaning& right) {
    return left.name < right.name;
};
static_assert(std::is_sorted(std::begin(TAGS), std::end(TAGS), by_name));
static_assert(std::size(TAGS) < HEADINGS);

constexpr auto with_families()
{
    std::array<TagMeaning, std::size(TAGS)> tags{};
    for (std::size_t index = 0; index < tags.size(); ++index) {
        tags[index] = TAGS[index];
        if (tags[index].family == 0)
            tags[index].family = static_cast<std::uint8_t>(index + 1);
    }
    return tags;
}

constexpr auto MEANINGS = with_families();
constexpr TagMeaning UNKNOWN = {};

} // namespace

const TagMeaning& meaning_of(std::string_view tag_name)
{
    const auto* found = std::lower_bound(
        MEANINGS.begin(), MEANINGS.end(), tag_name,
        [](const TagMeaning& meaning, std::string_view name) { return meaning.name < name; });
    return found != MEANINGS.end() && found->name == tag_name ? *found : UNKNOWN;
}

} // namespace text::rich
