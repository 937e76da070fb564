#pragma once

// Character references (&lt; &#x4E2D;) of the HTML standard, section 13.2.5.72 and following. Not
// exported.

#include <cstddef>
#include <string>

namespace text {

/// Walks the table of named references one character at a time: the entries that begin with what
/// has been read are always one range of the sorted table.
class NamedReferenceWalk {
public:
    NamedReferenceWalk();
    /// One more character of the name. False when no entry continues so; the walk then stays as it
    /// is.
    bool advance(char character);

    bool has_match() const { return match_ != NO_MATCH; }
    /// Of the longest entry read so far, without the ampersand.
    std::size_t match_length() const { return match_length_; }
    void append_match(std::string& to) const;

private:
    static constexpr std::size_t NO_MATCH = static_cast<std::size_t>(-1);
    std::size_t first_ = 0;
    std::size_t last_;
    std::size_t depth_ = 0;
    std::size_t match_ = NO_MATCH;
    std::size_t match_length_ = 0;
};

/// What &#N; stands for: the C1 numbers mean Windows-1252, impossible ones U+FFFD.
char32_t numeric_reference(char32_t number);

} // namespace text
