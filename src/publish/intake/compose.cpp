#include "publish/intake/compose.h"

#include "publish/intake/damage.h"
#include "publish/intake/phrases.h"
#include "text/document_number.h"
#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace intake {
namespace {

using What = Concern::What;
using Blocks = std::span<const Block>;

/// Title, number and page furniture stand within the first lines, or there are none.
constexpr std::size_t HEADER_LINES_MAX = 12;

struct Header {
    std::string title;
    std::string number;
    std::vector<const Block*> left_out;
    std::size_t length = 0; // Blocks that belong to it.
};

/// The line without a document number in brackets at its end, which goes to `number`.
std::string take_number(std::string_view line, std::string& number)
{
    const auto numbers = text::find_document_numbers(line);
    if (numbers.empty())
        return std::string(line);
    const auto& last = numbers.back();
    auto before = text::trim(line.substr(0, last.offset));
    auto after = text::trim(line.substr(last.offset + last.length));
    const bool whole = before.empty() && after.empty();
    bool bracketed = false;
    for (const std::string_view open : {"（", "("})
        bracketed = bracketed || before.ends_with(open);
    bracketed = bracketed && (after == "）" || after == ")");
    if (!whole && !bracketed) // A cited number, as in 转发《…》（国办发…）的通知.
        return std::string(line);
    number = last.canonical();
    if (whole)
        return {};
    before.remove_suffix(before.ends_with("(") ? 1 : std::string_view("（").size());
    return std::string(text::trim(before));
}

/// How good a title a line would be; 0 is none.
int title_rank(const Block& block, std::string_view line, bool numbered)
{
    if (line.empty() || is_page_furniture(line) || block.kind == Block::Kind::Table)
        return 0;
    if (block.title)
        return 5;
    const bool like = is_title_like(line);
    if (like && (numbered || !organ_in_title(line).empty()))
        return 4;
    if (like)
        return 3;
    if (block.heading == 1 || (block.align == Align::Centre && !is_organ_line(line)))
        return 2;
    return 0;
}

/// May this line stand above the addressee? Anything else begins the body, so that nothing of a
/// document is lost for looking odd.
bool belongs_to_header(const Block& block)
{
    if (block.kind == Block::Kind::Table || block.bullet || is_addressee(block.text)
        || numbering_of(block.text) || block.heading > 1)
        return false;
    std::string number;
    const auto line = take_number(block.text, number);
    if (!number.empty() || is_page_furniture(line) || is_red_head(line) || block.title)
        return true;
    if (ends_sentence(line))
        return false;
    return is_title_like(line) || block.heading == 1 || block.align == Align::Centre;
}

std::size_t header_length(Blocks blocks)
{
    const auto limit = std::min(blocks.size(), HEADER_LINES_MAX);
    std::size_t length = 0;
    while (length < limit && belongs_to_header(blocks[length]))
        ++length;
    return length;
}

Header read_header(Blocks blocks)
{
    Header header;
    header.length = header_length(blocks);
    int best = 0;
    const Block* chosen = nullptr;
    for (const auto& block : blocks.first(header.length)) {
        std::string number;
        const auto line = take_number(block.text, number);
        if (!number.empty())
            header.number = number;
        const auto rank = title_rank(block, line, !number.empty());
        if (rank == 0 && !number.empty() && line.empty())
            continue; // A line with the number alone.
        if (is_red_head(line))
            continue; // Says what the signature says again.
        if (rank > best) {
            if (chosen != nullptr)
                header.left_out.push_back(chosen);
            best = rank;
            chosen = &block;
            header.title = line;
        } else {
            header.left_out.push_back(&block);
        }
    }
    return header;
}

/// Titles of two lines, centred or in the title style: the second continues the first.
void join_title_lines(Blocks blocks, Header& header)
{
    std::string joined;
    std::size_t lines = 0;
    for (const auto& block : blocks.first(header.length)) {
        const bool part = block.title || block.align == Align::Centre;
        if (!part || text::find_document_numbers(block.text).size() == 1
            || is_page_furniture(block.text) || is_red_head(block.text))
            continue;
        joined += block.text;
        ++lines;
    }
    if (lines < 2 || lines > 4 || !names_a_kind(joined) || names_a_kind(header.title))
        return;
    header.title = joined;
    std::erase_if(header.left_out, [](const Block* block) {
        return block->title || block->align == Align::Centre;
    });
}

struct Signature {
    std::string organ;
    std::optional<base::Date> date;
};

Signature read_signature(Blocks blocks)
{
    Signature last;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto date = date_line(blocks[i].text);
        if (!date)
            continue;
        if (i > 0 && is_organ_line(blocks[i - 1].text))
            return {blocks[i - 1].text, date};
        last.date = date;
    }
    return last;
}

