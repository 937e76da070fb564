#pragma once

// Attributes of rich text: what is read from a tag's attributes and what is written of them. Not
// exported.

#include "text/html_tokens.h"
#include "text/rich_tree.h"
#include "text/sanitize.h"

#include <string>
#include <string_view>
#include <vector>

namespace text::rich {

/// What a style or align attribute means; nothing else of a style survives.
struct Style {
    std::string align;    // center, right, justify, or empty.
    std::string vertical; // top, middle, bottom, for cells.
    bool bold = false;
    bool italic = false;
    bool underlined = false;
    bool struck = false;
    bool sub = false;
    bool sup = false;
    bool indented = false;
};

Style style_of(const HtmlTag& tag);

/// The value of one property of a style attribute, trimmed, in lower case; empty when absent.
std::string style_property(std::string_view style, std::string_view property);

/// An address out of an attribute; empty when it is not allowed.
struct Address {
    std::string url;
    bool local = false;  // file:, blob:, cid: and other places on the writer's machine.
    bool remote = false; // On another host.
};
Address address_of(std::string_view attribute);

/// The attributes of an element as they are written, each with a blank before it. `align` is what
/// the surroundings say; the tag's own alignment goes first.
std::string write_attributes(
    Element element, const HtmlTag& tag, Origin origin, std::string_view align);

/// class="c-center" and the like, for elements that no tag stands for.
std::string write_class(std::string_view align);

/// Does the tag carry a class of our own (c-…)?
bool has_own_class(const HtmlTag& tag);

/// Name and value, escaped so that no reader can see an end of the value.
void append_attribute(std::string& to, std::string_view name, std::string_view value);

} // namespace text::rich
