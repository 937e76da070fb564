#include "publish/intake/read_text.h"
#include "text/utf8.h"

namespace intake {
namespace {

/// The length of a gap that stands for a lost line break: two ideographic spaces, or four others.
/// Pages copied as text have them where <br> or <p> stood.
std::size_t gap_length(std::string_view line, std::size_t at)
{
    std::size_t end = at;
    std::size_t width = 0;
    while (end < line.size()) {
        const auto point = text::decode_utf8(line, end);
        if (!text::is_blank(point.value))
            break;
        width += point.value == 0x3000 ? 2 : 1;
        end += point.length;
    }
    constexpr std::size_t LINE_BREAK = 4;
    return width >= LINE_BREAK ? end - at : 0;
}

void add(std::vector<Block>& blocks, std::string_view piece)
{
    piece = text::trim(piece);
    if (!piece.empty())
        blocks.push_back(Block{.text = std::string(piece), .html = {}});
}

void split_line(std::string_view line, std::vector<Block>& blocks)
{
    std::size_t start = 0;
    for (std::size_t at = 0; at < line.size();) {
        const auto gap = gap_length(line, at);
        if (gap > 0) {
            add(blocks, line.substr(start, at - start));
            at += gap;
            start = at;
        } else {
            at += text::decode_utf8(line, at).length;
        }
    }
    add(blocks, line.substr(start));
}

} // namespace

std::vector<Block> read_plain(std::string_view text)
{
    std::vector<Block> blocks;
    while (!text.empty()) {
        const auto end = text.find('\n');
        split_line(text.substr(0, end), blocks);
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return join_bar_rows(std::move(blocks));
}

} // namespace intake
