#include "core/identity/policy.h"

#include <algorithm>

namespace identity {
namespace {

std::chrono::days stricter_age(std::chrono::days age, std::chrono::days wanted)
{
    if (age.count() == 0 || wanted.count() == 0)
        return std::max(age, wanted);
    return std::min(age, wanted);
}

} // namespace

Policy Policy::tightened_by(const Policy& wanted) const
{
    Policy both;
    both.password_length_min = std::max(password_length_min, wanted.password_length_min);
    both.password_length_max = std::max(password_length_max, wanted.password_length_max);
    both.password_classes_min = std::max(password_classes_min, wanted.password_classes_min);
    both.password_history = std::max(password_history, wanted.password_history);
    both.password_age_max = stricter_age(password_age_max, wanted.password_age_max);
    both.failures_max = std::min(failures_max, wanted.failures_max);
    both.failures_window = std::max(failures_window, wanted.failures_window);
    both.lock_time = std::max(lock_time, wanted.lock_time);
    both.address_failures_max = std::min(address_failures_max, wanted.address_failures_max);
    both.session_idle_max = std::min(session_idle_max, wanted.session_idle_max);
    both.session_age_max = std::min(session_age_max, wanted.session_age_max);
    both.sessions_per_user_max = std::min(sessions_per_user_max, wanted.sessions_per_user_max);
    both.hash_cost.memory_kib = std::max(hash_cost.memory_kib, wanted.hash_cost.memory_kib);
    both.hash_cost.passes = std::max(hash_cost.passes, wanted.hash_cost.passes);
    both.hash_cost.lanes = std::max(hash_cost.lanes, wanted.hash_cost.lanes);
    return both;
}

const Policy& default_policy()
{
    static const Policy policy;
    return policy;
}

} // namespace identity
