#pragma once

// The rules for passwords, log-ins and sessions (等保 8.1.4.1 身份鉴别:
// 口令复杂度、定期更换、登录失败处理、 超时退出). The defaults are the least; a setting may only
// make them stricter.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace identity {

/// Argon2id: 19 MiB, 2 passes, 1 lane is what OWASP asks for (about 30 ms here).
struct HashCost {
    std::uint32_t memory_kib = 19'456;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
};

struct Policy {
    std::size_t password_length_min = 10;
    std::size_t password_length_max = 256;
    int password_classes_min = 3;           // Of lower case, upper case, digits, others.
    int password_history = 5;               // As many earlier ones do not come back.
    std::chrono::days password_age_max{90}; // 0: never to be changed by age.
    int failures_max = 5;                   // Then the account is locked …
    std::chrono::minutes failures_window{15};
    std::chrono::minutes lock_time{15}; // … for so long.
    int address_failures_max = 30;      // Within the window, whatever the account.
    std::chrono::minutes session_idle_max{30};
    std::chrono::hours session_age_max{10};
    int sessions_per_user_max = 10; // The oldest ends when one more begins.
    HashCost hash_cost;

    /// The stricter of both in every point: what a setting makes of the defaults.
    Policy tightened_by(const Policy& wanted) const;
};

/// The defaults.
const Policy& default_policy();

} // namespace identity
