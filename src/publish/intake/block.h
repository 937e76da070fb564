#pragma once

// What the readers (text, HTML, Word) make of a file and the rules work on: paragraphs and tables
// in reading order. Inline markup is already the stored vocabulary (strong, em, sup), escaped.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace intake {

enum class Align { Unstated, Centre, Right };

struct Cell {
    std::string text;
    std::size_t columns = 1;
    std::size_t rows = 1;
};

using Row = std::vector<Cell>;

struct Block {
    enum class Kind { Paragraph, Table };

    Kind kind = Kind::Paragraph;
    std::string text; // Plain. Of a table: its rows as lines.
    std::string html; // Inline markup; empty when the text has none.
    Align align = Align::Unstated;
    int heading = 0;     // 1–6 when the file itself says so (style, outline level, <h2>).
    bool title = false;  // The file's own title style.
    bool bullet = false; // An item of an unnumbered list.
    std::vector<Row> rows = {};
    std::size_t offset = 0; // In Material::text; set by place_blocks.
};

/// A file read: its blocks, and what the reader had to leave out.
struct Material {
    std::vector<Block> blocks;
    std::string text; // All blocks, one a line.
    bool odd_charset = false;
    std::size_t pictures = 0;
    std::size_t deletions = 0; // Tracked changes not accepted.
    std::size_t links = 0;     // Kept as text only.
    std::size_t hidden = 0;    // Hidden text left out.
};

/// Fills Material::text and the offsets of the blocks.
void place_blocks(Material&);

/// Text with & < > " ' escaped.
std::string escape(std::string_view text);

/// "a | b |" read as the cells of a row, without the empty one that a closing bar leaves.
std::vector<std::string> cells_of(std::string_view line);

/// Joins neighbouring paragraphs that are rows of bars ("a | b |") into tables.
std::vector<Block> join_bar_rows(std::vector<Block>);

} // namespace intake
