#pragma once

// Bytes of unknown or doubtful encoding as UTF-8. A label – from an HTTP header, a meta tag, a form
// – is a hint, not a fact: "GBK labelled UTF-8" is found by trying. Nothing is repaired silently:
// what could not be decoded is counted and located, so that a person can look at it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace text {

enum class Charset { Utf8, Gb18030, Big5, Utf16Le, Utf16Be, Windows1252 };

/// The name by which the Encoding Standard knows it: "UTF-8", "gb18030", "Big5" …
std::string_view name_of(Charset charset);

/// The encoding a label stands for, by the table of the Encoding Standard; gb2312 and gbk are
/// gb18030. Nullopt for labels of encodings that no Chinese source uses.
std::optional<Charset> charset_from_label(std::string_view label);

struct Decoded {
    std::string text;                   // Valid UTF-8; U+FFFD where `damaged` points.
    std::optional<Charset> declared;    // What the label said, when it is known.
    Charset used = Charset::Utf8;       // What the bytes are.
    bool by_mark = false;               // A byte order mark decided.
    std::size_t damaged = 0;            // Places that could not be decoded.
    std::vector<std::size_t> positions; // Of the first of them, in bytes of `text`.

    /// The bytes are not what they were said to be.
    bool mislabelled() const { return declared.has_value() && *declared != used; }
};

/// How many positions of damage are kept.
constexpr std::size_t DAMAGE_POSITIONS_MAX = 100;

/// A byte order mark decides; else valid UTF-8; else the encoding, declared or possible, that
/// leaves the least damage and the most plausible Chinese.
Decoded decode(std::string_view bytes, std::string_view label = {});

/// Decodes by one given encoding, whatever the bytes.
Decoded decode_as(std::string_view bytes, Charset charset);

} // namespace text
