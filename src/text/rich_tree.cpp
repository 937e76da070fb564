#include "text/rich_tree.h"

#include "text/utf8.h"

namespace text::rich {

namespace {

constexpr std::array<std::string_view, 54> NAMES = {
    "",         "",       "p",          "h2",    "h3",    "h4",     "h5", "h6",      "ul",
    "ol",       "li",     "dl",         "dt",    "dd",    "strong", "em", "u",       "s",
    "sub",      "sup",    "mark",       "small", "abbr",  "cite",   "q",  "kbd",     "code",
    "del",      "ins",    "span",       "a",     "img",   "br",     "hr", "table",   "caption",
    "colgroup", "col",    "thead",      "tbody", "tfoot", "tr",     "th", "td",      "blockquote",
    "pre",      "figure", "figcaption", "div",   "ruby",  "rt",     "rp", "details", "summary"};
static_assert(NAMES.size() == static_cast<std::size_t>(Element::Summary) + 1);

/// Text as it stands between tags. Characters that may not be stored, come they from the input or
/// from a reference (&#1;), become U+FFFD here, behind all decoding.
void append_escaped(std::string& to, std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const char byte = text[at];
        if (byte >= 0x20 && byte != 0x7F && byte != '&' && byte != '<' && byte != '>') {
            to += byte;
            ++at;
            continue;
        }
        const auto point = decode_utf8(text, at);
        if (point.value == '&')
            to += "&amp;";
        else if (point.value == '<')
            to += "&lt;";
        else if (point.value == '>')
            to += "&gt;";
        else if (point.valid && is_storable(point.value))
            to += text.substr(at, point.length);
        else
            to += REPLACEMENT_UTF8;
        at += point.length;
    }
}

bool is_blank_text(std::string_view text)
{
    return text.find_first_not_of(" \t\n\f") == std::string_view::npos;
}

/// A line without a visible character: it is left out.
bool is_empty_line(const Tree& tree, NodeId id)
{
    for (auto child = tree.at(id).first; child != NO_NODE; child = tree.at(child).next) {
        const auto& node = tree.at(child);
        if (is_void(node.element))
            return false;
        if (node.element == Element::Text ? !is_blank_text(tree.text_of(node))
                                          : !is_empty_line(tree, child))
            return false;
    }
    return true;
}

/// Formatting around nothing: trimming a line may leave it behind.
bool is_hollow(const Tree& tree, NodeId id)
{
    const auto& node = tree.at(id);
    if (node.element == Element::Text)
        return node.text_length == 0;
    if (!is_inline(node.element) || is_void(node.element))
        return false;
    for (auto child = node.first; child != NO_NODE; child = tree.at(child).next)
        if (!is_hollow(tree, child))
            return false;
    return true;
}

bool begins_with_newline(const Tree& tree, const Node& node)
{
    if (node.first == NO_NODE || tree.at(node.first).element != Element::Text)
        return false;
    return tree.text_of(tree.at(node.first)).substr(0, 1) == "\n";
}

// The depth of the tree is bounded by the builder, so recursion is.
void write_node(const Tree& tree, NodeId id, std::string& out)
{
    const auto& node = tree.at(id);
    if (node.element == Element::Text)
        return append_escaped(out, tree.text_of(node));
    const bool droppable = node.element == Element::P || is_heading(node.element);
    if ((droppable && is_empty_line(tree, id)) || is_hollow(tree, id))
        return;
    const auto name = name_of(node.element);
    if (node.element != Element::Root)
        out.append("<").append(name).append(tree.attributes[node.attributes]).append(">");
    if (is_void(node.element))
        return;
    if (node.element == Element::Pre && begins_with_newline(tree, node))
        out += '\n'; // Every parser drops the first newline in <pre>.
    for (auto child = node.first; child != NO_NODE; child = tree.at(child).next)
        write_node(tree, child, out);
    if (node.element != Element::Root)
        out.append("</").append(name).append(">");
}

void write_text_node(const Tree& tree, NodeId id, std::string& out)
{
    const auto& node = tree.at(id);
    if (node.element == Element::Text)
        return append_escaped(out, tree.text_of(node));
    if (node.element == Element::Br)
        out += '\n';
    if (node.element == Element::P && is_empty_line(tree, id))
        return;
    if (node.element == Element::P && !out.empty() && out.back() != '\n')
        out += '\n';
    for (auto child = node.first; child != NO_NODE; child = tree.at(child).next)
        write_text_node(tree, child, out);
}

} // namespace

std::string_view name_of(Element element) { return NAMES[static_cast<std::size_t>(element)]; }

bool is_void(Element element)
{
    return element == Element::Img || element == Element::Br || element == Element::Hr
           || element == Element::Col;
}

bool is_heading(Element element) { return element >= Element::H2 && element <= Element::H6; }

bool is_inline(Element element)
{
    return element == Element::Text || (element >= Element::Strong && element <= Element::Br)
           || (element >= Element::Ruby && element <= Element::Rp);
}

bool is_line(Element element)
{
    return element == Element::P || is_heading(element) || element == Element::Dt
           || element == Element::Caption || element == Element::Pre
           || element == Element::Figcaption || element == Element::Summary;
}

bool is_cell(Element element) { return element == Element::Td || element == Element::Th; }

bool is_table_section(Element element)
{
    return element >= Element::Thead && element <= Element::Tfoot;
}

bool is_list(Element element) { return element == Element::Ul || element == Element::Ol; }

bool is_between_cells(Element element)
{
    return element == Element::Table || element == Element::Tr || element == Element::Colgroup
           || is_table_section(element);
}

NodeId Tree::make(Element element)
{
    nodes.push_back(Node{.element = element});
    return static_cast<NodeId>(nodes.size() - 1);
}

void Tree::attach(NodeId parent, NodeId child)
{
    nodes[child].parent = parent;
    nodes[child].next = NO_NODE;
    if (nodes[parent].last == NO_NODE)
        nodes[parent].first = child;
    else
        nodes[nodes[parent].last].next = child;
    nodes[parent].last = child;
}

NodeId Tree::append(NodeId parent, Element element, std::string written_attributes)
{
    const auto id = make(element);
    if (!written_attributes.empty()) {
        nodes[id].attributes = static_cast<std::uint32_t>(attributes.size());
        attributes.push_back(std::move(written_attributes));
    }
    attach(parent, id);
    return id;
}

void Tree::append_text(NodeId parent, std::string_view text)
{
    const auto id = make(Element::Text);
    nodes[id].text_begin = static_cast<std::uint32_t>(texts.size());
    nodes[id].text_length = static_cast<std::uint32_t>(text.size());
    texts += text;
    attach(parent, id);
}

std::string write_html(const Tree& tree)
{
    std::string out;
    out.reserve(tree.texts.size() + tree.nodes.size() * 8);
    write_node(tree, ROOT, out);
    return out;
}

std::string write_text(const Tree& tree)
{
    std::string out;
    write_text_node(tree, ROOT, out);
    const auto begin = out.find_first_not_of(" \t\n");
    if (begin == std::string::npos)
        return {};
    return out.substr(begin, out.find_last_not_of(" \t\n") - begin + 1);
}

} // namespace text::rich
