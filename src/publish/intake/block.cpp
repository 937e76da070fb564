#include "publish/intake/block.h"

#include "text/utf8.h"

#include <algorithm>

namespace intake {
namespace {

bool is_bar_row(std::string_view line)
{
    const auto bars = std::count(line.begin(), line.end(), '|');
    // A sentence with one bar in the middle is no row; "a |" and "a | b" are.
    return bars >= 2 || (bars == 1 && text::trim(line).back() == '|');
}

Row row_of(std::string_view line)
{
    Row row;
    for (auto& cell : cells_of(line))
        row.push_back(Cell{std::move(cell)});
    return row;
}

} // namespace

std::string escape(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::vector<std::string> cells_of(std::string_view line)
{
    std::vector<std::string> cells;
    line = text::trim(line);
    if (!line.empty() && line.front() == '|')
        line.remove_prefix(1);
    while (!line.empty()) {
        const auto bar = line.find('|');
        cells.emplace_back(text::trim(line.substr(0, bar)));
        if (bar == std::string_view::npos)
            break;
        line.remove_prefix(bar + 1);
    }
    return cells;
}

std::vector<Block> join_bar_rows(std::vector<Block> blocks)
{
    std::vector<Block> out;
    for (std::size_t i = 0; i < blocks.size();) {
        std::size_t end = i;
        while (end < blocks.size() && blocks[end].kind == Block::Kind::Paragraph
               && blocks[end].heading == 0 && is_bar_row(blocks[end].text))
            ++end;
        if (end < i + 2) { // One line alone is not a table.
            out.push_back(std::move(blocks[i]));
            ++i;
            continue;
        }
        Block table{.kind = Block::Kind::Table, .text = {}, .html = {}};
        for (; i < end; ++i) {
            if (!table.text.empty())
                table.text += '\n';
            table.text += blocks[i].text;
            table.rows.push_back(row_of(blocks[i].text));
        }
        out.push_back(std::move(table));
    }
    return out;
}

void place_blocks(Material& material)
{
    material.text.clear();
    for (auto& block : material.blocks) {
        if (!material.text.empty())
            material.text += '\n';
        block.offset = material.text.size();
        material.text += block.text;
    }
}

} // namespace intake
