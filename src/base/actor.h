#pragma once

// Who is asking, as far as any module needs to know. What the actor may do is decided in
// core/identity and nowhere else.

#include "base/id.h"

#include <string>

namespace base {

struct Actor {
    UserId user;            // 0: nobody is signed in, or the system itself acts (see `name`).
    OrgId org;              // The organisation the person works for.
    std::string name;       // Display name at this moment, kept in the audit trail.
    std::string address;    // Client IP address, as http/ believes it.
    std::string request_id; // Ties log, audit and error page together.

    bool signed_in() const { return static_cast<bool>(user); }
};

/// The platform acting by itself: a scheduled release, a migration, the demo.
inline Actor system_actor(std::string name = "系统")
{
    return {.name = std::move(name), .address = "-", .request_id = "-"};
}

} // namespace base
