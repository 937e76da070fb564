#pragma once

// The trail of an item as a table for auditors: every step of every flow, oldest
// flow first, in a form that spreadsheets open as text.

#include "publish/review/flow.h"

#include <string>
#include <vector>

namespace review {

std::string to_csv(const std::vector<Flow>& newest_first);

} // namespace review
