#include "publish/intake/recognise.h"

#include "publish/intake/compose.h"
#include "publish/intake/decode.h"
#include "publish/intake/read_docx.h"
#include "publish/intake/read_text.h"
#include "text/utf8.h"

#include <algorithm>

namespace intake {
namespace {

using Kind = base::Error::Kind;

/// A long law is 300 KB of text; a Word file with pictures is larger.
constexpr std::size_t TEXT_BYTES_MAX = 8UL * 1024 * 1024;
constexpr std::size_t DOCX_BYTES_MAX = 64UL * 1024 * 1024;
/// A document of a hundred thousand paragraphs is a data set and belongs into an attachment.
constexpr std::size_t BLOCKS_MAX = 100'000;

auto refuse_type()
{
    return base::refuse(
        Kind::Invalid, "intake.unsupported_type",
        "只能导入txt、html和docx文件。doc、wps文件请先另存为docx；PDF请作为附件上传。");
}

auto refuse_size()
{
    return base::refuse(
        Kind::Limited, "intake.too_large", "文件过大，不能识别为一篇公文，请作为附件上传。");
}

auto refuse_empty()
{
    return base::refuse(Kind::Invalid, "intake.empty", "文件是空的，没有可以导入的文字。");
}

std::string extension_of(std::string_view file_name)
{
    const auto dot = file_name.rfind('.');
    return dot == std::string_view::npos ? std::string()
                                         : text::to_lower_ascii(file_name.substr(dot + 1));
}

base::Result<Material> read_any(std::string_view bytes, const std::string& extension)
{
    const bool packed = bytes.starts_with("PK\x03\x04");
    if (extension == "docx") {
        if (bytes.size() > DOCX_BYTES_MAX)
            return refuse_size();
        if (!packed)
            return base::refuse(
                Kind::Invalid, "intake.wrong_type",
                "文件内容不是docx文档，可能只是改了扩展名，请用办公软件另存为docx后再导入。");
        return read_docx(bytes);
    }
    if (bytes.size() > TEXT_BYTES_MAX)
        return refuse_size();
    if (packed || bytes.starts_with("%PDF-") || bytes.starts_with("\xD0\xCF\x11\xE0"))
        return base::refuse(
            Kind::Invalid, "intake.wrong_type", "文件内容与扩展名不符，请检查是否选错了文件。");
    auto decoded = TRY(decode_text(bytes));
    Material material;
    if (extension == "txt") {
        material.blocks = read_plain(decoded.text);
        place_blocks(material);
    } else {
        material = read_html(decoded.text);
    }
    material.odd_charset = decoded.odd;
    return material;
}

} // namespace

std::string_view to_string(Concern::What what)
{
    switch (what) {
    case Concern::What::DamagedText: return "damaged_text";
    case Concern::What::DoubledMarks: return "doubled_marks";
    case Concern::What::Readings: return "readings";
    case Concern::What::TraditionalText: return "traditional_text";
    case Concern::What::MaskedText: return "masked_text";
    case Concern::What::BrokenNumbering: return "broken_numbering";
    case Concern::What::BrokenTable: return "broken_table";
    case Concern::What::TruncatedEnd: return "truncated_end";
    case Concern::What::MissingTitle: return "missing_title";
    case Concern::What::MissingNumber: return "missing_number";
    case Concern::What::MissingIssuer: return "missing_issuer";
    case Concern::What::UnknownDate: return "unknown_date";
    case Concern::What::OddCharset: return "odd_charset";
    case Concern::What::LostContent: return "lost_content";
    }
    return "unknown";
}

base::Result<Recognition> recognise(std::string_view bytes, std::string_view file_name)
{
    const auto extension = extension_of(file_name);
    if (extension != "txt" && extension != "html" && extension != "htm" && extension != "docx")
        return refuse_type();
    if (bytes.empty())
        return refuse_empty();
    const auto material = TRY(read_any(bytes, extension));
    if (material.blocks.empty())
        return refuse_empty();
    if (material.blocks.size() > BLOCKS_MAX)
        return refuse_size();
    return compose(material);
}

std::string body_from_text(std::string_view text)
{
    return body_html(read_plain(text::normalise_controls(text)));
}

} // namespace intake
