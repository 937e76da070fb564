#pragma once

// The tree between reading and writing of rich text: only elements of the vocabulary, attributes
// already checked and escaped. Nodes live in one array and name each other by index. Not exported.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace text::rich {

/// The 52 allowed elements, between Text and the end.
enum class Element : std::uint8_t {
    Root,
    Text,
    P,
    H2,
    H3,
    H4,
    H5,
    H6,
    Ul,
    Ol,
    Li,
    Dl,
    Dt,
    Dd,
    Strong,
    Em,
    U,
    S,
    Sub,
    Sup,
    Mark,
    Small,
    Abbr,
    Cite,
    Q,
    Kbd,
    Code,
    Del,
    Ins,
    Span,
    A,
    Img,
    Br,
    Hr,
    Table,
    Caption,
    Colgroup,
    Col,
    Thead,
    Tbody,
    Tfoot,
    Tr,
    Th,
    Td,
    Blockquote,
    Pre,
    Figure,
    Figcaption,
    Div,
    Ruby,
    Rt,
    Rp,
    Details,
    Summary,
};

std::string_view name_of(Element element);
bool is_void(Element element);
bool is_heading(Element element);
/// Inline elements, text included: what may stand in a line.
bool is_inline(Element element);
/// Blocks that hold a line and nothing else: p, headings, captions …
bool is_line(Element element);
bool is_cell(Element element);
bool is_table_section(Element element);
bool is_list(Element element);
/// The parts of a table that hold no text themselves.
bool is_between_cells(Element element);

using NodeId = std::uint32_t;
constexpr NodeId NO_NODE = 0xFFFFFFFF;
constexpr NodeId ROOT = 0;

struct Node {
    Element element;
    std::uint8_t list_level = 0; // Of a paragraph that Word means as a list item.
    bool list_ordered = false;
    std::uint32_t list_id = 0;
    NodeId parent = NO_NODE;
    NodeId first = NO_NODE;
    NodeId last = NO_NODE;
    NodeId next = NO_NODE;
    std::uint32_t text_begin = 0; // Of a text, in Tree::texts.
    std::uint32_t text_length = 0;
    std::uint32_t attributes = 0; // In Tree::attributes.
};

struct Tree {
    std::vector<Node> nodes = {Node{.element = Element::Root}};
    std::string texts;
    std::vector<std::string> attributes = {""}; // Each begins with a blank or is empty.

    Node& at(NodeId id) { return nodes[id]; }
    const Node& at(NodeId id) const { return nodes[id]; }
    std::string_view text_of(const Node& node) const
    {
        return std::string_view(texts).substr(node.text_begin, node.text_length);
    }
    NodeId append(NodeId parent, Element element, std::string written_attributes = {});
    void append_text(NodeId parent, std::string_view text);
    /// A node that stands nowhere yet.
    NodeId make(Element element);
    void attach(NodeId parent, NodeId child);
};

/// Writes the tree: the last step, and the only place where markup comes from.
std::string write_html(const Tree& tree);
/// The text alone, escaped; paragraphs and breaks as newlines.
std::string write_text(const Tree& tree);

} // namespace text::rich
