#include "text/rich_office.h"

#include "text/utf8.h"

namespace text::rich {

namespace {

constexpr std::size_t HEADING_CHARACTERS_MAX = 45; // 一、 and 40 more.
constexpr std::size_t LIST_DEPTH_MAX =
    30; // Above it nine levels of lists would pass the depth of the tree.

/// The characters of a line without blanks, up to a few more than a heading may have.
void collect_text(const Tree& tree, NodeId id, std::u32string& to)
{
    for (auto child = tree.at(id).first; child != NO_NODE; child = tree.at(child).next) {
        const auto& node = tree.at(child);
        if (node.element != Element::Text) {
            collect_text(tree, child, to);
            continue;
        }
        const auto text = tree.text_of(node);
        for (std::size_t at = 0; at < text.size() && to.size() <= HEADING_CHARACTERS_MAX;) {
            const auto point = decode_utf8(text, at);
            if (!is_blank(point.value))
                to += point.value;
            at += point.length;
        }
    }
}

std::size_t count_numerals(std::u32string_view text, std::size_t from)
{
    constexpr std::u32string_view numerals = U"一二三四五六七八九十";
    std::size_t count = 0;
    while (from + count < text.size() && numerals.find(text[from + count]) != numerals.npos)
        ++count;
    return count;
}

/// 一、… is a heading of the first level (H2), （一）… of the second (H3), when it is one line
/// without 。 or ；.
Element heading_level(std::u32string_view text)
{
    if (text.size() < 3 || text.size() > HEADING_CHARACTERS_MAX
        || text.find_first_of(U"。；") != text.npos)
        return Element::P;
    const bool bracket = text[0] == U'（' || text[0] == U'(';
    const auto numerals = count_numerals(text, bracket ? 1 : 0);
    if (numerals == 0 || numerals > 3)
        return Element::P;
    const auto behind = numerals + (bracket ? 1 : 0);
    if (behind + 1 >= text.size())
        return Element::P;
    if (bracket)
        return text[behind] == U'）' || text[behind] == U')' ? Element::H3 : Element::P;
    return text[behind] == U'、' ? Element::H2 : Element::P;
}

/// Takes blanks away up to the first character that is none. False when the line goes on.
bool trim_line_start(Tree& tree, NodeId id)
{
    for (auto child = tree.at(id).first; child != NO_NODE; child = tree.at(child).next) {
        auto& node = tree.at(child);
        if (is_void(node.element))
            return true;
        if (node.element != Element::Text) {
            if (trim_line_start(tree, child))
                return true;
            continue;
        }
        const auto text = tree.text_of(node);
        std::size_t blanks = 0;
        while (blanks < text.size() && is_blank(decode_utf8(text, blanks).value))
            blanks += decode_utf8(text, blanks).length;
        node.text_begin += static_cast<std::uint32_t>(blanks);
        node.text_length -= static_cast<std::uint32_t>(blanks);
        if (node.text_length > 0)
            return true;
    }
    return false;
}

/// One level of a list that is being put together.
struct Level {
    NodeId list;
    std::uint8_t level;
    std::uint32_t id;
};

class Lists {
public:
    Lists(Tree& tree, CleaningNotes& notes)
        : tree_(tree)
        , notes_(notes)
    {
    }

    /// Rebuilds the children of `parent` with list paragraphs in lists.
    void gather(NodeId parent)
    {
        auto child = tree_.at(parent).first;
        tree_.at(parent).first = tree_.at(parent).last = NO_NODE;
        levels_.clear();
        while (child != NO_NODE) {
            const auto next = tree_.at(child).next;
            if (tree_.at(child).list_level == 0) {
                levels_.clear();
                tree_.attach(parent, child);
            } else {
                add_item(parent, child);
            }
            child = next;
        }
    }

private:
    void add_item(NodeId parent, NodeId paragraph)
    {
        const auto node = tree_.at(paragraph);
        if (!levels_.empty() && levels_[0].id != node.list_id)
            levels_.clear();
        while (!levels_.empty() && levels_.back().level > node.list_level)
            levels_.pop_back();
        if (levels_.empty() || levels_.back().level < node.list_level) {
            const auto list = tree_.make(node.list_ordered ? Element::Ol : Element::Ul);
            tree_.attach(levels_.empty() ? parent : tree_.at(levels_.back().list).last, list);
            levels_.push_back({list, node.list_level, node.list_id});
            ++notes_.lists;
        }
        const auto item = tree_.make(Element::Li);
        tree_.attach(levels_.back().list, item);
        tree_.attach(item, paragraph);
        tree_.at(paragraph).list_level = 0;
    }

    Tree& tree_;
    CleaningNotes& notes_;
    std::vector<Level> levels_;
};

bool has_list_paragraph(const Tree& tree, NodeId parent)
{
    for (auto child = tree.at(parent).first; child != NO_NODE; child = tree.at(child).next)
        if (tree.at(child).list_level > 0)
            return true;
    return false;
}

void gather_lists(Tree& tree, CleaningNotes& notes, NodeId parent, std::size_t depth)
{
    if (depth > LIST_DEPTH_MAX)
        return;
    if (has_list_paragraph(tree, parent))
        Lists(tree, notes).gather(parent);
    for (auto child = tree.at(parent).first; child != NO_NODE; child = tree.at(child).next)
        if (!is_inline(tree.at(child).element) && !is_line(tree.at(child).element))
            gather_lists(tree, notes, child, depth + 1);
}

} // namespace

void clean_office(Tree& tree, CleaningNotes& notes)
{
    for (NodeId id = 0; id < tree.nodes.size(); ++id)
        if (tree.at(id).element == Element::P)
            trim_line_start(tree, id);
    for (auto child = tree.at(ROOT).first; child != NO_NODE; child = tree.at(child).next) {
        auto& node = tree.at(child);
        if (node.element != Element::P || node.list_level > 0)
            continue;
        std::u32string text;
        collect_text(tree, child, text);
        const auto level = heading_level(text);
        if (level == Element::P)
            continue;
        node.element = level;
        node.attributes = 0;
        ++notes.headings;
    }
    gather_lists(tree, notes, ROOT, 0);
}

} // namespace text::rich
