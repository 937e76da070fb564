#pragma once

// Passwords by Argon2id. A hash takes 19 MiB and a good part of a core, so at most two run at once
// and a few wait; more are refused with identity.busy: a storm of log-ins must not take the
// portal's cores.

#include "base/result.h"
#include "core/identity/policy.h"

#include <string>
#include <string_view>

namespace identity {

/// "$argon2id$v=19$m=19456,t=2,p=1$…$…", with a salt of 16 bytes.
base::Result<std::string> hash_password(std::string_view password, const HashCost&);

/// Does the same work when `hash` is empty (an unknown user) and answers false.
base::Result<bool> is_password(
    std::string_view hash, std::string_view password, const HashCost& cost_if_unknown);

/// Was it made at another cost than this, so that it should be made anew at the next log-in?
bool is_of_other_cost(std::string_view hash, const HashCost&);

} // namespace identity
