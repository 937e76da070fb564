#pragma once

// Pictures and files named in a rich text. Stored texts name them by the address that the public
// will find them under, "/files/<hash>"; the console shows the same text before release, when only
// staff may have the file, under "/api/files/<hash>". Works on clean rich text (text/sanitize.h):
// there a ">" stands in no attribute, so that words of the text are never taken for an address.

#include <string>
#include <string_view>
#include <vector>

namespace library {

std::string with_stored_addresses(std::string_view clean_html);
std::string with_console_addresses(std::string_view clean_html);

/// The SHA-256 of every file that an attribute of a stored text names, each once, in order.
std::vector<std::string> list_files_in(std::string_view stored_html);

} // namespace library
