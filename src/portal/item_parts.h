#pragma once

// What an item shows wherever its text stands: date, source, author, body, attachments, contents.

#include "portal/data.h"
#include "portal/facts.h"

#include <string>

namespace portal {

void set_item_parts(Fields& data, const SiteFacts&, const release::Shown&);

/// "318 KB", "1.2 MB".
std::string size_text(std::uint64_t bytes);

} // namespace portal
