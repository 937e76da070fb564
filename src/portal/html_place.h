#pragma once

// Follows hand-written HTML character by character, just far enough to know where a value of a
// template would stand. Not a parser of the web: it reads our own themes and refuses what it does
// not expect.

#include <optional>
#include <string>
#include <string_view>

namespace portal {

class HtmlPlace {
public:
    enum class Kind {
        Text,      // Between tags.
        Tag,       // Inside a tag, between attributes.
        Attribute, // Inside a quoted attribute value.
        Address,   // At the very start of href, src, action or formaction.
        Forbidden, // Names, unquoted values, comments, <script>, <style>.
    };

    /// Takes a piece of literal markup. Says what is wrong with it, or nothing.
    std::optional<std::string> read(std::string_view piece);
    /// A value was put here.
    void put_value() { value_is_empty_ = value_is_empty_ && state_ != State::Value; }

    Kind kind() const;
    bool operator==(const HtmlPlace&) const = default;
    /// Whether a section may begin at one and end at the other: equal, or both of the same tag
    /// after its name or an attribute ("<a" and "<a hidden").
    bool fits(const HtmlPlace& other) const { return settled() == other.settled(); }

private:
    enum class State { Text, TagName, Tag, AttributeName, AfterEquals, Value, Comment };

    std::optional<std::string> step(char c);
    std::optional<std::string> step_tag_name(char c);
    std::optional<std::string> step_attribute(char c);
    std::optional<std::string> check_attribute() const;
    HtmlPlace settled() const;
    std::optional<std::string> end_tag();

    State state_ = State::Text;
    bool closing_ = false;
    bool has_src_ = false;
    bool value_is_empty_ = true;
    char quote_ = 0;
    std::string tag_;
    std::string attribute_;
    std::string raw_element_; // "script" or "style" while inside one.
    std::string tail_;        // The last characters, to see the end of a comment.
};

} // namespace portal
