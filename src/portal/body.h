#pragma once

// The stored body of an item, made ready for a page. It is clean HTML as text/sanitize.h writes it
// (balanced, attributes quoted); this only adds what a page needs and never lets anything new in.

#include "publish/library/item.h"

#include <string>
#include <string_view>
#include <vector>

namespace portal {

struct ContentsEntry {
    std::string id;
    std::string title;
};

struct Body {
    std::string html;
    std::vector<ContentsEntry> contents; // Of the h2, when there are enough to be of use.
};

/// Headings get ids, tables a scrollable region that the keyboard reaches, pictures load late,
/// kept files get their public addresses, "/files/<hash>/<name>", with the names that `files` give.
Body prepared_body(std::string_view clean_html, const std::vector<library::Attachment>& files = {});

} // namespace portal
