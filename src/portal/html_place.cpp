#include "portal/html_place.h"

namespace portal {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool holds_address(std::string_view attribute)
{
    return attribute == "href" || attribute == "src" || attribute == "action"
           || attribute == "formaction" || attribute == "poster";
}

} // namespace

std::optional<std::string> HtmlPlace::read(std::string_view piece)
{
    for (const char c : piece) {
        if (auto fault = step(c))
            return fault;
    }
    return std::nullopt;
}

HtmlPlace::Kind HtmlPlace::kind() const
{
    if (state_ == State::Text)
        return raw_element_.empty() ? Kind::Text : Kind::Forbidden;
    if (state_ == State::Tag)
        return Kind::Tag;
    if (state_ != State::Value)
        return Kind::Forbidden;
    return holds_address(attribute_) && value_is_empty_ ? Kind::Address : Kind::Attribute;
}

std::optional<std::string> HtmlPlace::check_attribute() const
{
    if (attribute_ == "style")
        return "不能写 style 属性：样式写进 CSS 文件";
    if (attribute_.starts_with("on"))
        return "不能写事件属性 " + attribute_ + "：脚本写进 site.js";
    if (attribute_ == "srcdoc" || attribute_ == "srcset")
        return "不能写 " + attribute_ + " 属性";
    return std::nullopt;
}

HtmlPlace HtmlPlace::settled() const
{
    auto place = *this;
    if (state_ == State::AttributeName || (state_ == State::TagName && !tag_.empty())) {
        place.state_ = State::Tag;
        place.attribute_.clear();
    }
    return place;
}

std::optional<std::string> HtmlPlace::end_tag()
{
    const auto tag = tag_;
    if (closing_ && tag == raw_element_)
        raw_element_.clear();
    else if (!closing_ && tag == "style")
        return "不能写内联样式 <style>";
    else if (!closing_ && tag == "script") {
        if (!has_src_)
            return "不能写内联脚本 <script>";
        raw_element_ = tag;
    }
    state_ = State::Text;
    tag_.clear();
    attribute_.clear();
    closing_ = false;
    has_src_ = false;
    return std::nullopt;
}

std::optional<std::string> HtmlPlace::step(char c)
{
    switch (state_) {
    case State::Text:
        if (c == '<')
            state_ = State::TagName;
        else if (!raw_element_.empty() && !is_blank(c))
            return "<script src> 里面不能再写内容";
        return std::nullopt;
    case State::TagName: return step_tag_name(c);
    case State::Comment:
        tail_ = (tail_ + c).substr(tail_.size() < 3 ? 0 : tail_.size() - 2);
        if (c == '>' && (!tail_.starts_with("-") || tail_ == "-->")) {
            state_ = State::Text;
            tail_.clear();
        }
        return std::nullopt;
    case State::Value:
        value_is_empty_ = false;
        if (c == quote_) {
            state_ = State::Tag;
            attribute_.clear();
            quote_ = 0;
            value_is_empty_ = true;
        }
        return std::nullopt;
    default: return step_attribute(c);
    }
}

std::optional<std::string> HtmlPlace::step_tag_name(char c)
{
    if (c == '>')
        return end_tag();
    if (is_blank(c)) {
        if (tag_.empty())
            return "“<”后面要紧跟标签名，文字里的小于号写成 &lt;";
        state_ = State::Tag;
    } else if (tag_.empty() && c == '/') {
        closing_ = true;
    } else if (tag_.empty() && c == '!') {
        state_ = State::Comment;
        tail_.clear();
    } else {
        tag_ += c;
    }
    return std::nullopt;
}

std::optional<std::string> HtmlPlace::step_attribute(char c)
{
    if (state_ == State::AfterEquals) {
        if (c != '"' && c != '\'')
            return "属性值要加引号";
        quote_ = c;
        value_is_empty_ = true;
        state_ = State::Value;
        return std::nullopt;
    }
    if (c == '>')
        return end_tag();
    if (is_blank(c) || c == '/') {
        state_ = State::Tag;
        return std::nullopt;
    }
    if (state_ == State::Tag) {
        if (!is_letter(c))
            return "标签里有多余的字符";
        state_ = State::AttributeName;
        attribute_ = c;
        return std::nullopt;
    }
    if (c != '=') {
        attribute_ += c;
        return std::nullopt;
    }
    state_ = State::AfterEquals;
    has_src_ = has_src_ || attribute_ == "src";
    return check_attribute();
}

} // namespace portal
