#pragma once

// Lines of lists and the paging below them, as templates want them.

#include "portal/data.h"
#include "portal/facts.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace portal {

enum class DateForm { Full, Short }; // 2026-11-22, 11-22

/// One line of a list. An item of another site gets that site's whole address.
Fields listed_fields(const SiteFacts&, const release::Listed&, DateForm);
List listed_lines(const SiteFacts&, const std::vector<release::Listed>&, DateForm);

/// 图解, 视频解读 … of InterpretationFacts::form.
std::string_view form_label(std::string_view form);

/// Empty when everything fits on one page. `address(n)` is the address of page n.
Data paging_fields(
    std::int64_t total, int page, int page_size, const std::function<std::string(int)>& address);

} // namespace portal
