// Script data: 13.2.5.15 to 13.2.5.31. A "<!--" in a script hides end tags behind a second
// "<script".

#include "text/html_machine.h"
#include "text/utf8.h"

namespace text {

using namespace html;

void HtmlTokeniser::Machine::script_less_than(int byte)
{
    if (byte == '!') {
        emit_text("<!");
        return go(&Machine::script_escape_start);
    }
    text_state_ = &Machine::script_data;
    reconsume(&Machine::less_than_in_text);
}

void HtmlTokeniser::Machine::script_escape_start(int byte)
{
    if (byte != '-')
        return reconsume(&Machine::script_data);
    emit_text("-");
    go(&Machine::script_escape_start_dash);
}

void HtmlTokeniser::Machine::script_escape_start_dash(int byte)
{
    if (byte != '-')
        return reconsume(&Machine::script_data);
    emit_text("-");
    go(&Machine::script_escaped_dash_dash);
}

/// Any other byte: text, and then the given state.
void HtmlTokeniser::Machine::script_byte(int byte, State state)
{
    if (byte == 0)
        emit_text(REPLACEMENT_UTF8);
    else if (byte != END)
        emit_byte(byte);
    go(state);
}

void HtmlTokeniser::Machine::script_escaped(int byte)
{
    static constexpr auto stops = stops_at({"-<\0\r", 4});
    switch (byte) {
    case '-': return script_byte(byte, &Machine::script_escaped_dash);
    case '<': token_start_ = before_ + at_; return go(&Machine::script_escaped_less_than);
    case 0:
    case END: return script_byte(byte, &Machine::script_escaped);
    default: return emit_text(take_run(stops));
    }
}

void HtmlTokeniser::Machine::script_escaped_dash(int byte)
{
    if (byte == '<')
        return reconsume(&Machine::script_escaped);
    script_byte(byte, byte == '-' ? &Machine::script_escaped_dash_dash : &Machine::script_escaped);
}

void HtmlTokeniser::Machine::script_escaped_dash_dash(int byte)
{
    switch (byte) {
    case '-': return script_byte(byte, &Machine::script_escaped_dash_dash);
    case '<': return reconsume(&Machine::script_escaped);
    case '>': return script_byte(byte, &Machine::script_data);
    default: return script_byte(byte, &Machine::script_escaped);
    }
}

void HtmlTokeniser::Machine::script_escaped_less_than(int byte)
{
    text_state_ = &Machine::script_escaped;
    if (!is_alpha(byte))
        return reconsume(&Machine::less_than_in_text);
    buffer_.clear();
    emit_text("<");
    reconsume(&Machine::script_double_escape_start);
}

/// Reads a word behind "<" or "</"; "script" switches between escaped and doubly escaped.
void HtmlTokeniser::Machine::double_escape_switch(int byte, State on_script, State otherwise)
{
    if (is_space(byte) || byte == '/' || byte == '>')
        return script_byte(byte, buffer_ == "script" ? on_script : otherwise);
    if (!is_alpha(byte))
        return reconsume(otherwise);
    if (buffer_.size() <= 6) // Longer than "script" is enough to know.
        buffer_ += to_lower(byte);
    emit_byte(byte);
}

void HtmlTokeniser::Machine::script_double_escape_start(int byte)
{
    double_escape_switch(byte, &Machine::script_double_escaped, &Machine::script_escaped);
}

void HtmlTokeniser::Machine::script_double_escaped(int byte)
{
    static constexpr auto stops = stops_at({"-<\0\r", 4});
    switch (byte) {
    case '-': return script_byte(byte, &Machine::script_double_escaped_dash);
    case '<': return script_byte(byte, &Machine::script_double_escaped_less_than);
    case 0:
    case END: return script_byte(byte, &Machine::script_double_escaped);
    default: return emit_text(take_run(stops));
    }
}

void HtmlTokeniser::Machine::script_double_escaped_dash(int byte)
{
    if (byte == '<')
        return reconsume(&Machine::script_double_escaped);
    script_byte(
        byte,
        byte == '-' ? &Machine::script_double_escaped_dash_dash : &Machine::script_double_escaped);
}

void HtmlTokeniser::Machine::script_double_escaped_dash_dash(int byte)
{
    switch (byte) {
    case '-': return script_byte(byte, &Machine::script_double_escaped_dash_dash);
    case '<': return reconsume(&Machine::script_double_escaped);
    case '>': return script_byte(byte, &Machine::script_data);
    default: return script_byte(byte, &Machine::script_double_escaped);
    }
}

void HtmlTokeniser::Machine::script_double_escaped_less_than(int byte)
{
    if (byte != '/')
        return reconsume(&Machine::script_double_escaped);
    buffer_.clear();
    emit_text("/");
    go(&Machine::script_double_escape_end);
}

void HtmlTokeniser::Machine::script_double_escape_end(int byte)
{
    double_escape_switch(byte, &Machine::script_escaped, &Machine::script_double_escaped);
}

} // namespace text
