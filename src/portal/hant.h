#pragma once

// The traditional-character face (繁體): the same page under /hant/, converted word by word, whose
// links stay under /hant/.

#include <string>
#include <string_view>

namespace text {
class TraditionalConverter;
}

namespace portal {

inline constexpr std::string_view hant_prefix = "/hant";

/// Links of pages get the prefix; files, feeds, the way back (hreflang zh-Hans) and addresses of
/// other hosts do not.
std::string with_hant_links(std::string_view page);

std::string in_traditional(const text::TraditionalConverter&, std::string_view page);

} // namespace portal
