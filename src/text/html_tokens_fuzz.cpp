// Any bytes are HTML, and the tokens do not depend on how the bytes were cut into pieces.

#include "base/assert.h"
#include "text/html_tokens.h"

#include <cstdint>

namespace {

class Transcript : public text::HtmlSink {
public:
    void start_tag(const text::HtmlTag& tag) override
    {
        written += "\n<" + tag.name;
        for (const auto& attribute : tag.attributes)
            written += "|" + attribute.name + "=" + attribute.value;
        VERIFY(tag.offset < tag.end);
    }
    void end_tag(const text::HtmlTag& tag) override { written += "\n</" + tag.name; }
    void text(std::string_view piece, std::size_t) override
    {
        if (!in_text())
            written += "\n#";
        written += piece;
        text_end_ = written.size();
    }
    void comment(std::string_view contents, std::size_t) override
    {
        written.append("\n!").append(contents);
    }
    void doctype(const text::HtmlDoctype&, std::size_t) override { written += "\n!doctype"; }

    std::string written;

private:
    bool in_text() const { return text_end_ == written.size() && text_end_ != 0; }
    std::size_t text_end_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const std::string_view html(reinterpret_cast<const char*>(bytes), size);
    Transcript whole;
    text::tokenise_html(html, whole);
    Transcript pieces;
    text::HtmlTokeniser tokeniser(pieces);
    for (std::size_t at = 0; at < html.size(); at += 1 + at % 3)
        tokeniser.feed(html.substr(at, 1 + at % 3));
    tokeniser.finish();
    VERIFY(whole.written == pieces.written);
    return 0;
}