std::string without_end_mark(std::string_view name)
{
    for (const std::string_view mark : {"；", "。", ";"})
        if (name.ends_with(mark))
            name.remove_suffix(mark.size());
    return std::string(text::trim(name));
}

std::vector<std::string> read_attachments(Blocks blocks)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto note = annex_note(blocks[i].text);
        if (!note)
            continue;
        const auto first = numbered_name(*note);
        names.push_back(without_end_mark(first.value_or(*note)));
        for (++i; first && i < blocks.size(); ++i) {
            const auto next = numbered_name(blocks[i].text);
            if (!next)
                break;
            names.push_back(without_end_mark(*next));
        }
        break;
    }
    return names;
}

class Composer {
public:
    Composer(const Material& material, Blocks blocks)
        : material_(material)
        , blocks_(blocks)
    {
    }

    RecognisedDocument document()
    {
        auto header = read_header(blocks_);
        join_title_lines(blocks_, header);
        fill_from(header);
        for (const auto& concern : find_damage(out_.source_text))
            out_.concerns.push_back(concern);
        check_header(header);
        check_numbering();
        check_tables();
        check_end();
        return std::move(out_);
    }

    /// What an interpretation needs: no number, no signature; its title from its document.
    RecognisedDocument interpretation(const RecognisedDocument& of)
    {
        auto rest = blocks_;
        while (!rest.empty() && is_interpretation_mark(rest.front().text))
            rest = rest.subspan(1);
        set_text(rest);
        blocks_ = rest;
        out_.issuing_organ = of.issuing_organ;
        if (!rest.empty() && is_title_like(rest.front().text)) {
            out_.title = rest.front().text;
            rest = rest.subspan(1);
        } else {
            out_.title = of.title.empty() ? std::string() : fmt::format("《{}》政策解读", of.title);
            add(What::MissingTitle, 0, "解读没有自己的标题，暂按被解读文件拟定，请核对。");
        }
        out_.body_html = body_html(rest);
        for (const auto& concern : find_damage(out_.source_text))
            out_.concerns.push_back(concern);
        check_numbering();
        check_tables();
        check_end();
        return std::move(out_);
    }

private:
    void add(What what, std::size_t where, std::string message)
    {
        out_.concerns.push_back(
            Concern{what, where, excerpt_at(out_.source_text, where), std::move(message)});
    }

    std::size_t place(const Block& block) const { return block.offset - start_; }

    void set_text(Blocks blocks)
    {
        if (blocks.empty())
            return;
        start_ = blocks.front().offset;
        const auto end = blocks.back().offset + blocks.back().text.size();
        out_.source_text = material_.text.substr(start_, end - start_);
    }

    void fill_from(const Header& header)
    {
        set_text(blocks_);
        const auto body = blocks_.subspan(header.length);
        const auto signature = read_signature(body);
        out_.title = header.title;
        out_.document_number = header.number;
        out_.issued_on = signature.date;
        out_.issuing_organ =
            signature.organ.empty() ? organ_in_title(header.title) : signature.organ;
        if (!body.empty() && is_addressee(body.front().text))
            out_.addressee = body.front().text;
        for (const auto& block : body) {
            if (const auto mark = publicity_mark(block.text); mark && out_.publicity.empty())
                out_.publicity = *mark;
        }
        out_.attachments = read_attachments(body);
        out_.body_html = body_html(body);
    }

    void check_header(const Header& header)
    {
        if (out_.title.empty())
            add(What::MissingTitle, 0, "没有找到标题，请填写。");
        if (out_.document_number.empty())
            add(What::MissingNumber, 0, "没有找到发文字号；有文号的请填写。");
        if (out_.issuing_organ.empty())
            add(What::MissingIssuer, 0, "没有找到发文机关，请填写。");
        if (!out_.issued_on)
            add(What::UnknownDate, 0, "没有找到成文日期，请填写。");
        for (const auto* block : header.left_out)
            add(What::LostContent, place(*block), "标题前后的这一行没有收入正文，请确认不需要。");
    }

