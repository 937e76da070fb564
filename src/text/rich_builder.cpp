// Tokens, blocks and tables. Lines and formatting are in rich_inlines.cpp.

#include "text/rich_builder.h"

#include "text/utf8.h"

#include <algorithm>

namespace text::rich {

namespace {

constexpr std::size_t OPEN_MAX = 128;      // Blocks and groups together.
constexpr std::size_t CONTAINERS_MAX = 20; // With their items and 4 tables at most 64 levels deep.
constexpr std::size_t TABLES_MAX = 4;
constexpr std::size_t REOPENED_BYTES_FREE = 64 * 1024;

/// Families for blocks that are made without a tag; their end tags close them all the same.
std::uint8_t family_of(std::string_view name) { return meaning_of(name).family; }

bool is_container(Element element)
{
    return is_list(element) || element == Element::Dl || element == Element::Blockquote
           || element == Element::Figure || element == Element::Details || element == Element::Div
           || element == Element::Table;
}

bool is_table_part(Element element)
{
    return is_between_cells(element) || is_cell(element) || element == Element::Caption;
}

} // namespace

Builder::Builder(Tier tier, Origin origin, std::size_t input_size)
    : tier_(tier)
    , origin_(origin)
    , open_families_(256, 0)
    , reopened_bytes_max_(input_size + REOPENED_BYTES_FREE)
{
    tree_.nodes.reserve(input_size / 16 + 16);
    tree_.texts.reserve(input_size / 2);
    stack_.push_back({Element::Root, ROOT, 0, 0, false, {}, 0});
}

// Tokens.

void Builder::text(std::string_view piece, std::size_t)
{
    if (skipped_depth_ > 0)
        return;
    if (in_marker_)
        marker_ += piece.substr(0, 64 - std::min<std::size_t>(64, marker_.size()));
    else
        pending_ += piece;
}

/// Word says "from here to there is the number of a list paragraph" with conditional comments.
void Builder::comment(std::string_view contents, std::size_t)
{
    if (origin_ != Origin::Office || skipped_depth_ > 0)
        return;
    if (contents.find("[if !supportLists]") != std::string_view::npos) {
        flush_text();
        in_marker_ = true;
        marker_spans_ = 0;
        marker_.clear();
    } else if (in_marker_ && contents.find("[endif]") != std::string_view::npos) {
        finish_marker();
    }
}

void Builder::finish_marker()
{
    in_marker_ = false;
    if (list_paragraph_ == NO_NODE)
        return;
    const auto mark = trim(marker_);
    const bool bullet = mark.size() == 1 && std::string_view("lnuo").find(mark[0]) != mark.npos;
    bool ordered = false;
    for (std::size_t at = 0; at < mark.size() && !bullet;) {
        const auto point = decode_utf8(mark, at);
        const auto plain = half_width(point.value) | 0x20U;
        ordered = ordered || (half_width(point.value) >= '0' && half_width(point.value) <= '9')
                  || (plain >= 'a' && plain <= 'z') || is_han(point.value)
                  || (point.value >= 0x2460 && point.value <= 0x24FF);
        at += point.length;
    }
    if (mark.empty())
        tree_.at(list_paragraph_).list_level = 0;
    tree_.at(list_paragraph_).list_ordered = ordered;
    list_paragraph_ = NO_NODE;
}

/// Within an element that goes with its contents nothing counts but its own tags.
bool Builder::skip_start(const HtmlTag& tag, const TagMeaning& meaning)
{
    const bool foreign = tag.name == "svg" || tag.name == "math";
    if (skipped_depth_ > 0) {
        if (tag.name == skipped_ && !(foreign && tag.self_closing))
            ++skipped_depth_;
        return true;
    }
    if (meaning.role != Role::Drop)
        return false;
    ++notes_.elements_dropped;
    if (!(foreign && tag.self_closing)) {
        skipped_ = tag.name;
        skipped_depth_ = 1;
    }
    return true;
}

bool Builder::skip_end(const HtmlTag& tag)
{
    if (skipped_depth_ == 0)
        return false;
    if (tag.name == skipped_)
        --skipped_depth_;
    return true;
}

/// Marks of revision and list numbers. True when the tag is dealt with.
bool Builder::office_start(const HtmlTag& tag)
{
    if (tag.name == "del") {
        ++notes_.revisions;
        skipped_ = tag.name;
        skipped_depth_ = 1;
        return true;
    }
    if (tag.name == "ins") {
        ++notes_.revisions;
        return true;
    }
    const auto* style = tag.find("style");
    const bool is_marker =
        tag.name == "span" && style != nullptr && style_property(*style, "mso-list") == "ignore";
    if (in_marker_) {
        if (tag.name == "span" && marker_spans_ > 0)
            ++marker_spans_;
        const bool line = meaning_of(tag.name).role == Role::Line;
        if (line)
            finish_marker(); // Its end was forgotten.
        return !line;
    }
    if (is_marker && list_paragraph_ != NO_NODE) {
        in_marker_ = true;
        marker_spans_ = 1;
        marker_.clear();
        return true;
    }
    return false;
}

void Builder::start_tag(const HtmlTag& tag)
{
    const auto& meaning = meaning_of(tag.name);
    if (skip_start(tag, meaning))
        return;
    if (meaning.role == Role::Unwrap)
        return;
    if (!in_marker_)
        flush_text();
    skip_newline_ = false;
    if (origin_ == Origin::Office && office_start(tag))
        return;
    if (tier_ == Tier::Editor)
        return start_known(meaning, tag);
    // Messages and snippets know paragraphs and breaks.
    if (meaning.role == Role::Break)
        return add_break();
    if (meaning.element == Element::P)
        return start_line(meaning, {});
    if (meaning.role != Role::Inline && meaning.role != Role::Image)
        start_group(meaning, {});
}

void Builder::start_known(const TagMeaning& meaning, const HtmlTag& tag)
{
    switch (meaning.role) {
    case Role::Inline: return start_inline(meaning, tag);
    case Role::Image: return add_image(tag);
    case Role::Break: return add_break();
    case Role::Line: return start_line(meaning, tag);
    case Role::Container: return start_container(meaning, tag);
    case Role::Item: return start_item(meaning, tag);
    case Role::Rule: return start_rule(tag);
    case Role::Table: return start_table(tag);
    case Role::TablePart: return start_table_part(meaning, tag);
    case Role::Group:
        if (meaning.element == Element::Div && has_own_class(tag))
            return start_container(meaning, tag);
        return start_group(meaning, tag);
    case Role::Unwrap:
    case Role::Drop: return;
    }
}

void Builder::end_tag(const HtmlTag& tag)
{
    if (skip_end(tag))
        return;
    const auto& meaning = meaning_of(tag.name);
    if (in_marker_) {
        const bool closes = meaning.role == Role::Line
                            || (tag.name == "span" && marker_spans_ > 0 && --marker_spans_ == 0);
        if (closes)
            finish_marker();
        if (meaning.role != Role::Line)
            return;
    }
    if (meaning.role == Role::Unwrap || meaning.role == Role::Drop)
        return;
    flush_text();
    skip_newline_ = false;
    if (meaning.role == Role::Break && tag.name == "br")
        return add_break(); // </br> is a break in every browser.
    if (meaning.role == Role::Inline)
        return end_inline(meaning.family);
    const bool structural = meaning.role == Role::Table || meaning.role == Role::TablePart;
    if (structural && tier_ == Tier::Editor)
        return end_table_part(meaning);
    end_block(meaning.family);
}

// The stack.

void Builder::push(Element element, std::uint8_t family, std::string attributes)
{
    const auto node = tree_.append(top().node, element, std::move(attributes));
    const auto containers = top().containers + (is_container(element) ? 1 : 0);
    Open open{element, node, stack_.size(), family, false, {}, containers};
    if (is_cell(element)) { // Formatting does not reach into cells.
        open.floor = floor_;
        floor_ = wanted_.size();
    }
    tables_ += element == Element::Table ? 1 : 0;
    ++open_families_[family];
    stack_.push_back(std::move(open));
    inlines_.clear();
    dirty_ = true;
}

void Builder::push_group(std::uint8_t family, std::string align)
{
    if (stack_.size() >= OPEN_MAX)
        return;
    const auto& below = top();
    if (align.empty())
        align = alignment();
    ++open_families_[family];
    stack_.push_back(
        {below.element, below.node, below.real, family, true, std::move(align), below.containers});
    inlines_.clear();
    dirty_ = true;
}

void Builder::pop_to(std::size_t size)
{
    while (stack_.size() > size) {
        auto& open = stack_.back();
        --open_families_[open.family];
        if (!open.group && is_cell(open.element)) {
            wanted_.resize(floor_);
            floor_ = open.floor;
        }
        if (!open.group && open.element == Element::Table)
            --tables_;
        stack_.pop_back();
    }
    inlines_.clear();
    dirty_ = true;
}

void Builder::pop_through_real() { pop_to(top().real); }

/// What the groups around say of a new paragraph.
std::string Builder::alignment() const { return top().group ? top().align : std::string(); }

// Blocks.

/// Ends the line that is open. False when the block that comes may not end it and is to be
/// unwrapped: a paragraph in a heading, anything in a caption.
bool Builder::close_line(bool for_line)
{
    const auto element = context();
    if (!is_line(element))
        return true;
    if (element == Element::Caption || (for_line && element != Element::P))
        return false;
    pop_through_real();
    return true;
}

/// Directly in a list or between cells a block needs an item or a cell around it.
void Builder::fit_context()
{
    const auto element = context();
    if (is_list(element))
        push(Element::Li, family_of("li"), {});
    else if (element == Element::Dl)
        push(Element::Dd, family_of("dd"), {});
    else if (is_between_cells(element))
        ensure_cell();
}

bool Builder::prepare_block(bool for_line)
{
    if (!close_line(for_line))
        return false;
    fit_context();
    return true;
}

void Builder::start_line(const TagMeaning& meaning, const HtmlTag& tag)
{
    const bool is_new_heading = is_heading(meaning.element) && is_heading(context());
    const bool ends_line = is_new_heading || meaning.element == Element::Figcaption
                           || meaning.element == Element::Summary;
    if (!prepare_block(!ends_line))
        return push_group(meaning.family, {});
    auto element = meaning.element;
    if ((element == Element::Figcaption && context() != Element::Figure)
        || (element == Element::Summary && context() != Element::Details))
        element = Element::P;
    push(element, meaning.family, write_attributes(element, tag, origin_, alignment()));
    skip_newline_ = element == Element::Pre;
    if (element == Element::P && origin_ == Origin::Office)
        note_list_paragraph(tag);
}

/// mso-list:l0 level2 lfo1
void Builder::note_list_paragraph(const HtmlTag& tag)
{
    list_paragraph_ = NO_NODE;
    const auto* style = tag.find("style");
    if (style == nullptr)
        return;
    const auto value = style_property(*style, "mso-list");
    const auto level = value.find("level");
    if (value.size() < 2 || value[0] != 'l' || level == std::string::npos
        || level + 5 >= value.size() || value[level + 5] < '1' || value[level + 5] > '9')
        return;
    list_paragraph_ = top().node;
    auto& node = tree_.at(list_paragraph_);
    node.list_level = static_cast<std::uint8_t>(value[level + 5] - '0');
    for (std::size_t at = 1; at < value.size() && at < 9 && value[at] >= '0' && value[at] <= '9';
         ++at)
        node.list_id = node.list_id * 10 + static_cast<std::uint32_t>(value[at] - '0');
}

void Builder::start_container(const TagMeaning& meaning, const HtmlTag& tag)
{
    if (!prepare_block(false) || top().containers >= CONTAINERS_MAX || stack_.size() >= OPEN_MAX)
        return push_group(meaning.family, {});
    push(meaning.element, meaning.family, write_attributes(meaning.element, tag, origin_, {}));
}

void Builder::start_group(const TagMeaning& meaning, const HtmlTag& tag)
{
    if (prepare_block(true))
        push_group(meaning.family, tag.name == "center" ? "center" : style_of(tag).align);
    else
        push_group(meaning.family, {});
}

void Builder::start_rule(const HtmlTag& tag)
{
    if (!prepare_block(false))
        return;
    tree_.append(top().node, Element::Hr, write_attributes(Element::Hr, tag, origin_, {}));
    inlines_.clear();
    dirty_ = true;
}

/// li, dt and dd close their predecessor when nothing but lines and groups lies between.
void Builder::start_item(const TagMeaning& meaning, const HtmlTag& tag)
{
    const bool in_list = meaning.element == Element::Li;
    const auto is_parent = [&](Element element) {
        return in_list ? is_list(element) : element == Element::Dl;
    };
    const auto is_sibling = [&](Element element) {
        return in_list ? element == Element::Li : element == Element::Dt || element == Element::Dd;
    };
    auto at = top().real;
    while (is_line(stack_[at].element) && stack_[at].element != Element::Dt
           && stack_[at].element != Element::Caption)
        at = stack_[at - 1].real;
    if (is_sibling(stack_[at].element)) {
        pop_to(at);
    } else if (!is_parent(stack_[at].element)) {
        if (prepare_block(true))
            return push_group(meaning.family, style_of(tag).align);
        return push_group(meaning.family, {});
    } else {
        pop_to(at + 1);
    }
    push(meaning.element, meaning.family, write_attributes(meaning.element, tag, origin_, {}));
}

void Builder::end_block(std::uint8_t family)
{
    if (open_families_[family] == 0)
        return;
    for (auto at = stack_.size() - 1; at > 0; --at) {
        if (stack_[at].family == family)
            return pop_to(at);
        if (!stack_[at].group
            && (is_cell(stack_[at].element) || stack_[at].element == Element::Caption))
            return;
    }
}

// Tables.

void Builder::start_table(const HtmlTag& tag)
{
    const auto family = family_of("table");
    if (!prepare_block(false) || tables_ >= TABLES_MAX || top().containers >= CONTAINERS_MAX
        || stack_.size() >= OPEN_MAX) {
        ++ignored_tables_;
        return;
    }
    push(Element::Table, family, write_attributes(Element::Table, tag, origin_, {}));
}

/// The place of the nearest open part of a table, cells included or passed over. 0 when there is
/// none.
std::size_t Builder::find_table_part(bool beyond_cells) const
{
    for (auto at = top().real; at > 0; at = stack_[at - 1].real) {
        const auto element = stack_[at].element;
        if (is_between_cells(element)
            || (!beyond_cells && (is_cell(element) || element == Element::Caption)))
            return at;
    }
    return 0;
}

/// Back to the table, or to a section or a row of it where these may stay open.
void Builder::pop_to_table_parts(bool rows, bool sections)
{
    auto at = find_table_part(true);
    while (stack_[at].element == Element::Colgroup || (!rows && stack_[at].element == Element::Tr)
           || (!sections && is_table_section(stack_[at].element)))
        at = stack_[at - 1].real;
    pop_to(at + 1);
}

void Builder::ensure_cell()
{
    pop_to_table_parts(true, true);
    if (context() == Element::Table)
        push(Element::Tbody, family_of("tbody"), {});
    if (is_table_section(context()))
        push(Element::Tr, family_of("tr"), {});
    push(Element::Td, family_of("td"), {});
}

void Builder::start_cell(const TagMeaning& meaning, const HtmlTag& tag)
{
    pop_to_table_parts(true, true);
    if (context() == Element::Table)
        push(Element::Tbody, family_of("tbody"), {});
    if (is_table_section(context()))
        push(Element::Tr, family_of("tr"), {});
    push(meaning.element, meaning.family, write_attributes(meaning.element, tag, origin_, {}));
}

void Builder::start_table_part(const TagMeaning& meaning, const HtmlTag& tag)
{
    if (find_table_part(false) == 0 || ignored_tables_ > 0) {
        if (is_cell(meaning.element) || meaning.element == Element::Caption)
            start_group(meaning, tag); // A cell without a table is at least a block of its own.
        return;
    }
    auto attributes = write_attributes(meaning.element, tag, origin_, {});
    switch (meaning.element) {
    case Element::Td:
    case Element::Th: return start_cell(meaning, tag);
    case Element::Tr:
        pop_to_table_parts(false, true);
        if (context() == Element::Table)
            push(Element::Tbody, family_of("tbody"), {});
        return push(Element::Tr, meaning.family, std::move(attributes));
    case Element::Col:
        if (context() != Element::Colgroup) {
            pop_to_table_parts(false, false);
            push(Element::Colgroup, family_of("colgroup"), {});
        }
        tree_.append(top().node, Element::Col, std::move(attributes));
        return;
    default:
        pop_to_table_parts(false, false);
        return push(meaning.element, meaning.family, std::move(attributes));
    }
}

void Builder::end_table_part(const TagMeaning& meaning)
{
    if (ignored_tables_ > 0) {
        if (meaning.element == Element::Table)
            --ignored_tables_;
        else
            end_block(meaning.family);
        return;
    }
    if (find_table_part(false) == 0)
        return end_block(meaning.family); // It was opened as a group.
    for (auto at = top().real; at > 0; at = stack_[at - 1].real) {
        const auto element = stack_[at].element;
        if (is_table_part(element) && stack_[at].family == meaning.family)
            return pop_to(at);
        if (element == Element::Table)
            return;
    }
}

} // namespace text::rich
