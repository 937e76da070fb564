#include "publish/intake/compose.h"
#include "publish/intake/phrases.h"
#include "text/sanitize.h"
#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace intake {
namespace {

/// A heading is a line by itself; what is longer is a numbered paragraph (GB/T 9704 has no limit,
/// these separate the two in every document of ours).
constexpr std::size_t HEADING_LONGEST = 60;
/// Without a stop at its end; readings among the characters make a damaged one twice as long.
constexpr std::size_t OPEN_HEADING_LONGEST = 100;
constexpr std::size_t LEAD_LONGEST = 45;
constexpr std::size_t ANNEX_TITLE_LONGEST = 45;

struct Tag {
    std::string_view name;
    std::string_view attributes = {};
};

void element(std::string& out, Tag tag, std::string_view inner)
{
    fmt::format_to(
        std::back_inserter(out), "<{}{}>{}</{}>", tag.name, tag.attributes, inner, tag.name);
}

std::size_t count_stops(std::string_view line)
{
    std::size_t stops = 0;
    for (const std::string_view stop : {"。", "；", "！", "？"})
        for (auto at = line.find(stop); at != std::string_view::npos;
             at = line.find(stop, at + stop.size()))
            ++stops;
    return stops;
}

/// 一、工作目标 is a heading; 一、本市行政区域内……，均受法律保护。 is a paragraph.
bool is_heading_line(std::string_view line)
{
    const auto stops = count_stops(line);
    if (text::count_code_points(line) > (stops == 0 ? OPEN_HEADING_LONGEST : HEADING_LONGEST)
        || stops > 1 || (stops == 1 && !line.ends_with("。")))
        return false;
    // A heading that ends with a stop is one clause; with commas and a stop it is a sentence.
    const bool clauses =
        line.find("，") != std::string_view::npos || line.find("：") != std::string_view::npos;
    return !(stops == 1 && clauses) && !line.ends_with("：") && !line.ends_with("；");
}

std::string_view heading_tag(Numbering::Level level)
{
    switch (level) {
    case Numbering::Level::Chapter:
    case Numbering::Level::First: return "h2";
    case Numbering::Level::Section:
    case Numbering::Level::Second: return "h3";
    }
    return "h2";
}

/// （二）完善政府网站功能。各地各部门要…… : the heading runs into its paragraph.
std::string with_lead(std::string_view line)
{
    const auto stop = line.find("。");
    if (stop == std::string_view::npos)
        return escape(line);
    const auto lead = line.substr(0, stop + std::string_view("。").size());
    if (lead.size() == line.size() || text::count_code_points(lead) > LEAD_LONGEST)
        return escape(line);
    return fmt::format("<strong>{}</strong>{}", escape(lead), escape(line.substr(lead.size())));
}

void write_cell(std::string& out, const Cell& cell, std::string_view tag)
{
    fmt::format_to(std::back_inserter(out), "<{}", tag);
    if (cell.columns > 1)
        fmt::format_to(std::back_inserter(out), " colspan=\"{}\"", cell.columns);
    if (cell.rows > 1)
        fmt::format_to(std::back_inserter(out), " rowspan=\"{}\"", cell.rows);
    fmt::format_to(std::back_inserter(out), ">{}</{}>", escape(cell.text), tag);
}

std::size_t width_of(const Row& row)
{
    std::size_t width = 0;
    for (const auto& cell : row)
        width += cell.columns;
    return width;
}

bool is_head_row(const Row& row)
{
    constexpr std::size_t LABEL_LONGEST = 16;
    return std::all_of(row.begin(), row.end(), [](const Cell& cell) {
        return !cell.text.empty() && cell.rows == 1
               && text::count_code_points(cell.text) <= LABEL_LONGEST;
    });
}

void write_row(std::string& out, const Row& row, std::string_view tag)
{
    out += "<tr>";
    for (const auto& cell : row)
        write_cell(out, cell, tag);
    out += "</tr>";
}

void write_table(std::string& out, const Block& block)
{
    if (block.rows.empty())
        return;
    out += "<table>";
    std::size_t first = 0;
    if (block.rows.size() > 1 && is_head_row(block.rows.front())) {
        out += "<thead>";
        write_row(out, block.rows.front(), "th");
        out += "</thead>";
        first = 1;
    }
    out += "<tbody>";
    const auto spans = std::any_of(block.rows.begin(), block.rows.end(), [](const Row& row) {
        return std::any_of(row.begin(), row.end(), [](const Cell& cell) { return cell.rows > 1; });
    });
    for (std::size_t i = first; i < block.rows.size(); ++i) {
        auto row = block.rows[i];
        // Rows of plain text that are short get empty cells, so that the table stays a rectangle.
        for (auto width = width_of(row); !spans && width < width_of(block.rows.front()); ++width)
            row.push_back(Cell{});
        write_row(out, row, "td");
    }
    out += "</tbody></table>";
}

class Writer {
public:
    explicit Writer(std::span<const Block> blocks)
        : blocks_(blocks)
    {
        find_signature();
    }