    /// 一、 二、 四、: a heading was lost, or its number was garbled.
    void check_numbering()
    {
        int first = 0;
        int second = 0;
        for (const auto& block : blocks_) {
            const auto numbering =
                block.kind == Block::Kind::Paragraph ? numbering_of(block.text) : std::nullopt;
            if (!numbering)
                continue;
            const bool top = numbering->level == Numbering::Level::First;
            if (!top && numbering->level != Numbering::Level::Second)
                continue;
            auto& last = top ? first : second;
            if (numbering->number != last + 1 && numbering->number != 1)
                add(What::BrokenNumbering, place(block),
                    "序号不连续，前面可能缺了一段或者序号有误。");
            last = numbering->number;
            if (top)
                second = 0;
        }
    }

    void check_tables()
    {
        for (const auto& block : blocks_) {
            if (block.kind != Block::Kind::Table || block.rows.empty())
                continue;
            const bool spans =
                std::any_of(block.rows.begin(), block.rows.end(), [](const Row& row) {
                    return std::any_of(row.begin(), row.end(), [](const Cell& cell) {
                        return cell.rows > 1 || cell.columns > 1;
                    });
                });
            const auto columns = block.rows.front().size();
            const auto odd =
                std::count_if(block.rows.begin(), block.rows.end(), [&](const Row& row) {
                    return row.size() != columns || row.back().text.empty();
                });
            if (odd > 0 && !spans)
                add(What::BrokenTable, place(block),
                    fmt::format(
                        "表格有{}行、{}列，其中{}"
                        "行的单元格数与表头不符，可能原来是合并单元格，请核对。",
                        block.rows.size(), columns, odd));
        }
    }

    void check_end()
    {
        if (blocks_.empty() || blocks_.back().kind == Block::Kind::Table)
            return;
        const auto& last = blocks_.back();
        const bool closed = ends_sentence(last.text) || date_line(last.text)
                            || publicity_mark(last.text) || is_organ_line(last.text)
                            || last.text.ends_with("）") || last.text.ends_with(")")
                            || last.text.ends_with("”") || last.text.ends_with("》")
                            || numbered_name(last.text) || last.bullet;
        if (!closed && last.heading == 0)
            add(What::TruncatedEnd, place(last) + last.text.size(),
                "最后一句没有结束，后面的内容可能没有复制完整。");
    }

    const Material& material_;
    Blocks blocks_;
    std::size_t start_ = 0;
    RecognisedDocument out_;
};

void add_losses(const Material& material, RecognisedDocument& document)
{
    const auto add = [&](What what, std::string message) {
        document.concerns.push_back(Concern{what, 0, {}, std::move(message)});
    };
    if (material.odd_charset)
        add(What::OddCharset, "文件不是UTF-8编码，已按识别的编码转换，请通读核对。");
    if (material.pictures > 0)
        add(What::LostContent,
            fmt::format(
                "原文件中有{}张图片或者对象，没有导入，需要的请另行上传。", material.pictures));
    if (material.deletions > 0)
        add(What::LostContent, fmt::format(
                                   "原文件带有修订痕迹：删除的{}处没有导入，插入的内容已经保留。",
                                   material.deletions));
    if (material.hidden > 0)
        add(What::LostContent, fmt::format("原文件有{}处隐藏文字，没有导入。", material.hidden));
    if (material.links > 0)
        add(What::LostContent, fmt::format("原文件有{}个链接，只保留了文字。", material.links));
}

/// Where the document's own interpretation begins: behind its signature, or not at all.
std::size_t find_interpretation(Blocks blocks)
{
    bool signed_above = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        signed_above = signed_above || date_line(blocks[i].text).has_value();
        if (signed_above && is_interpretation_mark(blocks[i].text) && i + 1 < blocks.size())
            return i;
    }
    return blocks.size();
}

} // namespace

Recognition compose(const Material& material)
{
    const Blocks blocks(material.blocks);
    const auto split = find_interpretation(blocks);
    Recognition out{
        .document = Composer(material, blocks.first(split)).document(),
        .interpretation = std::nullopt};
    add_losses(material, out.document);
    if (split < blocks.size())
        out.interpretation = Composer(material, blocks.subspan(split)).interpretation(out.document);
    return out;
}

} // namespace intake
