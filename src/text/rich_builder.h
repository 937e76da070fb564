#pragma once

// Builds the tree of rich text from tokens. The structural rules of promises.md §3, point 6, are
// here: whatever comes, the tree is one that every HTML parser rebuilds exactly from what we write
// of it.
//
// - Lines (p, headings …) hold inline content only; a block closes them.
// - Formatting is a list of what is wanted at this place (`wanted_`); elements are opened only when
// a
//   character needs them, closed before every block, and never nested in their own kind.
// - li stands only in lists, cells only in rows, rows only in tables; what is missing is made.
// - Bare text between blocks becomes a paragraph.
// - Depth, nested tables, formatting and re-opened formatting are bounded; so is the time.
// Not exported.

#include "text/html_tokens.h"
#include "text/rich_attributes.h"
#include "text/rich_tags.h"
#include "text/rich_tree.h"
#include "text/sanitize.h"

#include <cstddef>
#include <string>
#include <vector>

namespace text::rich {

class Builder : public HtmlSink {
public:
    Builder(Tier tier, Origin origin, std::size_t input_size);

    void start_tag(const HtmlTag& tag) override;
    void end_tag(const HtmlTag& tag) override;
    void text(std::string_view piece, std::size_t offset) override;
    void comment(std::string_view contents, std::size_t offset) override;
    /// After the last token.
    void finish() { flush_text(); }

    Tree& tree() { return tree_; }
    CleaningNotes& notes() { return notes_; }

private:
    /// An open block. A group (div, section) and a block in a place where it has no meaning are
    /// open too, so that their end tags find them, but they have no node of their own.
    struct Open {
        Element element;        // Of the nearest block with a node, from here down.
        NodeId node;            // Of the same.
        std::size_t real;       // Its place in the stack.
        std::uint8_t family;    // Which end tags close this.
        bool group;             // Without a node.
        std::string align;      // What a group says of the paragraphs in it.
        std::size_t containers; // Open containers from the root to here.
        std::size_t floor = 0;  // Of a cell: the floor of formatting outside it.
    };
    /// An element that the formatting asks for.
    struct Wanted {
        std::uint8_t family;
        std::size_t nested =
            0; // Further start tags of the same family, waiting for their end tags.
        std::vector<std::pair<Element, std::string>> elements; // With their attributes.
        std::size_t id;
        bool opened = false;
    };
    struct OpenInline {
        std::size_t id; // Of the Wanted.
        Element element;
        NodeId node;
    };

    // Tokens.
    void start_known(const TagMeaning& meaning, const HtmlTag& tag);
    bool skip_start(const HtmlTag& tag, const TagMeaning& meaning);
    bool skip_end(const HtmlTag& tag);
    bool office_start(const HtmlTag& tag);
    void flush_text();
    void collapse_office_blanks();

    // Blocks.
    const Open& top() const { return stack_.back(); }
    Element context() const { return top().element; }
    void push(Element element, std::uint8_t family, std::string attributes);
    void push_group(std::uint8_t family, std::string align);
    void pop_to(std::size_t size);
    void pop_through_real();
    bool close_line(bool for_line);
    bool prepare_block(bool for_line);
    void fit_context();
    void ensure_cell();
    std::string alignment() const;
    bool wants_paragraph() const;
    void start_line(const TagMeaning& meaning, const HtmlTag& tag);
    void start_container(const TagMeaning& meaning, const HtmlTag& tag);
    void start_group(const TagMeaning& meaning, const HtmlTag& tag);
    void start_item(const TagMeaning& meaning, const HtmlTag& tag);
    void start_rule(const HtmlTag& tag);
    void start_table(const HtmlTag& tag);
    void start_table_part(const TagMeaning& meaning, const HtmlTag& tag);
    void start_cell(const TagMeaning& meaning, const HtmlTag& tag);
    void end_block(std::uint8_t family);
    void end_table_part(const TagMeaning& meaning);
    std::size_t find_table_part(bool beyond_cells) const;
    void pop_to_table_parts(bool rows, bool sections);
    void note_list_paragraph(const HtmlTag& tag);

    // Lines.
    void start_inline(const TagMeaning& meaning, const HtmlTag& tag);
    void end_inline(std::uint8_t family);
    void remove_wanted(Element element);
    bool is_wanted(Element element) const;
    std::size_t wanted_count() const;
    void add_image(const HtmlTag& tag);
    void add_break();
    bool ready_for_inline(bool blank);
    void sync_inlines();
    NodeId insertion_node() const;

    Tier tier_;
    Origin origin_;
    Tree tree_;
    CleaningNotes notes_;

    std::vector<Open> stack_;
    std::vector<std::size_t>
        open_families_; // How many of each are open: most end tags close nothing.
    std::size_t tables_ = 0;
    std::size_t ignored_tables_ = 0;

    std::vector<Wanted> wanted_;
    std::size_t floor_ = 0; // Formatting below it belongs to the place outside the cell.
    std::vector<OpenInline> inlines_;
    bool dirty_ = false; // wanted_ and inlines_ differ.
    std::size_t next_id_ = 1;
    std::size_t reopened_bytes_ = 0;
    std::size_t reopened_bytes_max_;

    std::string pending_;
    bool skip_newline_ = false; // Behind <pre>.
    std::string skipped_;       // The element that is being dropped with its contents.
    std::size_t skipped_depth_ = 0;

    // The number or bullet that Word writes in front of a list paragraph.
    bool in_marker_ = false;
    std::size_t marker_spans_ = 0;
    std::string marker_;
    NodeId list_paragraph_ = NO_NODE;
    void finish_marker();
};

} // namespace text::rich
