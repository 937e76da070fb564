// The output is a closed language and a fixed point, whatever the input.

#include "base/assert.h"
#include "text/html_tokens.h"
#include "text/sanitize.h"
#include "text/utf8.h"

#include <cstdint>

namespace {

class Forbidden : public text::HtmlSink {
public:
    void start_tag(const text::HtmlTag& tag) override
    {
        VERIFY(
            tag.name != "script" && tag.name != "style" && tag.name != "svg" && tag.name != "math");
        VERIFY(
            tag.name != "iframe" && tag.name != "form" && tag.name != "base"
            && tag.name != "noscript");
        for (const auto& attribute : tag.attributes) {
            VERIFY(attribute.name.substr(0, 2) != "on");
            VERIFY(attribute.name != "style" && attribute.name != "id" && attribute.name != "name");
            VERIFY(attribute.value.substr(0, 11) != "javascript:");
        }
    }
    void comment(std::string_view, std::size_t) override { VERIFY(false); }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const std::string_view html(reinterpret_cast<const char*>(bytes), size);
    for (const auto tier : {text::Tier::Editor, text::Tier::Message, text::Tier::Snippet})
        for (const auto origin : {text::Origin::Stored, text::Origin::Office}) {
            const auto clean = text::sanitize(html, tier, origin).html;
            Forbidden forbidden;
            text::tokenise_html(clean, forbidden);
            VERIFY(text::is_valid_utf8(clean));
            VERIFY(text::sanitize(clean, tier).html == clean);
        }
    return 0;
}
