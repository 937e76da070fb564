#pragma once

// The side parts of a Word document that the body refers to: styles, numbering, footnotes.

#include "base/result.h"

#include <array>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace intake {

/// Parses one part. Refuses with intake.broken_archive; a document type declaration, which no Word
/// writes and which entity attacks need, counts as broken.
base::Result<pugi::xml_document> parse_part(const std::string& xml);

/// The local part of a qualified name: "w:p" → "p".
std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node child_of(const pugi::xml_node& node, std::string_view name);
std::string_view value_of(const pugi::xml_node& node, std::string_view attribute = "val");
int number_of(const pugi::xml_node& node, int otherwise, std::string_view attribute = "val");

struct Style {
    int heading = 0; // 1–6.
    bool title = false;
    std::string numbering; // numId, when the style numbers its paragraphs.
    int level = 0;
};

struct NumberLevel {
    std::string format = "decimal";
    std::string text; // "%1、"
    int start = 1;
};

/// The automatic numbers of a document, counted as its paragraphs come.
class Numbers {
public:
    void read(const pugi::xml_node& numbering);

    /// The number of the next paragraph of that list and level as it is printed: "一、", "（二）",
    /// "1.". Empty for a bullet.
    std::string next(const std::string& list, int level);
    bool is_bullet(const std::string& list, int level) const;

private:
    static constexpr std::size_t LEVELS = 9;
    using Levels = std::array<NumberLevel, LEVELS>;

    std::map<std::string, Levels> abstract_;
    std::map<std::string, std::string> lists_; // numId → abstractNumId.
    std::map<std::string, std::array<int, LEVELS>> counts_;

    const NumberLevel* find(const std::string& list, int level) const;
};

std::map<std::string, Style> read_styles(const pugi::xml_node& styles);

/// 23 → "二十三".
std::string chinese_numeral(int number);

} // namespace intake
