#pragma once

// Formats that are searched as bytes for what would act by itself when the file is opened.

#include "base/result.h"

#include <string>

namespace library {

/// Scripts, launch actions and embedded files of a PDF. Looks at what is not compressed; object
/// streams are not opened. Refuses with library.file_active_content.
base::Result<> check_pdf(const std::string& path);

/// Macros in a file of the old Office formats. Refuses with library.file_macro.
base::Result<> check_old_office(const std::string& path);

} // namespace library
