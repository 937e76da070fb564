#include "text/rich_attributes.h"

#include "text/utf8.h"

#include <algorithm>
#include <array>

namespace text::rich {

namespace {

constexpr std::size_t URL_BYTES_MAX = 2048;
constexpr std::size_t CLASSES_MAX = 8;
constexpr std::size_t CLASS_LENGTH_MAX = 48;
constexpr std::size_t SPAN_MAX = 1000; // As browsers: a larger colspan is cut to it.
constexpr std::size_t TITLE_CHARACTERS_MAX = 300;

bool all_of_set(std::string_view value, std::string_view set)
{
    return !value.empty() && value.find_first_not_of(set) == std::string_view::npos;
}

constexpr std::string_view DIGITS = "0123456789";

/// A number from 2 on, as colspan and rowspan need it; 0 otherwise.
std::size_t span_of(const std::string* value)
{
    if (value == nullptr)
        return 0;
    const auto digits = trim(*value);
    if (!all_of_set(digits, DIGITS) || digits.size() > 4)
        return 0;
    const auto number = static_cast<std::size_t>(std::stoul(std::string(digits)));
    return number < 2 ? 0 : std::min(number, SPAN_MAX);
}

bool is_own_class(std::string_view token)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return token.size() > 2 && token.size() <= CLASS_LENGTH_MAX && token.substr(0, 2) == "c-"
           && all_of_set(token, allowed);
}

std::vector<std::string> own_classes(const HtmlTag& tag)
{
    std::vector<std::string> classes;
    const auto* value = tag.find("class");
    if (value == nullptr)
        return classes;
    std::string_view rest(*value);
    while (!rest.empty() && classes.size() < CLASSES_MAX) {
        const auto end = std::min(rest.find_first_of(" \t\n\f"), rest.size());
        const std::string token(rest.substr(0, end));
        if (is_own_class(token)
            && std::find(classes.begin(), classes.end(), token) == classes.end())
            classes.push_back(token);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return classes;
}

bool says_alignment(const std::vector<std::string>& classes)
{
    return std::any_of(classes.begin(), classes.end(), [](const std::string& token) {
        return token == "c-center" || token == "c-right" || token == "c-justify"
               || token == "c-left";
    });
}

bool takes_alignment(Element element)
{
    return element == Element::P || is_heading(element) || is_cell(element)
           || element == Element::Caption || element == Element::Div || element == Element::Figure
           || element == Element::Figcaption;
}

bool takes_classes(Element element)
{
    return !is_inline(element) || element == Element::Span || element == Element::A
           || element == Element::Img;
}

void append_classes(
    std::string& to, Element element, const HtmlTag& tag, Origin origin, std::string_view align)
{
    if (!takes_classes(element))
        return;
    auto classes = own_classes(tag);
    const auto add = [&](const std::string& token) {
        if (classes.size() < CLASSES_MAX
            && std::find(classes.begin(), classes.end(), token) == classes.end())
            classes.push_back(token);
    };
    const auto style = style_of(tag);
    std::string_view alignment = style.align.empty() ? align : std::string_view(style.align);
    if (origin == Origin::Office && alignment == "justify")
        alignment = {}; // Word says so of every paragraph.
    if (takes_alignment(element) && !alignment.empty() && !says_alignment(classes))
        add("c-" + std::string(alignment));
    if (is_cell(element) && !style.vertical.empty() && origin == Origin::Stored)
        add("c-" + style.vertical);
    if (element == Element::P && style.indented && origin == Origin::Stored)
        add("c-indent");
    std::string value;
    for (const auto& token : classes)
        value += value.empty() ? token : " " + token;
    if (!value.empty())
        append_attribute(to, "class", value);
}

void append_title(std::string& to, const HtmlTag& tag, std::string_view name)
{
    const auto* value = tag.find(name);
    if (value != nullptr)
        append_attribute(to, name, truncate_code_points(*value, TITLE_CHARACTERS_MAX));
}

void append_size(std::string& to, const HtmlTag& tag, std::string_view name)
{
    const auto* value = tag.find(name);
    if (value == nullptr)
        return;
    auto digits = std::string_view(*value);
    if (digits.size() > 2 && digits.substr(digits.size() - 2) == "px")
        digits.remove_suffix(2);
    auto number = digits;
    if (!number.empty() && number.back() == '%')
        number.remove_suffix(1);
    if (all_of_set(number, DIGITS) && number.size() <= 4)
        append_attribute(to, name, digits);
}

void append_span(std::string& to, const HtmlTag& tag, std::string_view name)
{
    if (const auto span = span_of(tag.find(name)); span != 0)
        append_attribute(to, name, std::to_string(span));
}

void append_one_of(
    std::string& to, const HtmlTag& tag, std::string_view name,
    std::initializer_list<std::string_view> values)
{
    const auto* value = tag.find(name);
    if (value != nullptr && std::find(values.begin(), values.end(), *value) != values.end())
        append_attribute(to, name, *value);
}

void append_language(std::string& to, const HtmlTag& tag)
{
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    const auto* value = tag.find("lang");
    if (value != nullptr && value->size() <= 20 && all_of_set(*value, allowed))
        append_attribute(to, "lang", *value);
}

void append_image(std::string& to, const HtmlTag& tag, Origin origin)
{
    const auto* alternative = tag.find("alt");
    append_attribute(
        to, "alt",
        alternative == nullptr ? "" : truncate_code_points(*alternative, TITLE_CHARACTERS_MAX));
    append_title(to, tag, "title");
    if (origin == Origin::Stored) {
        append_size(to, tag, "width");
        append_size(to, tag, "height");
    }
}

void append_cell(std::string& to, Element element, const HtmlTag& tag, Origin origin)
{
    append_span(to, tag, "colspan");
    append_span(to, tag, "rowspan");
    if (element == Element::Th)
        append_one_of(to, tag, "scope", {"row", "col", "rowgroup", "colgroup"});
    if (origin == Origin::Stored)
        append_size(to, tag, "width");
}

void append_list(std::string& to, const HtmlTag& tag)
{
    const auto* start = tag.find("start");
    if (start != nullptr && all_of_set(*start, DIGITS) && start->size() <= 6 && *start != "1")
        append_attribute(to, "start", *start);
    append_one_of(to, tag, "type", {"1", "a", "A", "i", "I"});
}

/// The scheme in lower case, without the colon; empty for a relative address.
std::string scheme_of(std::string_view url)
{
    const auto end = url.find_first_of(":/?#");
    if (end == std::string_view::npos || url[end] != ':')
        return {};
    return to_lower_ascii(url.substr(0, end)) + (end == 0 ? ":" : "");
}

/// http://host…, without a user name, with a host.
bool is_plain_authority(std::string_view behind_scheme)
{
    if (behind_scheme.substr(0, 2) != "//")
        return false;
    behind_scheme.remove_prefix(2);
    const auto authority =
        behind_scheme.substr(0, std::min(behind_scheme.find_first_of("/?#"), behind_scheme.size()));
    return !authority.empty() && authority.find('@') == std::string_view::npos
           && authority[0] != ':';
}

/// Without tab, CR and LF, which every browser ignores in an address, and without blanks at its
/// ends.
std::string stripped(std::string_view url)
{
    std::string plain;
    for (const char byte : url)
        if (byte != '\t' && byte != '\n' && byte != '\r')
            plain += byte;
    const auto visible = [](char byte) { return static_cast<unsigned char>(byte) > 0x20; };
    plain.erase(plain.begin(), std::find_if(plain.begin(), plain.end(), visible));
    plain.erase(std::find_if(plain.rbegin(), plain.rend(), visible).base(), plain.end());
    return plain;
}

bool is_storable_text(std::string_view utf8)
{
    for (std::size_t at = 0; at < utf8.size();) {
        const auto point = decode_utf8(utf8, at);
        if (!point.valid || !is_storable(point.value) || point.value < 0x20)
            return false;
        at += point.length;
    }
    return true;
}

} // namespace

void append_attribute(std::string& to, std::string_view name, std::string_view value)
{
    to.append(" ").append(name).append("=\"");
    for (std::size_t at = 0; at < value.size();) {
        const auto point = decode_utf8(value, at);
        switch (point.value) {
        case '&': to += "&amp;"; break;
        case '<': to += "&lt;"; break;
        case '>': to += "&gt;"; break;
        case '"': to += "&quot;"; break;
        case '\'': to += "&#39;"; break;
        case '`': to += "&#96;"; break;
        case '=': to += "&#61;"; break;
        case '\n': to += "&#10;"; break;
        case '\t': to += "&#9;"; break;
        default:
            to += point.valid && is_storable(point.value) ? value.substr(at, point.length)
                                                          : REPLACEMENT_UTF8;
        }
        at += point.length;
    }
    to += '"';
}

std::string style_property(std::string_view style, std::string_view property)
{
    while (!style.empty()) {
        const auto end = std::min(style.find(';'), style.size());
        const auto declaration = style.substr(0, end);
        const auto colon = declaration.find(':');
        if (colon != std::string_view::npos
            && to_lower_ascii(trim(declaration.substr(0, colon))) == property)
            return to_lower_ascii(trim(declaration.substr(colon + 1)));
        style.remove_prefix(std::min(end + 1, style.size()));
    }
    return {};
}

Style style_of(const HtmlTag& tag)
{
    Style result;
    if (tag.attributes.empty())
        return result;
    const auto* style = tag.find("style");
    const auto property = [&](std::string_view name) {
        return style == nullptr ? std::string() : style_property(*style, name);
    };
    auto align = property("text-align");
    if (align.empty())
        if (const auto* attribute = tag.find("align"); attribute != nullptr)
            align = to_lower_ascii(trim(*attribute));
    if (align == "center" || align == "right" || align == "justify")
        result.align = align;
    if (style == nullptr)
        return result;
    const auto vertical = property("vertical-align");
    if (vertical == "top" || vertical == "middle" || vertical == "bottom")
        result.vertical = vertical;
    result.sub = vertical == "sub";
    result.sup = vertical == "super";
    const auto weight = property("font-weight");
    result.bold = weight == "bold" || weight == "bolder" || weight == "600" || weight == "700"
                  || weight == "800" || weight == "900";
    const auto slant = property("font-style");
    result.italic = slant == "italic" || slant == "oblique";
    const auto line = property("text-decoration") + " " + property("text-decoration-line");
    result.underlined = line.find("underline") != std::string::npos;
    result.struck = line.find("line-through") != std::string::npos;
    const auto indent = property("text-indent");
    result.indented = !indent.empty() && indent[0] != '-' && indent[0] != '0';
    return result;
}

bool has_own_class(const HtmlTag& tag) { return !own_classes(tag).empty(); }

std::string write_class(std::string_view align)
{
    std::string written;
    if (!align.empty())
        append_attribute(written, "class", "c-" + std::string(align));
    return written;
}

Address address_of(std::string_view attribute)
{
    Address address;
    auto plain = stripped(attribute);
    const auto scheme = scheme_of(plain);
    address.local = plain.empty() || scheme == "file" || scheme == "blob" || scheme == "cid"
                    || scheme == "data" || scheme.size() == 1; // c:\…
    if (plain.empty() || plain.size() > URL_BYTES_MAX || plain.find('\\') != std::string::npos
        || plain.substr(0, 2) == "//" || !is_storable_text(plain))
        return address;
    const bool is_web = scheme == "http" || scheme == "https";
    if (is_web && !is_plain_authority(std::string_view(plain).substr(scheme.size() + 1)))
        return address;
    if (!is_web && !scheme.empty() && scheme != "mailto" && scheme != "tel")
        return address;
    address.remote = is_web;
    address.url = std::move(plain);
    return address;
}

std::string write_attributes(
    Element element, const HtmlTag& tag, Origin origin, std::string_view align)
{
    std::string written;
    if (tag.attributes.empty() && align.empty() && element != Element::A && element != Element::Img)
        return written;
    append_classes(written, element, tag, origin, align);
    if (origin == Origin::Stored && takes_classes(element))
        append_language(written, tag);
    switch (element) {
    case Element::A:
        append_title(written, tag, "title");
        append_attribute(written, "rel", "noopener noreferrer ugc");
        break;
    case Element::Img: append_image(written, tag, origin); break;
    case Element::Abbr: append_title(written, tag, "title"); break;
    case Element::Ol: append_list(written, tag); break;
    case Element::Th:
    case Element::Td: append_cell(written, element, tag, origin); break;
    case Element::Colgroup:
    case Element::Col:
        append_span(written, tag, "span");
        if (origin == Origin::Stored)
            append_size(written, tag, "width");
        break;
    case Element::Details:
        if (tag.find("open") != nullptr)
            append_attribute(written, "open", "");
        break;
    default: break;
    }
    return written;
}

} // namespace text::rich

namespace text {

std::string safe_url(std::string_view url) { return rich::address_of(url).url; }

} // namespace text
