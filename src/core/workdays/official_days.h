#pragma once

#include <string_view>

namespace workdays {

/// The text of data/workdays.csv, put into the program by the build.
extern const std::string_view official_days;

} // namespace workdays
