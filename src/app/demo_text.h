#pragma once

// Placeholders in the texts of the demonstration, which count from a day (data/demo/README.md).

#include "base/clock.h"

#include <string>
#include <string_view>

namespace app {

/// Replaces {Y} {Y-1} {M} {M-1} {ym} {ym-1} {md} {md+7} {date} {date-3}; what is none of these
/// stays as it is.
std::string filled(std::string_view text, base::Date day);

} // namespace app
