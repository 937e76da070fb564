#include "publish/intake/read_docx.h"

#include "publish/intake/archive.h"
#include "publish/intake/docx_parts.h"
#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace intake {
namespace {

using Kind = base::Error::Kind;

/// Tables in tables in content controls: deeper than this nobody writes.
constexpr int DEPTH_MAX = 32;
constexpr int SPAN_MAX = 100;
constexpr std::size_t FOOTNOTES_MAX = 2000;

bool is_off(const pugi::xml_node& toggle)
{
    const auto value = value_of(toggle);
    return value == "0" || value == "false" || value == "none" || value == "off";
}

bool is_on(const pugi::xml_node& properties, std::string_view toggle)
{
    const auto node = child_of(properties, toggle);
    return node && !is_off(node);
}

struct Line {
    std::string text;
    std::string html;
    bool formatted = false;
};

class DocumentReader {
public:
    DocumentReader(std::map<std::string, Style> styles, Numbers numbers)
        : styles_(std::move(styles))
        , numbers_(std::move(numbers))
    {
    }

    void read_notes(const pugi::xml_node& footnotes)
    {
        for (const auto& note : footnotes.children()) {
            const auto id = std::string(value_of(note, "id"));
            if (local_name(note) != "footnote" || !value_of(note, "type").empty()
                || notes_.size() >= FOOTNOTES_MAX)
                continue;
            Line line;
            for (const auto& paragraph : note.children())
                read_inline(paragraph, line, 0);
            notes_[id] = std::string(text::trim(line.text));
        }
    }

    Material read(const pugi::xml_node& body)
    {
        read_blocks(body, 0);
        for (std::size_t i = 0; i < note_order_.size(); ++i)
            material_.blocks.push_back(Block{
                .text = fmt::format("〔注{}〕{}", i + 1, notes_[note_order_[i]]), .html = {}});
        material_.blocks = join_bar_rows(std::move(material_.blocks));
        place_blocks(material_);
        return std::move(material_);
    }

private:
    void read_blocks(const pugi::xml_node& parent, int depth)
    {
        if (depth > DEPTH_MAX)
            return;
        for (const auto& node : parent.children()) {
            const auto name = local_name(node);
            if (name == "p")
                read_paragraph(node);
            else if (name == "tbl")
                read_table(node, depth);
            else if (name == "sdt")
                read_blocks(child_of(node, "sdtContent"), depth + 1);
            else if (name == "ins" || name == "moveTo" || name == "smartTag")
                read_blocks(node, depth + 1);
            else if (name == "del" || name == "moveFrom")
                ++material_.deletions;
        }
    }

    void read_paragraph(const pugi::xml_node& node)
    {
        const auto properties = child_of(node, "pPr");
        const auto style = styles_.find(std::string(value_of(child_of(properties, "pStyle"))));
        Block block;
        if (style != styles_.end()) {
            block.heading = style->second.heading;
            block.title = style->second.title;
        }
        const auto outline = number_of(child_of(properties, "outlineLvl"), -1);
        if (outline >= 0 && outline < 6)
            block.heading = outline + 1;
        const auto alignment = value_of(child_of(properties, "jc"));
        if (alignment == "right" || alignment == "end")
            block.align = Align::Right;
        else if (alignment == "center")
            block.align = Align::Centre;
        Line line;
        const auto number =
            number_for(properties, style == styles_.end() ? nullptr : &style->second, block.bullet);
        line.text = number;
        line.html = escape(number);
        read_inline(node, line, 0);
        add_lines(block, line);
    }

    std::string number_for(const pugi::xml_node& properties, const Style* style, bool& bullet)
    {
        const auto own = child_of(properties, "numPr");
        std::string list;
        int level = 0;
        if (own) {
            list = value_of(child_of(own, "numId"));
            level = number_of(child_of(own, "ilvl"), 0);
        } else if (style != nullptr) {
            list = style->numbering;
            level = style->level;
        }
        if (list.empty() || list == "0")
            return {};
        bullet = numbers_.is_bullet(list, level);
        return numbers_.next(list, level);
    }

