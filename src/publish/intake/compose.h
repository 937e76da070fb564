#pragma once

// From blocks to documents: which line is the title, who signed, what belongs to the annex, and the
// body as stored rich text.

#include "publish/intake/block.h"
#include "publish/intake/recognise.h"

#include <span>

namespace intake {

/// The whole file, split where it carries its own interpretation.
Recognition compose(const Material& material);

/// The body alone: every block as stored rich text, the signature on the right.
std::string body_html(std::span<const Block> blocks);

} // namespace intake
