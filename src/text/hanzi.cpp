#include "text/hanzi.h"

#include "text/html_tokens.h"
#include "text/utf8.h"

#include <algorithm>
#include <opencc.h>
#include <stdexcept>
#include <vector>

namespace text {

namespace {

const char* configuration(Traditional form)
{
    switch (form) {
    case Traditional::Standard: return "s2t.json";
    case Traditional::Taiwan: return "s2tw.json";
    case Traditional::HongKong: return "s2hk.json";
    }
    return "s2t.json";
}

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char byte) { return byte >= 0; });
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_no_end_tag(std::string_view name)
{
    return is_one_of(
        name, {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
               "track", "wbr"});
}

/// Does a person read this attribute?
bool is_read(const HtmlTag& tag, std::string_view attribute)
{
    if (is_one_of(attribute, {"alt", "title", "placeholder", "aria-label"}))
        return true;
    if (attribute != "content" || tag.name != "meta")
        return false;
    const auto* name = tag.find("name");
    const auto* property = tag.find("property");
    if (property != nullptr)
        return is_one_of(*property, {"og:title", "og:description", "og:site_name"});
    return name != nullptr && tag.find("http-equiv") == nullptr
           && !is_one_of(
               *name,
               {"viewport", "robots", "referrer", "theme-color", "color-scheme", "generator"});
}

/// Must the contents stay as they are?
bool is_protected(const HtmlTag& tag)
{
    if (is_one_of(
            tag.name,
            {"script", "style", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"}))
        return true;
    if (const auto* translate = tag.find("translate"); translate != nullptr && *translate == "no")
        return true;
    const auto* language = tag.find("lang");
    return language != nullptr && to_lower_ascii(language->substr(0, 2)) != "zh";
}

class HtmlConverter : public HtmlSink {
public:
    HtmlConverter(const TraditionalConverter& converter, std::string_view source)
        : converter_(converter)
        , source_(source)
    {
    }

    void start_tag(const HtmlTag& tag) override
    {
        text_until(tag.offset);
        if (protected_depth_ > 0) {
            protected_depth_ += tag.name == protected_by_ ? 1 : 0;
        } else if (is_protected(tag) && !has_no_end_tag(tag.name)) {
            protected_by_ = tag.name;
            protected_depth_ = 1;
        } else {
            convert_attributes(tag);
        }
        copy_until(tag.end);
    }
    void end_tag(const HtmlTag& tag) override
    {
        text_until(tag.offset);
        protected_depth_ -= protected_depth_ > 0 && tag.name == protected_by_ ? 1 : 0;
        copy_until(tag.end);
    }
    void comment(std::string_view, std::size_t offset) override { begin_raw(offset); }
    void doctype(const HtmlDoctype&, std::size_t offset) override { begin_raw(offset); }
    void text(std::string_view, std::size_t offset) override
    {
        // The first text behind a comment tells where the comment ended.
        if (raw_) {
            copy_until(offset);
            raw_ = false;
        }
    }

    std::string finish()
    {
        text_until(source_.size());
        return std::move(out_);
    }

private:
    void copy_until(std::size_t end)
    {
        if (end > at_)
            out_ += source_.substr(at_, end - at_);
        at_ = std::max(at_, end);
    }
    void begin_raw(std::size_t offset)
    {
        text_until(offset);
        raw_ = true;
    }
    /// The source of a text is converted as it is: references stay references.
    void text_until(std::size_t end)
    {
        if (raw_ || protected_depth_ > 0 || end <= at_) {
            copy_until(end);
        } else {
            out_ += converter_.convert(source_.substr(at_, end - at_));
            at_ = end;
        }
        raw_ = false;
    }
    void convert_attributes(const HtmlTag& tag)
    {
        for (std::size_t index = 0; index < tag.attributes.size(); ++index) {
            const auto& attribute = tag.attributes[index];
            if (is_ascii(attribute.value) || !is_read(tag, attribute.name))
                continue;
            const auto end =
                index + 1 < tag.attributes.size() ? tag.attributes[index + 1].offset : tag.end;
            copy_until(attribute.offset);
            out_ += converter_.convert(source_.substr(at_, end - at_));
            at_ = end;
        }
    }

    const TraditionalConverter& converter_;
    std::string_view source_;
    std::string out_;
    std::size_t at_ = 0;
    bool raw_ = false; // Inside a comment or doctype.
    std::string protected_by_;
    std::size_t protected_depth_ = 0;
};

} // namespace

/// Never copied: the converter deletes what it points to.
struct TraditionalConverter::Parts {
    explicit Parts(const char* name)
        : converter(name)
    {
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    const opencc::SimpleConverter converter;
};

TraditionalConverter::TraditionalConverter(Traditional form)
{
    try {
        parts_ = std::make_unique<Parts>(configuration(form));
    } catch (const std::exception& exception) {
        throw std::runtime_error(std::string("OpenCC is not installed: ") + exception.what());
    }
}

TraditionalConverter::~TraditionalConverter() = default;
TraditionalConverter::TraditionalConverter(TraditionalConverter&&) noexcept = default;
TraditionalConverter& TraditionalConverter::operator=(TraditionalConverter&&) noexcept = default;

std::string TraditionalConverter::convert(std::string_view utf8) const
{
    if (is_ascii(utf8))
        return std::string(utf8);
    // OpenCC takes NUL for the end and throws at ill-formed text.
    std::string result;
    const auto clean = is_valid_utf8(utf8) ? std::string(utf8) : replace_invalid_utf8(utf8);
    for (std::size_t at = 0; at <= clean.size();) {
        const auto end = std::min(clean.find('\0', at), clean.size());
        if (end > at)
            result += parts_->converter.Convert(clean.substr(at, end - at));
        if (end < clean.size())
            result += '\0';
        at = end + 1;
    }
    return result;
}

std::string TraditionalConverter::convert_html(std::string_view html) const
{
    HtmlConverter converter(*this, html);
    tokenise_html(html, converter);
    return converter.finish();
}

} // namespace text