    /// A line break inside a Word paragraph is a paragraph to us.
    void add_lines(const Block& shape, const Line& line)
    {
        std::string_view text = line.text;
        const bool several = text.find('\n') != std::string_view::npos;
        while (!text.empty()) {
            const auto end = text.find('\n');
            const auto piece = text::trim(text.substr(0, end));
            if (!piece.empty()) {
                auto block = shape;
                block.text = std::string(piece);
                if (line.formatted && !several)
                    block.html = std::string(text::trim(line.html));
                material_.blocks.push_back(std::move(block));
            }
            if (end == std::string_view::npos)
                return;
            text.remove_prefix(end + 1);
        }
    }

    void read_inline(const pugi::xml_node& parent, Line& line, int depth)
    {
        if (depth > DEPTH_MAX)
            return;
        for (const auto& node : parent.children()) {
            const auto name = local_name(node);
            if (name == "r") {
                read_run(node, line);
            } else if (name == "del" || name == "moveFrom") {
                ++material_.deletions;
            } else if (
                name == "ins" || name == "moveTo" || name == "smartTag" || name == "fldSimple") {
                read_inline(node, line, depth + 1);
            } else if (name == "hyperlink") {
                ++material_.links;
                read_inline(node, line, depth + 1);
            } else if (name == "sdt") {
                read_inline(child_of(node, "sdtContent"), line, depth + 1);
            }
        }
    }

    void read_run(const pugi::xml_node& run, Line& line)
    {
        const auto properties = child_of(run, "rPr");
        if (is_on(properties, "vanish")) {
            ++material_.hidden;
            return;
        }
        std::string text;
        for (const auto& node : run.children()) {
            const auto name = local_name(node);
            if (name == "t")
                text += node.text().get();
            else if (name == "tab")
                text += ' ';
            else if (name == "br" || name == "cr")
                text += value_of(node, "type") == "page" ? "" : "\n";
            else if (name == "noBreakHyphen")
                text += '-';
            else if (
                name == "drawing" || name == "pict" || name == "object"
                || name == "AlternateContent")
                ++material_.pictures;
            else if (name == "footnoteReference")
                add_note_mark(std::string(value_of(node, "id")), text);
        }
        add_formatted(
            text::normalise_controls(text), is_on(properties, "b"), is_on(properties, "i"), line);
    }

    void add_note_mark(const std::string& id, std::string& text)
    {
        if (notes_.find(id) == notes_.end())
            return;
        note_order_.push_back(id);
        text += fmt::format("〔注{}〕", note_order_.size());
    }

    static void add_formatted(const std::string& text, bool bold, bool italic, Line& line)
    {
        line.text += text;
        const bool marked = (bold || italic) && !text::trim(text).empty();
        line.formatted = line.formatted || marked;
        if (marked && bold)
            line.html += "<strong>";
        if (marked && italic)
            line.html += "<em>";
        line.html += escape(text);
        if (marked && italic)
            line.html += "</em>";
        if (marked && bold)
            line.html += "</strong>";
    }

    std::string cell_text(const pugi::xml_node& node, int depth)
    {
        // The paragraphs of a cell, read by the same rules and joined by blanks.
        auto outside = std::move(material_.blocks);
        material_.blocks.clear();
        read_blocks(node, depth + 1);
        std::string text;
        for (const auto& block : material_.blocks) {
            if (!text.empty())
                text += ' ';
            text += block.text;
        }
        material_.blocks = std::move(outside);
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    }

    /// Vertically merged cells carry on by column, not by their place in the row.
    struct Open {
        std::size_t row = 0;
        std::size_t cell = 0;
    };

