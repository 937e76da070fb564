#pragma once

// Rich text from outside – an editor, a clipboard, a crawled page – rewritten into the closed
// language that we store and show. Nothing of the input is copied as markup: it is read by the
// standard's tokeniser, built anew from 52 allowed elements under structural rules that make every
// browser's tree equal to ours, and written with every special character escaped. The output
// contains no script, no handler, no inline style, no id, no name; it is the same for the same
// input, and cleaning it again changes nothing: sanitize(sanitize(x)) == sanitize(x). Linear time;
// never throws for any input. Call it when text is saved, and again when POLICY_VERSION has changed
// since.
//
// The vocabulary: p h2–h6 ul ol li dl dt dd strong em u s sub sup mark small abbr cite q kbd code
// del ins span a img br hr table caption colgroup col thead tbody tfoot tr th td blockquote pre
// figure figcaption div ruby rt rp details summary. Alignment is a class: c-center, c-right,
// c-justify; other classes are kept when they begin with "c-" (c-attachment, c-video, c-card are
// our own blocks).

#include <cstddef>
#include <string>
#include <string_view>

namespace text {

/// Rises whenever the output for some input changes.
constexpr int POLICY_VERSION = 1;

/// Longer input is cut at a character.
constexpr std::size_t RICH_TEXT_BYTES_MAX = 4 * 1024 * 1024;

enum class Tier {
    Editor,  // The whole vocabulary.
    Message, // A citizen's words: p and br only, no links.
    Snippet, // From a crawler: text only, escaped, lines separated by newlines.
};

enum class Origin {
    Stored, // Our own editor, or rich text that has been here before.
    // The clipboard of Word, WPS or a 公众号 editor, or a converted file: paragraphs that only look
    // like lists become lists, 一、 and （一） lines become headings, tracked deletions go and
    // insertions stay, local images go, typing blanks at the start of a paragraph go.
    Office,
};

/// What was found and done, for the line that the writer sees after pasting.
struct CleaningNotes {
    std::size_t lists = 0;            // Made from list paragraphs.
    std::size_t headings = 0;         // Made from numbered lines.
    std::size_t local_images = 0;     // Dropped: they exist on the writer's machine only.
    std::size_t remote_images = 0;    // Kept, on another host: to be taken into the library.
    std::size_t revisions = 0;        // Tracked deletions removed and insertions accepted.
    std::size_t elements_dropped = 0; // Removed with their contents: script, style, svg …
    std::size_t urls_refused = 0;     // Links unwrapped and images dropped for their address.
    bool truncated = false;           // Longer than RICH_TEXT_BYTES_MAX.
    bool damaged = false;             // Ill-formed UTF-8 was replaced.
};

struct Sanitized {
    std::string html;
    CleaningNotes notes;
};

Sanitized sanitize(std::string_view html, Tier tier = Tier::Editor, Origin origin = Origin::Stored);

/// The address as it may stand in href or src, or empty when it may not: http, https, mailto, tel
/// or relative; without user name, backslash, control characters, or a bare //host.
std::string safe_url(std::string_view url);

} // namespace text
