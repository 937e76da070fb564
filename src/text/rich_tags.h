#pragma once

// What each tag of the outside means here. Not exported.

#include "text/rich_tree.h"

#include <string_view>

namespace text::rich {

enum class Role : std::uint8_t {
    Unwrap,    // Unknown or without meaning: the tag goes, the contents stay.
    Drop,      // Goes with its contents.
    Inline,    // Formatting inside a line.
    Image,     //
    Break,     //
    Line,      // A block that holds one line: p, headings, captions.
    Container, // A block that holds blocks: lists, quotes, figures.
    Item,      // li, dt, dd: only in their lists.
    Rule,      // hr
    Table,     //
    TablePart, // What stands between a table and the contents of its cells.
    Group,     // div, section, center …: separates blocks and is forgotten.
};

struct TagMeaning {
    std::string_view name;
    Role role = Role::Unwrap;
    Element element = Element::Root;
    /// Tags that close each other have the same number: h1 and h6. 0 for Unwrap and Drop.
    std::uint8_t family = 0;
};

const TagMeaning& meaning_of(std::string_view tag_name);

} // namespace text::rich