    void read_table(const pugi::xml_node& table, int depth)
    {
        Block block{.kind = Block::Kind::Table, .text = {}, .html = {}};
        std::map<int, Open> open;
        for (const auto& node : table.children()) {
            if (local_name(node) != "tr")
                continue;
            block.rows.emplace_back();
            read_row(node, depth, block, open);
        }
        for (const auto& row : block.rows) {
            block.text += block.text.empty() ? "" : "\n";
            for (const auto& cell : row)
                block.text += cell.text + " | ";
        }
        if (!block.rows.empty())
            material_.blocks.push_back(std::move(block));
    }

    void read_row(const pugi::xml_node& node, int depth, Block& block, std::map<int, Open>& open)
    {
        int column = 0;
        const auto row = block.rows.size() - 1;
        for (const auto& cell : node.children()) {
            if (local_name(cell) != "tc")
                continue;
            const auto properties = child_of(cell, "tcPr");
            const auto span =
                std::clamp(number_of(child_of(properties, "gridSpan"), 1), 1, SPAN_MAX);
            const auto merge = child_of(properties, "vMerge");
            const bool continues = merge && value_of(merge) != "restart";
            const auto above = open.find(column);
            if (continues && above != open.end()) {
                ++block.rows[above->second.row][above->second.cell].rows;
            } else {
                block.rows[row].push_back(
                    Cell{cell_text(cell, depth), static_cast<std::size_t>(span)});
                open.erase(column);
                if (merge)
                    open[column] = Open{row, block.rows[row].size() - 1};
            }
            column += span;
        }
    }

    std::map<std::string, Style> styles_;
    Numbers numbers_;
    std::map<std::string, std::string> notes_;
    std::vector<std::string> note_order_;
    Material material_;
};

auto refuse_active()
{
    return base::refuse(
        Kind::Invalid, "intake.active_content",
        "文件带有宏、嵌入对象或者外部模板，不能导入。请在办公软件中另存为不带宏的docx后再试。");
}

bool is_active_name(std::string_view name)
{
    return name.find("vbaProject") != std::string_view::npos
           || name.find("activeX") != std::string_view::npos
           || name.find("oleObject") != std::string_view::npos;
}

/// Anything fetched from outside but an ordinary link.
bool reaches_outside(const pugi::xml_node& relationships)
{
    for (const auto& node : relationships.children()) {
        const auto type = value_of(node, "Type");
        if (value_of(node, "TargetMode") == "External" && !type.ends_with("/hyperlink"))
            return true;
    }
    return false;
}

base::Result<pugi::xml_document> open_part(Archive& archive, const std::string& name)
{
    if (!archive.has(name))
        return pugi::xml_document();
    const auto xml = TRY(archive.read(name));
    return parse_part(xml);
}

} // namespace

base::Result<Material> read_docx(std::string_view bytes)
{
    auto archive = TRY(Archive::open(bytes));
    if (!archive.has("word/document.xml"))
        return base::refuse(
            Kind::Invalid, "intake.wrong_type", "文件不是Word文档（docx），请检查是否选错了文件。");
    for (const auto& name : archive.names()) {
        if (is_active_name(name))
            return refuse_active();
        if (!name.starts_with("word/_rels/") || !name.ends_with(".rels"))
            continue;
        const auto relationships = TRY(open_part(archive, name));
        if (reaches_outside(relationships.document_element()))
            return refuse_active();
    }
    const auto styles = TRY(open_part(archive, "word/styles.xml"));
    const auto numbering = TRY(open_part(archive, "word/numbering.xml"));
    const auto footnotes = TRY(open_part(archive, "word/footnotes.xml"));
    const auto document = TRY(open_part(archive, "word/document.xml"));
    Numbers numbers;
    numbers.read(numbering.document_element());
    DocumentReader reader(read_styles(styles.document_element()), std::move(numbers));
    reader.read_notes(footnotes.document_element());
    return reader.read(child_of(document.document_element(), "body"));
}

} // namespace intake
