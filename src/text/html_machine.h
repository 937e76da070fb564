#pragma once

// The states of the tokeniser. Each state of the standard is one function that gets one byte (or
// END); the current state is a pointer to it. Bytes above 0x7F never matter to the syntax, so no
// state decodes UTF-8. States are spread over three files: text and tags, script data, markup
// declarations. Not exported.

#include "text/html_references.h"
#include "text/html_tokens.h"

#include <array>
#include <cstdint>

namespace text {

class HtmlTokeniser::Machine {
public:
    Machine(HtmlSink& sink, ContentModels models, HtmlLimits limits);
    void feed(std::string_view piece);
    void finish();
    void set_content_model(ContentModel model, std::string_view last_start_tag);
    void allow_cdata(bool allowed) { cdata_allowed_ = allowed; }

private:
    using State = void (Machine::*)(int);
    using Stops = std::array<bool, 256>;
    static constexpr int END = -1;
    static constexpr Stops stops_at(std::string_view bytes);

    void step(int byte);
    void go(State state) { state_ = state; }
    /// The same byte again, in another state.
    void reconsume(State state)
    {
        state_ = state;
        again_ = true;
    }
    std::string_view take_run(const Stops& stops);

    // Text and raw text.
    void data(int);
    void rcdata(int);
    void rawtext(int);
    void script_data(int);
    void plaintext(int);
    void plain_run(int, const Stops& stops, State less_than);
    void less_than_in_text(int);
    void end_tag_open_in_text(int);
    void end_tag_name_in_text(int);

    // Tags.
    void tag_open(int);
    void end_tag_open(int);
    void tag_name(int);
    void self_closing(int);
    void before_attribute_name(int);
    void attribute_name(int);
    void after_attribute_name(int);
    void before_attribute_value(int);
    void attribute_value_quoted(int);
    void attribute_value_unquoted(int);
    void after_attribute_value(int);

    // Character references.
    void character_reference(int);
    void named_reference(int);
    void numeric_start(int);
    void hexadecimal_start(int);
    void hexadecimal(int);
    void decimal(int);
    void begin_reference(State return_to, bool in_attribute);
    void resolve_named(int);
    void resolve_numeric(int);
    void flush_reference(std::string_view resolved);

    // Script data.
    void script_less_than(int);
    void script_escape_start(int);
    void script_escape_start_dash(int);
    void script_escaped(int);
    void script_escaped_dash(int);
    void script_escaped_dash_dash(int);
    void script_escaped_less_than(int);
    void script_double_escape_start(int);
    void script_double_escaped(int);
    void script_double_escaped_dash(int);
    void script_double_escaped_dash_dash(int);
    void script_double_escaped_less_than(int);
    void script_double_escape_end(int);
    void double_escape_switch(int, State on_script, State otherwise);
    void script_byte(int, State state);

    // Markup declarations.
    void markup_declaration(int);
    void bogus_comment(int);
    void comment_start(int);
    void comment_start_dash(int);
    void comment(int);
    void comment_less_than(int);
    void comment_less_than_bang(int);
    void comment_less_than_bang_dash(int);
    void comment_less_than_bang_dash_dash(int);
    void comment_end_dash(int);
    void comment_end(int);
    void comment_end_bang(int);
    void doctype(int);
    void before_doctype_name(int);
    void doctype_name(int);
    void after_doctype_name(int);
    void doctype_keyword(int);
    void after_public_keyword(int);
    void before_public_id(int);
    void public_id(int);
    void after_public_id(int);
    void between_ids(int);
    void after_system_keyword(int);
    void before_system_id(int);
    void system_id(int);
    void after_system_id(int);
    void bogus_doctype(int);
    void doctype_id(int, std::optional<std::string>& id, State after);
    void begin_id(int quote, std::optional<std::string>& id, State state);
    void spoil_doctype(State state, bool again);
    void cdata_section(int);
    void cdata_bracket(int);
    void cdata_end(int);

    // Building and giving out tokens.
    void emit_text(std::string_view piece);
    void emit_byte(int byte);
    void begin_tag(bool is_end);
    void append_name(int byte);
    void begin_attribute();
    void finish_attribute_name();
    void append_value(std::string_view piece);
    void emit_tag();
    void follow_content_model();
    bool is_appropriate_end_tag() const { return tag_.name == last_start_tag_; }
    void append_comment(std::string_view piece);
    void emit_comment();
    void emit_doctype();
    void append_doctype(std::optional<std::string>& field, int byte) const;
    HtmlAttribute& attribute() { return tag_.attributes.back(); }

    HtmlSink& sink_;
    ContentModels models_;
    HtmlLimits limits_;
    bool cdata_allowed_ = false;

    State state_ = &Machine::data;
    State return_state_ = &Machine::data;
    State text_state_ = &Machine::rcdata; // The raw text that an end tag in it falls back to.
    bool again_ = false;

    std::string_view piece_;
    std::size_t at_ = 0;     // In the piece.
    std::size_t before_ = 0; // Bytes of earlier pieces.
    bool skip_line_feed_ = false;

    HtmlTag tag_;
    bool is_end_tag_ = false;
    bool attribute_dropped_ = false; // A duplicate, or one too many: read but not kept.
    char quote_ = 0;
    std::string last_start_tag_;
    std::size_t token_start_ = 0;

    std::string buffer_; // The standard's temporary buffer, and keywords being compared.
    std::string comment_;
    HtmlDoctype doctype_;

    std::string reference_; // From the ampersand on.
    NamedReferenceWalk walk_;
    char32_t number_ = 0;
    bool reference_in_attribute_ = false;
};

namespace html {

constexpr bool is_space(int byte)
{
    return byte == '\t' || byte == '\n' || byte == '\f' || byte == ' ';
}
constexpr bool is_upper(int byte) { return byte >= 'A' && byte <= 'Z'; }
constexpr bool is_alpha(int byte) { return is_upper(byte) || (byte >= 'a' && byte <= 'z'); }
constexpr bool is_digit(int byte) { return byte >= '0' && byte <= '9'; }
constexpr bool is_alnum(int byte) { return is_alpha(byte) || is_digit(byte); }
constexpr char to_lower(int byte)
{
    return static_cast<char>(is_upper(byte) ? byte + ('a' - 'A') : byte);
}

} // namespace html

constexpr HtmlTokeniser::Machine::Stops HtmlTokeniser::Machine::stops_at(std::string_view bytes)
{
    Stops stops{};
    for (const char byte : bytes)
        stops[static_cast<std::uint8_t>(byte)] = true;
    return stops;
}

} // namespace text
