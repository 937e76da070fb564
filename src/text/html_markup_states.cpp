// Comments, DOCTYPE and CDATA sections: 13.2.5.41 to 13.2.5.71.

#include "text/html_machine.h"
#include "text/utf8.h"

#include <algorithm>

namespace text {

using namespace html;

namespace {

/// Whether `word` begins with `start`, letters compared without case.
bool begins_with(std::string_view word, std::string_view start)
{
    return start.size() <= word.size()
           && std::equal(start.begin(), start.end(), word.begin(), [](char left, char right) {
                  return to_lower(left) == to_lower(right);
              });
}

} // namespace

void HtmlTokeniser::Machine::append_comment(std::string_view piece)
{
    if (comment_.size() + piece.size() <= limits_.comment_bytes_max)
        comment_ += piece;
}

void HtmlTokeniser::Machine::emit_comment()
{
    go(&Machine::data);
    sink_.comment(comment_, token_start_);
}

void HtmlTokeniser::Machine::markup_declaration(int byte)
{
    if (byte != END)
        buffer_ += static_cast<char>(byte);
    comment_.clear();
    if (buffer_ == "--")
        return go(&Machine::comment_start);
    if (buffer_ == "[CDATA[" && cdata_allowed_)
        return go(&Machine::cdata_section);
    if (buffer_.size() == 7 && begins_with("doctype", buffer_)) {
        doctype_ = {};
        return go(&Machine::doctype);
    }
    const bool more = byte != END
                      && (begins_with("--", buffer_) || begins_with("doctype", buffer_)
                          || std::string_view("[CDATA[").substr(0, buffer_.size()) == buffer_);
    if (more && buffer_.size() < 7)
        return;
    if (byte != END)
        buffer_.pop_back();
    comment_ = buffer_;
    reconsume(&Machine::bogus_comment);
}

void HtmlTokeniser::Machine::bogus_comment(int byte)
{
    static constexpr auto stops = stops_at({">\0\r", 3});
    switch (byte) {
    case '>': return emit_comment();
    case END: return sink_.comment(comment_, token_start_);
    case 0: return append_comment(REPLACEMENT_UTF8);
    default: return append_comment(take_run(stops));
    }
}

void HtmlTokeniser::Machine::comment_start(int byte)
{
    switch (byte) {
    case '-': return go(&Machine::comment_start_dash);
    case '>': return emit_comment();
    default: return reconsume(&Machine::comment);
    }
}

void HtmlTokeniser::Machine::comment_start_dash(int byte)
{
    switch (byte) {
    case '-': return go(&Machine::comment_end);
    case '>': return emit_comment();
    case END: return sink_.comment(comment_, token_start_);
    default: append_comment("-"); return reconsume(&Machine::comment);
    }
}

void HtmlTokeniser::Machine::comment(int byte)
{
    static constexpr auto stops = stops_at({"<-\0\r", 4});
    switch (byte) {
    case '<': append_comment("<"); return go(&Machine::comment_less_than);
    case '-': return go(&Machine::comment_end_dash);
    case 0: return append_comment(REPLACEMENT_UTF8);
    case END: return sink_.comment(comment_, token_start_);
    default: return append_comment(take_run(stops));
    }
}

void HtmlTokeniser::Machine::comment_less_than(int byte)
{
    switch (byte) {
    case '!': append_comment("!"); return go(&Machine::comment_less_than_bang);
    case '<': return append_comment("<");
    default: return reconsume(&Machine::comment);
    }
}

void HtmlTokeniser::Machine::comment_less_than_bang(int byte)
{
    if (byte == '-')
        return go(&Machine::comment_less_than_bang_dash);
    reconsume(&Machine::comment);
}

void HtmlTokeniser::Machine::comment_less_than_bang_dash(int byte)
{
    if (byte == '-')
        return go(&Machine::comment_less_than_bang_dash_dash);
    reconsume(&Machine::comment_end_dash);
}

void HtmlTokeniser::Machine::comment_less_than_bang_dash_dash(int)
{
    reconsume(&Machine::comment_end); // A nested "<!--" is an error, and nothing else.
}

void HtmlTokeniser::Machine::comment_end_dash(int byte)
{
    switch (byte) {
    case '-': return go(&Machine::comment_end);
    case END: return sink_.comment(comment_, token_start_);
    default: append_comment("-"); return reconsume(&Machine::comment);
    }
}

void HtmlTokeniser::Machine::comment_end(int byte)
{
    switch (byte) {
    case '>': return emit_comment();
    case '!': return go(&Machine::comment_end_bang);
    case '-': return append_comment("-");
    case END: return sink_.comment(comment_, token_start_);
    default: append_comment("--"); return reconsume(&Machine::comment);
    }
}

void HtmlTokeniser::Machine::comment_end_bang(int byte)
{
    switch (byte) {
    case '-': append_comment("--!"); return go(&Machine::comment_end_dash);
    case '>': return emit_comment();
    case END: return sink_.comment(comment_, token_start_);
    default: append_comment("--!"); return reconsume(&Machine::comment);
    }
}

// DOCTYPE.

void HtmlTokeniser::Machine::emit_doctype()
{
    go(&Machine::data);
    sink_.doctype(doctype_, token_start_);
}

void HtmlTokeniser::Machine::append_doctype(std::optional<std::string>& field, int byte) const
{
    if (field->size() >= limits_.name_bytes_max)
        return;
    if (byte == 0)
        *field += REPLACEMENT_UTF8;
    else
        *field += static_cast<char>(byte);
}

/// The doctype is in quirks; at the end of the input it is given out as it is.
void HtmlTokeniser::Machine::spoil_doctype(State state, bool again)
{
    doctype_.force_quirks = true;
    go(state);
    again_ = again;
}

void HtmlTokeniser::Machine::doctype(int byte)
{
    if (is_space(byte))
        return go(&Machine::before_doctype_name);
    reconsume(&Machine::before_doctype_name);
}

void HtmlTokeniser::Machine::before_doctype_name(int byte)
{
    if (is_space(byte))
        return;
    if (byte == '>' || byte == END)
        return spoil_doctype(&Machine::bogus_doctype, true);
    doctype_.name.emplace();
    reconsume(&Machine::doctype_name);
}

void HtmlTokeniser::Machine::doctype_name(int byte)
{
    if (is_space(byte))
        return go(&Machine::after_doctype_name);
    switch (byte) {
    case '>': return emit_doctype();
    case END: return spoil_doctype(&Machine::bogus_doctype, true);
    default: return append_doctype(doctype_.name, byte == 0 ? 0 : to_lower(byte));
    }
}

void HtmlTokeniser::Machine::after_doctype_name(int byte)
{
    if (is_space(byte))
        return;
    switch (byte) {
    case '>': return emit_doctype();
    case END: return spoil_doctype(&Machine::bogus_doctype, true);
    default: buffer_.clear(); return reconsume(&Machine::doctype_keyword);
    }
}

void HtmlTokeniser::Machine::doctype_keyword(int byte)
{
    if (is_alpha(byte)) {
        buffer_ += static_cast<char>(byte);
        const bool is_public = begins_with("public", buffer_);
        if (!is_public && !begins_with("system", buffer_))
            return spoil_doctype(&Machine::bogus_doctype, false);
        if (buffer_.size() == 6)
            go(is_public ? &Machine::after_public_keyword : &Machine::after_system_keyword);
        return;
    }
    spoil_doctype(&Machine::bogus_doctype, true);
}

void HtmlTokeniser::Machine::begin_id(int quote, std::optional<std::string>& id, State state)
{
    quote_ = static_cast<char>(quote);
    id.emplace();
    go(state);
}

void HtmlTokeniser::Machine::after_public_keyword(int byte)
{
    if (is_space(byte))
        return go(&Machine::before_public_id);
    reconsume(&Machine::before_public_id);
}

void HtmlTokeniser::Machine::before_public_id(int byte)
{
    if (is_space(byte))
        return;
    if (byte == '"' || byte == '\'')
        return begin_id(byte, doctype_.public_id, &Machine::public_id);
    spoil_doctype(&Machine::bogus_doctype, true);
}

void HtmlTokeniser::Machine::doctype_id(int byte, std::optional<std::string>& id, State after)
{
    if (byte == quote_)
        return go(after);
    if (byte == '>' || byte == END)
        return spoil_doctype(&Machine::bogus_doctype, true);
    append_doctype(id, byte);
}

void HtmlTokeniser::Machine::public_id(int byte)
{
    doctype_id(byte, doctype_.public_id, &Machine::after_public_id);
}

void HtmlTokeniser::Machine::after_public_id(int byte)
{
    if (is_space(byte))
        return go(&Machine::between_ids);
    reconsume(&Machine::between_ids);
}

void HtmlTokeniser::Machine::between_ids(int byte)
{
    if (is_space(byte))
        return;
    if (byte == '>')
        return emit_doctype();
    if (byte == '"' || byte == '\'')
        return begin_id(byte, doctype_.system_id, &Machine::system_id);
    spoil_doctype(&Machine::bogus_doctype, true);
}

void HtmlTokeniser::Machine::after_system_keyword(int byte)
{
    if (is_space(byte))
        return go(&Machine::before_system_id);
    reconsume(&Machine::before_system_id);
}

void HtmlTokeniser::Machine::before_system_id(int byte)
{
    if (is_space(byte))
        return;
    if (byte == '"' || byte == '\'')
        return begin_id(byte, doctype_.system_id, &Machine::system_id);
    spoil_doctype(&Machine::bogus_doctype, true);
}

void HtmlTokeniser::Machine::system_id(int byte)
{
    doctype_id(byte, doctype_.system_id, &Machine::after_system_id);
}

void HtmlTokeniser::Machine::after_system_id(int byte)
{
    if (is_space(byte))
        return;
    if (byte == END)
        return spoil_doctype(&Machine::bogus_doctype, true);
    reconsume(&Machine::bogus_doctype); // Without quirks.
}

void HtmlTokeniser::Machine::bogus_doctype(int byte)
{
    if (byte == '>')
        return emit_doctype();
    if (byte == END)
        sink_.doctype(doctype_, token_start_);
}

// CDATA.

void HtmlTokeniser::Machine::cdata_section(int byte)
{
    static constexpr auto stops = stops_at({"]\0\r", 3});
    switch (byte) {
    case ']': return go(&Machine::cdata_bracket);
    case END: return;
    default: return emit_text(byte == 0 ? std::string_view("\0", 1) : take_run(stops));
    }
}

void HtmlTokeniser::Machine::cdata_bracket(int byte)
{
    if (byte == ']')
        return go(&Machine::cdata_end);
    emit_text("]");
    reconsume(&Machine::cdata_section);
}

void HtmlTokeniser::Machine::cdata_end(int byte)
{
    switch (byte) {
    case ']': return emit_text("]");
    case '>': return go(&Machine::data);
    default: emit_text("]]"); return reconsume(&Machine::cdata_section);
    }
}

} // namespace text
