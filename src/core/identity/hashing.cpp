#include "core/identity/hashing.h"

#include "base/random.h"
#include "core/identity/refusals.h"

#include <argon2.h>
#include <array>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <stdexcept>

namespace identity {
namespace {

constexpr int running_max = 2;
constexpr int waiting_max = 32; // About half a second of waiting for the last one.
constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;

/// Lets two in, makes some wait, turns the rest away.
class Gate {
public:
    bool enter()
    {
        std::unique_lock lock(mutex_);
        if (waiting_ >= waiting_max)
            return false;
        ++waiting_;
        free_.wait(lock, [&] { return running_ < running_max; });
        --waiting_;
        ++running_;
        return true;
    }
    void leave()
    {
        {
            const std::scoped_lock lock(mutex_);
            --running_;
        }
        free_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable free_;
    int running_ = 0;
    int waiting_ = 0;
};

Gate& gate()
{
    static Gate one;
    return one;
}

/// Inside the gate, as long as it lives.
class Visit {
public:
    Visit()
        : admitted_(gate().enter())
    {
    }
    ~Visit()
    {
        if (admitted_)
            gate().leave();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    bool admitted() const { return admitted_; }

private:
    bool admitted_;
};

std::string compute(std::string_view password, const HashCost& cost)
{
    const auto salt = base::random_bytes(salt_size);
    std::string encoded(
        argon2_encodedlen(
            cost.passes, cost.memory_kib, cost.lanes, salt_size, hash_size, Argon2_id),
        '\0');
    const int code = argon2id_hash_encoded(
        cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(), salt.data(),
        salt.size(), hash_size, encoded.data(), encoded.size());
    if (code != ARGON2_OK)
        throw std::runtime_error(fmt::format("Argon2id: {}", argon2_error_message(code)));
    encoded.resize(encoded.find('\0'));
    return encoded;
}

} // namespace

base::Result<std::string> hash_password(std::string_view password, const HashCost& cost)
{
    const Visit visit;
    if (!visit.admitted())
        return busy();
    return compute(password, cost);
}

base::Result<bool> is_password(
    std::string_view hash, std::string_view password, const HashCost& cost_if_unknown)
{
    const Visit visit;
    if (!visit.admitted())
        return busy();
    if (hash.empty()) {
        compute(password, cost_if_unknown);
        return false;
    }
    const std::string encoded(hash); // The library wants a terminated string.
    const int code = argon2id_verify(encoded.c_str(), password.data(), password.size());
    if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH)
        throw std::runtime_error(fmt::format("Argon2id: {}", argon2_error_message(code)));
    return code == ARGON2_OK;
}

bool is_of_other_cost(std::string_view hash, const HashCost& cost)
{
    const auto wanted =
        fmt::format("$argon2id$v=19$m={},t={},p={}$", cost.memory_kib, cost.passes, cost.lanes);
    return !hash.starts_with(wanted);
}

} // namespace identity
