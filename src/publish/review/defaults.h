#pragma once

// What holds where nobody has set anything else: data/review.json, compiled in.

#include "publish/review/flow.h"

#include <string_view>
#include <vector>

namespace review {

extern const std::string_view defaults_json;

const std::vector<Level>& default_levels(); // 三审
int later_review_due_hours();               // After an emergency release.

} // namespace review
