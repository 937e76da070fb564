#pragma once

// Reads a finished official document (a text, HTML or Word file) and recognises what an editor
// would otherwise type: title, issuing organ, document number, date, addressee, and the body as
// stored rich text. A pure room: bytes in, a proposal out. Nothing is repaired silently: what looks
// damaged is kept as it stands and named as a concern, for a person to decide. It knows no
// database; the library stores what an editor accepts.

#include "base/clock.h"
#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intake {

/// Something a person should look at before this document goes on.
struct Concern {
    enum class What {
        DamagedText,     // Lost or garbled characters: "?。ㄒ唬?", U+FFFD, private-use signs.
        DoubledMarks,    // ",," and ",、": a faulty conversion put commas in.
        Readings,        // "認(rèn)真": pronunciations among the characters.
        TraditionalText, // Traditional characters in a document of the mainland.
        MaskedText,      // "[email protected]": a web page hid something from the copyist.
        BrokenNumbering, // 一、 … 三、 without 二、.
        BrokenTable,     // Rows that do not have the table's number of cells.
        TruncatedEnd,    // The last sentence has no end.
        MissingTitle,
        MissingNumber,
        MissingIssuer,
        UnknownDate,
        OddCharset,  // Not UTF-8, or bytes that fit no charset.
        LostContent, // Lines, pictures or tracked changes that were not taken over.
    };

    What what;
    std::size_t where;   // Byte offset in `source_text`.
    std::string excerpt; // A few characters around it, as they stand.
    std::string message; // For people, in Simplified Chinese.
};

/// "damaged_text" and so on: stable names for JSON.
std::string_view to_string(Concern::What);

struct RecognisedDocument {
    std::string title;
    std::string issuing_organ;
    std::string document_number; // With 〔〕: "甘政办发〔2017〕104号".
    std::optional<base::Date> issued_on;
    std::string addressee;
    std::string body_html; // Stored vocabulary: p h2 h3 table …; the signature is class c-right.
    std::string publicity; // "此件公开发布" and its like; empty when not stated.
    std::vector<std::string> attachments; // Names listed under 附件：.
    std::vector<Concern> concerns;

    /// The text the offsets of concerns refer to: UTF-8, one paragraph a line.
    std::string source_text;
};

struct Recognition {
    RecognisedDocument document;
    /// The document's own 解读, when its text carries one.
    std::optional<RecognisedDocument> interpretation;
};

/// Reads .txt (UTF-8 or GB18030), .html, .htm and .docx.
/// Refuses with intake.empty, intake.too_large, intake.unsupported_type, intake.wrong_type,
/// intake.unreadable_text, intake.broken_archive, intake.archive_limits, intake.active_content.
base::Result<Recognition> recognise(std::string_view bytes, std::string_view file_name);

/// Plain paragraphs, one a line, as stored rich text by the same rules: 一、 and （一） become
/// headings, lines "a | b |" become tables, a closing organ and date stand on the right.
std::string body_from_text(std::string_view text);

} // namespace intake
