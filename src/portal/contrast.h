#pragma once

// The contrast test of themes: colours that people with weak sight cannot tell apart must not reach
// a site (WCAG 2.1 §1.4.3, level AA: 4.5:1 for text; §1.4.11: 3:1 for focus marks). A theme that
// fails does not load.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portal {

/// Custom properties of a style sheet by their full name: "--c-ink" → "#18222d".
using Tokens = std::map<std::string, std::string, std::less<>>;

/// Reads the declarations of every block whose selector is exactly `selector` over those of before.
void read_tokens(Tokens& into, std::string_view css, std::string_view selector);

/// The ratio of WCAG 2.1, 1 to 21. Nothing when one is not #rgb or #rrggbb.
std::optional<double> contrast_ratio(std::string_view one, std::string_view other);

/// Every pair of colours that is used as text on ground and falls below `text_least`, as a
/// sentence.
std::vector<std::string> contrast_faults(const Tokens&, double text_least);

} // namespace portal
