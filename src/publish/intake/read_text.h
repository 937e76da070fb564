#pragma once

// Plain text and HTML as blocks. Input is valid UTF-8 (decode.h).

#include "publish/intake/block.h"

#include <string_view>

namespace intake {

/// Lines as paragraphs. A wide gap inside a line is a lost line break and becomes one again.
std::vector<Block> read_plain(std::string_view text);

/// Paragraphs, headings, lists and tables of a page; scripts, styles and navigation left out.
Material read_html(std::string_view html);

} // namespace intake
