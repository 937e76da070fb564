#pragma once

// Archives and the Office formats that are archives. Limits hold while inflating, whatever the
// headers say (promises.md §4.1).

#include "base/result.h"

#include <string>
#include <string_view>

namespace library {

/// Refuses with library.file_damaged, library.file_archive_bomb.
base::Result<> check_archive(const std::string& path);

/// The same, and that it holds `main_part` and nothing that acts by itself. Also refuses with
/// library.file_type_mismatch, file_macro, file_active_content, file_external_reference.
base::Result<> check_office_archive(const std::string& path, std::string_view main_part);

} // namespace library
