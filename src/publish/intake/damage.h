#pragma once

// What in a text looks damaged, by its characters alone. Nothing is changed: every finding is for a
// person. Linear in the length of the text.

#include "publish/intake/recognise.h"

#include <string_view>
#include <vector>

namespace intake {

/// Findings in reading order within each kind. A kind that runs through the whole text (readings,
/// doubled commas, traditional characters) is one finding that says how often.
std::vector<Concern> find_damage(std::string_view text);

/// A few characters on both sides of `offset`, never across a line.
std::string excerpt_at(std::string_view text, std::size_t offset);

} // namespace intake
