#pragma once

// Is this file what its name says, and harmless to those who will download it? Looks at bytes only;
// nothing in it is executed or rendered. Rules: promises.md §4.1.

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace library {

struct FileFacts {
    std::string media_type;
    int width = 0; // Of a picture.
    int height = 0;
};

/// Refuses with library.file_empty, file_too_large, file_name_unsafe, file_type_not_allowed,
/// file_type_mismatch, file_macro, file_external_reference, file_archive_bomb, file_damaged,
/// file_picture_too_large, file_active_content.
base::Result<FileFacts> check_file(
    const std::string& path, std::string_view name, std::uint64_t size);

/// The extension in lower case without the dot; "" when there is none.
std::string extension_of(std::string_view name);

/// May a browser show this type in place (pictures, PDF)? Anything else is downloaded.
bool is_shown_in_place(std::string_view media_type);

} // namespace library