    std::string write()
    {
        for (std::size_t i = 0; i < blocks_.size(); ++i)
            write_block(i);
        close_list();
        return std::move(out_);
    }

private:
    /// 署名、成文日期: an organ line straight before a date line.
    void find_signature()
    {
        for (std::size_t i = 1; i < blocks_.size(); ++i) {
            if (!date_line(blocks_[i].text) || !is_organ_line(blocks_[i - 1].text))
                continue;
            signature_end_ = i + 1;
            signature_start_ = i - 1;
            while (signature_start_ > 0 && is_organ_line(blocks_[signature_start_ - 1].text))
                --signature_start_;
            return;
        }
        // A date alone at the very end is signed by the title.
        if (!blocks_.empty() && date_line(blocks_.back().text)) {
            signature_start_ = blocks_.size() - 1;
            signature_end_ = blocks_.size();
        }
    }

    bool is_signature(std::size_t i) const { return i >= signature_start_ && i < signature_end_; }

    /// What is issued by the notice above: its title stands alone behind the signature.
    bool is_annex_title(std::size_t i) const
    {
        const auto& line = blocks_[i].text;
        if (i == 0 || signature_end_ == 0 || i < signature_end_ || numbering_of(line)
            || ends_sentence(line) || text::count_code_points(line) > ANNEX_TITLE_LONGEST)
            return false;
        const auto& before = blocks_[i - 1].text;
        return is_annex_mark(before)
               || (i <= signature_end_ + 1 && (i == signature_end_ || publicity_mark(before)));
    }

    void close_list()
    {
        if (in_list_)
            out_ += "</ul>";
        in_list_ = false;
    }

    void write_block(std::size_t i)
    {
        const auto& block = blocks_[i];
        if (!block.bullet)
            close_list();
        if (block.kind == Block::Kind::Table)
            write_table(out_, block);
        else if (is_signature(i))
            element(out_, {"p", " class=\"c-right\""}, escape(block.text));
        else if (block.bullet)
            write_item(block);
        else if (!publicity_mark(block.text) && !is_annex_mark(block.text) && is_annex_title(i))
            element(out_, {"h2", " class=\"c-center\""}, escape(block.text));
        else
            write_paragraph(block);
    }

    void write_item(const Block& block)
    {
        if (!in_list_)
            out_ += "<ul>";
        in_list_ = true;
        element(out_, {"li"}, inner(block));
    }

    void write_paragraph(const Block& block)
    {
        const auto numbering = numbering_of(block.text);
        if (numbering && is_heading_line(block.text)) {
            element(out_, {heading_tag(numbering->level)}, escape(block.text));
        } else if (block.heading > 0) {
            // The page's own title is h1; a document starts at h2.
            static constexpr std::string_view TAGS[] = {"h2", "h2", "h3", "h4", "h5", "h6"};
            element(out_, {TAGS[std::min(block.heading, 6) - 1]}, escape(block.text));
        } else if (numbering && block.html.empty()) {
            element(out_, {"p"}, with_lead(block.text));
        } else {
            const std::string_view align = block.align == Align::Right    ? " class=\"c-right\""
                                           : block.align == Align::Centre ? " class=\"c-center\""
                                                                          : "";
            element(out_, {"p", align}, inner(block));
        }
    }

    static std::string inner(const Block& block)
    {
        return block.html.empty() ? escape(block.text) : block.html;
    }

    std::span<const Block> blocks_;
    std::string out_;
    std::size_t signature_start_ = 0;
    std::size_t signature_end_ = 0;
    bool in_list_ = false;
};

} // namespace

std::string body_html(std::span<const Block> blocks)
{
    // What is stored has been through the sanitiser, whoever wrote it.
    return text::sanitize(Writer(blocks).write()).html;
}

} // namespace intake
