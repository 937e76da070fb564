#include "text/plain_text.h"

#include "text/html_tokens.h"
#include "text/rich_tags.h"
#include "text/utf8.h"

namespace text {

namespace {

using rich::Role;

class Reader : public HtmlSink {
public:
    void start_tag(const HtmlTag& tag) override
    {
        const auto& meaning = rich::meaning_of(tag.name);
        if (skip_depth_ > 0) {
            skip_depth_ += tag.name == skipped_ ? 1 : 0;
            return;
        }
        const bool foreign = tag.name == "svg" || tag.name == "math";
        if (meaning.role == Role::Drop && tag.name != "noscript" && tag.name != "plaintext") {
            skipped_ = tag.name;
            skip_depth_ = foreign && tag.self_closing ? 0 : 1;
            return;
        }
        if (rich::is_cell(meaning.element)) {
            if (cells_++ > 0)
                cell();
        } else if (meaning.element == rich::Element::Tr) {
            line();
            cells_ = 0;
        } else {
            separate(meaning);
        }
        preformatted_ += meaning.element == rich::Element::Pre ? 1 : 0;
    }

    void end_tag(const HtmlTag& tag) override
    {
        if (skip_depth_ > 0) {
            skip_depth_ -= tag.name == skipped_ ? 1 : 0;
            return;
        }
        const auto& meaning = rich::meaning_of(tag.name);
        if (rich::is_cell(meaning.element))
            return;
        separate(meaning);
        if (meaning.element == rich::Element::Pre && preformatted_ > 0)
            --preformatted_;
        if (meaning.role == Role::Table)
            cells_ = 0;
    }

    void text(std::string_view piece, std::size_t) override
    {
        if (skip_depth_ > 0)
            return;
        for (const char byte : piece) {
            const bool blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\f';
            if (preformatted_ > 0 && byte == '\n') {
                line();
            } else if (blank) {
                blank_ = true;
            } else if (byte != '\0') {
                write(byte);
            }
        }
    }

    std::string take()
    {
        while (!out_.empty() && (out_.back() == '\n' || out_.back() == '\t'))
            out_.pop_back();
        return std::move(out_);
    }

private:
    void separate(const rich::TagMeaning& meaning)
    {
        switch (meaning.role) {
        case Role::Unwrap:
        case Role::Drop:
        case Role::Inline:
        case Role::Image: return;
        default:
            // A paragraph within a cell does not end the row.
            if (cells_ == 0 || meaning.role == Role::Table)
                line();
            else
                blank_ = true;
        }
    }

    void line()
    {
        blank_ = false;
        tabs_ = 0;
        newline_ = !out_.empty();
    }
    void cell()
    {
        blank_ = false;
        ++tabs_;
    }
    void write(char byte)
    {
        if (newline_)
            out_ += '\n';
        out_.append(tabs_, '\t');
        if (blank_ && tabs_ == 0 && !newline_ && !out_.empty())
            out_ += ' ';
        newline_ = blank_ = false;
        tabs_ = 0;
        out_ += byte;
    }

    std::string out_;
    bool blank_ = false;
    bool newline_ = false;
    std::size_t tabs_ = 0;
    std::size_t cells_ = 0; // In the row that is open.
    std::size_t preformatted_ = 0;
    std::string skipped_;
    std::size_t skip_depth_ = 0;
};

constexpr HtmlLimits LIMITS = {
    .name_bytes_max = 64, .attributes_max = 0, .value_bytes_max = 0, .comment_bytes_max = 0};

} // namespace

std::string plain_text(std::string_view html)
{
    Reader reader;
    tokenise_html(html, reader, LIMITS);
    return reader.take();
}

std::string excerpt(std::string_view html, std::size_t characters_max)
{
    // What is shown is a small part: the rest of a long page need not be read.
    constexpr std::size_t bytes_per_character = 64;
    auto text = plain_text(truncate_bytes(html, characters_max * bytes_per_character + 64 * 1024));
    for (auto& byte : text)
        if (byte == '\n' || byte == '\t')
            byte = ' ';
    if (count_code_points(text) <= characters_max)
        return text;
    if (characters_max == 0)
        return {};
    const auto cut = trim(truncate_code_points(text, characters_max - 1));
    return std::string(cut) + "…";
}

std::string escape_html(std::string_view utf8)
{
    std::string escaped;
    escaped.reserve(utf8.size() + utf8.size() / 8);
    for (const char byte : utf8) {
        switch (byte) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        default: escaped += byte;
        }
    }
    return escaped;
}

std::string escape_attribute(std::string_view utf8)
{
    std::string escaped;
    escaped.reserve(utf8.size() + utf8.size() / 8);
    for (const char byte : escape_html(utf8)) {
        switch (byte) {
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        case '`': escaped += "&#96;"; break;
        default: escaped += byte;
        }
    }
    return escaped;
}

} // namespace text
