#include "publish/intake/decode.h"

#include "text/charset.h"
#include "text/utf8.h"

namespace intake {

using Kind = base::Error::Kind;

base::Result<Decoded> decode_text(std::string_view bytes)
{
    const auto decoded = text::decode(bytes);
    // A UTF-16 file has zero bytes and a mark that says so; any other file with them is binary.
    if (decoded.text.find('\0') != std::string::npos
        || (!decoded.by_mark && bytes.find('\0') != std::string_view::npos))
        return base::refuse(
            Kind::Invalid, "intake.wrong_type",
            "文件内容不是文本，请检查是否选错了文件，或者另存为文本后再导入。");
    // A text with a few broken bytes is worth showing; anything else is noise.
    constexpr std::size_t BROKEN_SHARE = 50;
    if (decoded.damaged * BROKEN_SHARE > decoded.text.size()
        || decoded.used == text::Charset::Windows1252)
        return base::refuse(
            Kind::Invalid, "intake.unreadable_text",
            "无法识别文件的文字编码，请用UTF-8编码另存后再导入。");
    return Decoded{
        text::normalise_controls(decoded.text),
        decoded.used != text::Charset::Utf8 || decoded.damaged > 0};
}

} // namespace intake
