#include "publish/intake/read_text.h"
#include "text/html_tokens.h"
#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace intake {
namespace {

constexpr std::size_t SPAN_MAX = 100;
constexpr std::size_t ROWS_MAX = 5000;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_left_out(std::string_view name)
{
    static constexpr std::array<std::string_view, 16> NAMES = {
        "script", "style",  "noscript", "template", "svg",    "math",  "iframe",   "object",
        "select", "button", "nav",      "header",   "footer", "title", "textarea", "form"};
    return is_one_of(name, NAMES);
}

bool breaks_line(std::string_view name)
{
    static constexpr std::array<std::string_view, 22> NAMES = {
        "p",  "div", "br", "li",      "ul",      "ol",   "h1",         "h2",  "h3",   "h4", "h5",
        "h6", "hr",  "dl", "section", "article", "main", "blockquote", "pre", "body", "dt", "dd"};
    return is_one_of(name, NAMES);
}

std::size_t span_of(const text::HtmlTag& tag, std::string_view attribute)
{
    std::size_t value = 1;
    if (const auto* written = tag.find(attribute))
        std::from_chars(written->data(), written->data() + written->size(), value);
    return std::clamp<std::size_t>(value, 1, SPAN_MAX);
}

Align align_of(const text::HtmlTag& tag)
{
    for (const std::string_view attribute : {"align", "style", "class"}) {
        const auto* value = tag.find(attribute);
        if (value == nullptr)
            continue;
        if (value->find("right") != std::string::npos)
            return Align::Right;
        if (value->find("center") != std::string::npos)
            return Align::Centre;
    }
    return Align::Unstated;
}

class PageReader final : public text::HtmlSink {
public:
    void start_tag(const text::HtmlTag& tag) override
    {
        if (left_out_ > 0 || is_left_out(tag.name)) {
            enter_left_out(tag);
            return;
        }
        if (tag.name == "img")
            ++material.pictures;
        else if (tag.name == "a" && tag.find("href") != nullptr)
            ++material.links;
        else if (tag.name == "strong" || tag.name == "b")
            ++bold_;
        else if (tag.name == "table" || tag.name == "tr" || tag.name == "td" || tag.name == "th")
            start_table_part(tag);
        if (!breaks_line(tag.name))
            return;
        end_paragraph();
        align_ = align_of(tag);
        bullet_ = tag.name == "li";
        if (tag.name.size() == 2 && tag.name[0] == 'h' && tag.name[1] >= '1' && tag.name[1] <= '6')
            heading_ = tag.name[1] - '0';
    }

    void end_tag(const text::HtmlTag& tag) override
    {
        if (left_out_ > 0) {
            if (tag.name == left_out_name_)
                --left_out_;
            return;
        }
        if ((tag.name == "strong" || tag.name == "b") && bold_ > 0)
            --bold_;
        else if (tag.name == "td" || tag.name == "th")
            end_cell();
        else if (tag.name == "table")
            end_table();
        if (breaks_line(tag.name)) {
            end_paragraph();
            heading_ = 0;
            bullet_ = false;
            align_ = Align::Unstated;
        }
    }

    void text(std::string_view piece, std::size_t) override
    {
        if (left_out_ > 0)
            return;
        for (std::size_t at = 0; at < piece.size();) {
            const auto point = text::decode_utf8(piece, at);
            append(
                point.value == '\n' || point.value == '\t' || point.value == 0xA0
                    ? std::string_view(" ")
                    : piece.substr(at, point.length));
            at += point.length;
        }
    }

    void finish()
    {
        end_paragraph();
        end_table();
        material.blocks = join_bar_rows(std::move(material.blocks));
        place_blocks(material);
    }

    Material material;

private:
    void enter_left_out(const text::HtmlTag& tag)
    {
        if (left_out_ == 0 && !tag.self_closing) {
            left_out_name_ = tag.name;
            left_out_ = 1;
        } else if (tag.name == left_out_name_ && !tag.self_closing) {
            ++left_out_;
        }
    }

    void start_table_part(const text::HtmlTag& tag)
    {
        if (tag.name == "table") {
            if (++tables_ == 1) {
                end_paragraph();
                rows_.clear();
            }
        } else if (tables_ == 1 && tag.name == "tr") {
            end_cell();
            if (rows_.size() < ROWS_MAX)
                rows_.emplace_back();
        } else if (tables_ == 1) {
            end_cell();
            if (rows_.empty())
                rows_.emplace_back();
            cell_ = Cell{{}, span_of(tag, "colspan"), span_of(tag, "rowspan")};
            in_cell_ = true;
        }
    }

    void end_cell()
    {
        if (!in_cell_ || tables_ != 1)
            return;
        cell_.text = std::string(text::trim(cell_.text));
        rows_.back().push_back(std::move(cell_));
        cell_ = {};
        in_cell_ = false;
    }

    void end_table()
    {
        if (tables_ == 0 || --tables_ > 0)
            return;
        ++tables_;
        end_cell();
        --tables_;
        std::erase_if(rows_, [](const Row& row) { return row.empty(); });
        // One cell is layout, not a table.
        const bool layout = rows_.size() == 1 && rows_.front().size() == 1;
        Block block{.kind = Block::Kind::Table, .text = {}, .html = {}};
        for (const auto& row : rows_) {
            block.text += block.text.empty() ? "" : "\n";
            for (const auto& cell : row)
                block.text += cell.text + (layout ? "" : " | ");
        }
        if (layout)
            block.kind = Block::Kind::Paragraph;
        else
            block.rows = std::move(rows_);
        if (!block.text.empty())
            material.blocks.push_back(std::move(block));
        rows_.clear();
    }

    void append(std::string_view piece)
    {
        if (tables_ > 0) {
            if (in_cell_ && !(piece == " " && (cell_.text.empty() || cell_.text.back() == ' ')))
                cell_.text += piece;
            return;
        }
        if (piece == " " && (line_.empty() || line_.back() == ' '))
            return;
        const bool bold = bold_ > 0;
        if (bold != bold_open_ && piece != " ") {
            html_ += bold ? "<strong>" : "</strong>";
            bold_open_ = bold;
            formatted_ = true;
        }
        line_ += piece;
        html_ += escape(piece);
    }

    void end_paragraph()
    {
        if (tables_ > 0) { // Lines within a cell.
            append(" ");
            return;
        }
        if (bold_open_)
            html_ += "</strong>";
        bold_open_ = false;
        const auto plain = text::trim(line_);
        if (!plain.empty()) {
            Block block{
                .text = std::string(plain),
                .html = {},
                .align = align_,
                .heading = heading_,
                .bullet = bullet_};
            if (formatted_)
                block.html = std::string(text::trim(html_));
            material.blocks.push_back(std::move(block));
        }
        line_.clear();
        html_.clear();
        formatted_ = false;
    }

    std::string line_, html_;
    bool bold_open_ = false, formatted_ = false, bullet_ = false, in_cell_ = false;
    int bold_ = 0, heading_ = 0;
    std::size_t tables_ = 0, left_out_ = 0;
    std::string left_out_name_;
    Align align_ = Align::Unstated;
    Cell cell_;
    std::vector<Row> rows_;
};

} // namespace

Material read_html(std::string_view html)
{
    PageReader reader;
    text::tokenise_html(html, reader);
    reader.finish();
    return std::move(reader.material);
}

} // namespace intake
