#pragma once

// HTML cut into tokens by the HTML standard, section 13.2.5 "Tokenization": every state, all 2,231
// named character references, tested against the standard's own cases (html5lib-tests). Input comes
// in pieces of any size and tokens go to a sink as they are complete; memory is bounded by
// HtmlLimits whatever the input, time is linear. There are no errors: any sequence of bytes is
// HTML.
//
// Input is UTF-8; ill-formed bytes pass through as they are, so repair first. Newlines are
// normalised. There is no tree: with ContentModels::Follow the tokeniser itself switches to raw
// text behind <script>, <style>, <title> and their like, as a tree builder with scripting enabled
// would.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace text {

struct HtmlAttribute {
    std::string name; // ASCII letters in lower case.
    std::string value;
    std::size_t offset = 0; // Of the name, in bytes from the start of the input.
};

struct HtmlTag {
    std::string name; // ASCII letters in lower case.
    std::vector<HtmlAttribute> attributes;
    bool self_closing = false;
    std::size_t offset = 0; // Of the "<".
    std::size_t end = 0;    // Behind the ">".

    /// The value of an attribute, or nullptr.
    const std::string* find(std::string_view attribute) const;
};

struct HtmlDoctype {
    std::optional<std::string> name;
    std::optional<std::string> public_id;
    std::optional<std::string> system_id;
    bool force_quirks = false;
};

/// Receives the tokens. References and views are valid during the call only.
class HtmlSink {
public:
    virtual ~HtmlSink() = default;
    virtual void start_tag(const HtmlTag&) {}
    virtual void end_tag(const HtmlTag&) {}
    /// Text between tags comes in any number of pieces; references are already resolved.
    virtual void text(std::string_view /*piece*/, std::size_t /*offset*/) {}
    virtual void comment(std::string_view /*contents*/, std::size_t /*offset*/) {}
    virtual void doctype(const HtmlDoctype&, std::size_t /*offset*/) {}
};

/// What is beyond a limit is left out; the rest of the token is kept.
struct HtmlLimits {
    std::size_t name_bytes_max = 1024;
    std::size_t attributes_max = 256;
    std::size_t value_bytes_max = 8 * 1024 * 1024;
    std::size_t comment_bytes_max = 1024 * 1024;
};

enum class ContentModel { Data, Rcdata, RawText, ScriptData, PlainText, CdataSection };
enum class ContentModels { Follow, Manual };

class HtmlTokeniser {
public:
    explicit HtmlTokeniser(
        HtmlSink& sink, ContentModels models = ContentModels::Follow, HtmlLimits limits = {});
    ~HtmlTokeniser();
    HtmlTokeniser(const HtmlTokeniser&) = delete;
    HtmlTokeniser& operator=(const HtmlTokeniser&) = delete;

    void feed(std::string_view piece);
    /// The end of the input. Requires: called once, after the last feed.
    void finish();

    /// For tree builders: from the next byte on. `last_start_tag` names the end tag that ends raw
    /// text.
    void set_content_model(ContentModel model, std::string_view last_start_tag);
    /// Whether <![CDATA[ opens a section (inside svg and math) or a comment (elsewhere).
    void allow_cdata(bool allowed);

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

/// All at once.
void tokenise_html(std::string_view html, HtmlSink& sink, HtmlLimits limits = {});

} // namespace text
