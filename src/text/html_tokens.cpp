// Text states, tags, attributes and character references: 13.2.5.1 to 13.2.5.40 and 13.2.5.72
// to 80.

#include "text/html_machine.h"
#include "text/utf8.h"

#include <algorithm>

namespace text {

using namespace html;

namespace {

constexpr char32_t NUMBER_MAX = 0x110000; // Beyond it only "too large" matters.
constexpr std::string_view NUL("\0", 1);

} // namespace

HtmlTokeniser::Machine::Machine(HtmlSink& sink, ContentModels models, HtmlLimits limits)
    : sink_(sink)
    , models_(models)
    , limits_(limits)
{
}

void HtmlTokeniser::Machine::step(int byte)
{
    do {
        again_ = false;
        (this->*state_)(byte);
    } while (again_);
}

void HtmlTokeniser::Machine::feed(std::string_view piece)
{
    piece_ = piece;
    for (at_ = 0; at_ < piece_.size(); ++at_) {
        const int byte = static_cast<std::uint8_t>(piece_[at_]);
        if (byte == '\n' && skip_line_feed_) {
            skip_line_feed_ = false;
            continue;
        }
        skip_line_feed_ = byte == '\r';
        step(byte == '\r' ? '\n' : byte);
    }
    before_ += piece_.size();
    at_ = 0;
    piece_ = {};
}

void HtmlTokeniser::Machine::finish() { step(END); }

/// The current byte and all that follow up to a stop; the current place moves to the last of them.
std::string_view HtmlTokeniser::Machine::take_run(const Stops& stops)
{
    if (piece_[at_] == '\r')
        return "\n";
    auto end = at_ + 1;
    while (end < piece_.size() && !stops[static_cast<std::uint8_t>(piece_[end])])
        ++end;
    const auto run = piece_.substr(at_, end - at_);
    at_ = end - 1;
    return run;
}

void HtmlTokeniser::Machine::set_content_model(ContentModel model, std::string_view last_start_tag)
{
    last_start_tag_ = last_start_tag;
    switch (model) {
    case ContentModel::Data: return go(&Machine::data);
    case ContentModel::Rcdata: return go(&Machine::rcdata);
    case ContentModel::RawText: return go(&Machine::rawtext);
    case ContentModel::ScriptData: return go(&Machine::script_data);
    case ContentModel::PlainText: return go(&Machine::plaintext);
    case ContentModel::CdataSection: return go(&Machine::cdata_section);
    }
}

// Tokens.

void HtmlTokeniser::Machine::emit_text(std::string_view piece)
{
    sink_.text(piece, before_ + at_ + 1 - std::min(before_ + at_ + 1, piece.size()));
}

void HtmlTokeniser::Machine::emit_byte(int byte)
{
    const auto value = static_cast<char>(byte);
    emit_text({&value, 1});
}

void HtmlTokeniser::Machine::begin_tag(bool is_end)
{
    is_end_tag_ = is_end;
    tag_.name.clear();
    tag_.attributes.clear();
    tag_.self_closing = false;
    tag_.offset = token_start_;
}

void HtmlTokeniser::Machine::append_name(int byte)
{
    if (tag_.name.size() >= limits_.name_bytes_max)
        return;
    if (byte == 0)
        tag_.name += REPLACEMENT_UTF8;
    else
        tag_.name += to_lower(byte);
}

void HtmlTokeniser::Machine::begin_attribute()
{
    tag_.attributes.emplace_back();
    attribute().offset = before_ + at_;
    attribute_dropped_ = false;
}

void HtmlTokeniser::Machine::finish_attribute_name()
{
    auto& all = tag_.attributes;
    const auto same = [&](const HtmlAttribute& other) { return other.name == all.back().name; };
    attribute_dropped_ =
        all.size() > limits_.attributes_max || std::any_of(all.begin(), all.end() - 1, same);
}

void HtmlTokeniser::Machine::append_value(std::string_view piece)
{
    auto& value = attribute().value;
    if (!attribute_dropped_ && value.size() + piece.size() <= limits_.value_bytes_max)
        value += piece;
}

void HtmlTokeniser::Machine::emit_tag()
{
    if (attribute_dropped_ && !tag_.attributes.empty())
        tag_.attributes.pop_back();
    attribute_dropped_ = false;
    tag_.end = before_ + at_ + 1;
    go(&Machine::data);
    if (is_end_tag_)
        return sink_.end_tag(tag_);
    last_start_tag_ = tag_.name;
    if (models_ == ContentModels::Follow)
        follow_content_model();
    sink_.start_tag(tag_);
}

void HtmlTokeniser::Machine::follow_content_model()
{
    const std::string_view name = tag_.name;
    if (name == "title" || name == "textarea")
        go(&Machine::rcdata);
    else if (name == "script")
        go(&Machine::script_data);
    else if (name == "plaintext")
        go(&Machine::plaintext);
    else if (
        name == "style" || name == "xmp" || name == "iframe" || name == "noembed"
        || name == "noframes" || name == "noscript")
        go(&Machine::rawtext);
}

// Text.

void HtmlTokeniser::Machine::data(int byte)
{
    static constexpr auto stops = stops_at({"<&\0\r", 4});
    switch (byte) {
    case END: return;
    case '&': return begin_reference(&Machine::data, false);
    case '<': token_start_ = before_ + at_; return go(&Machine::tag_open);
    case 0: return emit_text(NUL); // The standard leaves it to the tree builder, which drops it.
    default: return emit_text(take_run(stops));
    }
}

/// Rcdata, raw text, script data: only the end tag, and here and there an ampersand, is markup.
void HtmlTokeniser::Machine::plain_run(int byte, const Stops& stops, State less_than)
{
    switch (byte) {
    case END: return;
    case '<':
        token_start_ = before_ + at_;
        text_state_ = state_;
        return go(less_than);
    case 0: return emit_text(REPLACEMENT_UTF8);
    default: return emit_text(take_run(stops));
    }
}

void HtmlTokeniser::Machine::rcdata(int byte)
{
    static constexpr auto stops = stops_at({"<&\0\r", 4});
    if (byte == '&')
        return begin_reference(&Machine::rcdata, false);
    plain_run(byte, stops, &Machine::less_than_in_text);
}

void HtmlTokeniser::Machine::rawtext(int byte)
{
    static constexpr auto stops = stops_at({"<\0\r", 3});
    plain_run(byte, stops, &Machine::less_than_in_text);
}

void HtmlTokeniser::Machine::script_data(int byte)
{
    static constexpr auto stops = stops_at({"<\0\r", 3});
    plain_run(byte, stops, &Machine::script_less_than);
}

void HtmlTokeniser::Machine::plaintext(int byte)
{
    static constexpr auto stops = stops_at({"\0\r", 2});
    if (byte == 0)
        return emit_text(REPLACEMENT_UTF8);
    if (byte != END)
        emit_text(take_run(stops));
}

void HtmlTokeniser::Machine::less_than_in_text(int byte)
{
    if (byte == '/') {
        buffer_.clear();
        return go(&Machine::end_tag_open_in_text);
    }
    emit_text("<");
    reconsume(text_state_);
}

void HtmlTokeniser::Machine::end_tag_open_in_text(int byte)
{
    if (is_alpha(byte)) {
        begin_tag(true);
        return reconsume(&Machine::end_tag_name_in_text);
    }
    emit_text("</");
    reconsume(text_state_);
}

void HtmlTokeniser::Machine::end_tag_name_in_text(int byte)
{
    if (is_alpha(byte) && buffer_.size() <= last_start_tag_.size()) {
        append_name(byte);
        buffer_ += static_cast<char>(byte);
        return;
    }
    if (is_appropriate_end_tag()) {
        if (is_space(byte))
            return go(&Machine::before_attribute_name);
        if (byte == '/')
            return go(&Machine::self_closing);
        if (byte == '>')
            return emit_tag();
    }
    emit_text("</");
    emit_text(buffer_);
    reconsume(text_state_);
}

// Tags.

void HtmlTokeniser::Machine::tag_open(int byte)
{
    if (is_alpha(byte)) {
        begin_tag(false);
        return reconsume(&Machine::tag_name);
    }
    switch (byte) {
    case '!': buffer_.clear(); return go(&Machine::markup_declaration);
    case '/': return go(&Machine::end_tag_open);
    case '?': comment_.clear(); return reconsume(&Machine::bogus_comment);
    default: emit_text("<"); return reconsume(&Machine::data);
    }
}

void HtmlTokeniser::Machine::end_tag_open(int byte)
{
    if (is_alpha(byte)) {
        begin_tag(true);
        return reconsume(&Machine::tag_name);
    }
    switch (byte) {
    case '>': return go(&Machine::data);
    case END: return emit_text("</");
    default: comment_.clear(); return reconsume(&Machine::bogus_comment);
    }
}

void HtmlTokeniser::Machine::tag_name(int byte)
{
    if (is_space(byte))
        return go(&Machine::before_attribute_name);
    switch (byte) {
    case '/': return go(&Machine::self_closing);
    case '>': return emit_tag();
    case END: return;
    default: return append_name(byte);
    }
}

void HtmlTokeniser::Machine::self_closing(int byte)
{
    if (byte == '>') {
        tag_.self_closing = true;
        return emit_tag();
    }
    if (byte != END)
        reconsume(&Machine::before_attribute_name);
}

void HtmlTokeniser::Machine::before_attribute_name(int byte)
{
    if (is_space(byte))
        return;
    if (byte == '/' || byte == '>' || byte == END)
        return reconsume(&Machine::after_attribute_name);
    if (attribute_dropped_ && !tag_.attributes.empty())
        tag_.attributes.pop_back();
    begin_attribute();
    if (byte == '=') {
        attribute().name += '=';
        return go(&Machine::attribute_name);
    }
    reconsume(&Machine::attribute_name);
}

void HtmlTokeniser::Machine::attribute_name(int byte)
{
    if (is_space(byte) || byte == '/' || byte == '>' || byte == END) {
        finish_attribute_name();
        return reconsume(&Machine::after_attribute_name);
    }
    if (byte == '=') {
        finish_attribute_name();
        return go(&Machine::before_attribute_value);
    }
    auto& name = attribute().name;
    if (name.size() >= limits_.name_bytes_max)
        return;
    if (byte == 0)
        name += REPLACEMENT_UTF8;
    else
        name += to_lower(byte);
}

void HtmlTokeniser::Machine::after_attribute_name(int byte)
{
    if (is_space(byte))
        return;
    switch (byte) {
    case '/': return go(&Machine::self_closing);
    case '=': return go(&Machine::before_attribute_value);
    case '>': return emit_tag();
    case END: return;
    default: return reconsume(&Machine::before_attribute_name);
    }
}

void HtmlTokeniser::Machine::before_attribute_value(int byte)
{
    if (is_space(byte))
        return;
    switch (byte) {
    case '"':
    case '\'': quote_ = static_cast<char>(byte); return go(&Machine::attribute_value_quoted);
    case '>': return emit_tag();
    default: return reconsume(&Machine::attribute_value_unquoted);
    }
}

void HtmlTokeniser::Machine::attribute_value_quoted(int byte)
{
    static constexpr auto stops = stops_at({"\"'&\0\r", 5});
    if (byte == quote_)
        return go(&Machine::after_attribute_value);
    switch (byte) {
    case '&': return begin_reference(&Machine::attribute_value_quoted, true);
    case 0: return append_value(REPLACEMENT_UTF8);
    case END: return;
    default: return append_value(take_run(stops));
    }
}

void HtmlTokeniser::Machine::attribute_value_unquoted(int byte)
{
    static constexpr auto stops = stops_at({"\t\n\f\r &>\0", 8});
    if (is_space(byte))
        return go(&Machine::before_attribute_name);
    switch (byte) {
    case '&': return begin_reference(&Machine::attribute_value_unquoted, true);
    case '>': return emit_tag();
    case 0: return append_value(REPLACEMENT_UTF8);
    case END: return;
    default: return append_value(take_run(stops));
    }
}

void HtmlTokeniser::Machine::after_attribute_value(int byte)
{
    if (is_space(byte))
        return go(&Machine::before_attribute_name);
    switch (byte) {
    case '/': return go(&Machine::self_closing);
    case '>': return emit_tag();
    case END: return;
    default: return reconsume(&Machine::before_attribute_name);
    }
}

// Character references.

void HtmlTokeniser::Machine::begin_reference(State return_to, bool in_attribute)
{
    return_state_ = return_to;
    reference_in_attribute_ = in_attribute;
    reference_ = "&";
    go(&Machine::character_reference);
}

void HtmlTokeniser::Machine::flush_reference(std::string_view resolved)
{
    if (reference_in_attribute_)
        append_value(resolved);
    else
        emit_text(resolved);
}

void HtmlTokeniser::Machine::character_reference(int byte)
{
    if (is_alnum(byte)) {
        walk_ = NamedReferenceWalk();
        return reconsume(&Machine::named_reference);
    }
    if (byte == '#') {
        reference_ += '#';
        number_ = 0;
        return go(&Machine::numeric_start);
    }
    flush_reference(reference_);
    reconsume(return_state_);
}

void HtmlTokeniser::Machine::named_reference(int byte)
{
    if ((is_alnum(byte) || byte == ';') && walk_.advance(static_cast<char>(byte))) {
        reference_ += static_cast<char>(byte);
        return;
    }
    resolve_named(byte);
}

/// What was read beyond the longest match are letters and digits, which every return state takes as
/// they are: they need not be read again.
void HtmlTokeniser::Machine::resolve_named(int byte)
{
    if (walk_.has_match()) {
        const auto rest = reference_.substr(1 + walk_.match_length());
        const int next = rest.empty() ? byte : rest[0];
        const bool closed = reference_[walk_.match_length()] == ';';
        // For historical reasons: ?a=1&copy=2 is an address and not a copyright mark.
        if (closed || !reference_in_attribute_ || !(next == '=' || is_alnum(next))) {
            reference_.clear();
            walk_.append_match(reference_);
            reference_ += rest;
        }
    }
    flush_reference(reference_);
    reconsume(return_state_);
}

void HtmlTokeniser::Machine::numeric_start(int byte)
{
    if (byte == 'x' || byte == 'X') {
        reference_ += static_cast<char>(byte);
        return go(&Machine::hexadecimal_start);
    }
    if (is_digit(byte))
        return reconsume(&Machine::decimal);
    flush_reference(reference_);
    reconsume(return_state_);
}

void HtmlTokeniser::Machine::hexadecimal_start(int byte)
{
    const auto lower = to_lower(byte);
    if (is_digit(byte) || (byte != END && lower >= 'a' && lower <= 'f'))
        return reconsume(&Machine::hexadecimal);
    flush_reference(reference_);
    reconsume(return_state_);
}

void HtmlTokeniser::Machine::hexadecimal(int byte)
{
    const int lower = byte == END ? 0 : to_lower(byte);
    const int digit = is_digit(byte)                 ? byte - '0'
                      : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                     : -1;
    if (digit < 0)
        return resolve_numeric(byte);
    number_ = std::min(NUMBER_MAX, char32_t{number_ * 16 + static_cast<char32_t>(digit)});
}

void HtmlTokeniser::Machine::decimal(int byte)
{
    if (!is_digit(byte))
        return resolve_numeric(byte);
    number_ = std::min(NUMBER_MAX, char32_t{number_ * 10 + static_cast<char32_t>(byte - '0')});
}

void HtmlTokeniser::Machine::resolve_numeric(int byte)
{
    reference_.clear();
    append_utf8(reference_, numeric_reference(number_));
    flush_reference(reference_);
    go(return_state_);
    if (byte != ';')
        reconsume(return_state_);
}

// The public face.

HtmlTokeniser::HtmlTokeniser(HtmlSink& sink, ContentModels models, HtmlLimits limits)
    : machine_(std::make_unique<Machine>(sink, models, limits))
{
}

HtmlTokeniser::~HtmlTokeniser() = default;

void HtmlTokeniser::feed(std::string_view piece) { machine_->feed(piece); }

void HtmlTokeniser::finish() { machine_->finish(); }

void HtmlTokeniser::set_content_model(ContentModel model, std::string_view last_start_tag)
{
    machine_->set_content_model(model, last_start_tag);
}

void HtmlTokeniser::allow_cdata(bool allowed) { machine_->allow_cdata(allowed); }

void tokenise_html(std::string_view html, HtmlSink& sink, HtmlLimits limits)
{
    HtmlTokeniser tokeniser(sink, ContentModels::Follow, limits);
    tokeniser.feed(html);
    tokeniser.finish();
}

const std::string* HtmlTag::find(std::string_view attribute) const
{
    for (const auto& candidate : attributes)
        if (candidate.name == attribute)
            return &candidate.value;
    return nullptr;
}

} // namespace text
