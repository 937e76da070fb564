#pragma once

// Which passwords are good enough. Pure.

#include "core/identity/policy.h"

#include <optional>
#include <string>
#include <string_view>

namespace identity {

/// Why the password is refused, as a sentence for the person; nullopt: it is good.
std::optional<std::string> find_weakness(
    std::string_view password, std::string_view login, const Policy& = default_policy());

} // namespace identity
