#pragma once

// How records are tied together. The hash of a record is SM3 (GB/T 32905) over a canonical encoding
// of all its fields, the hash of its predecessor among them: a domain tag, then every number as
// 8 bytes and every text behind its length, so that no two different records encode alike.

#include "core/audit/audit.h"

#include <memory>
#include <string>
#include <string_view>

namespace audit {

/// What the first record names as its predecessor.
inline constexpr std::string_view genesis_hash =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// Computes hashes one after the other without asking OpenSSL for its algorithm each time. Not
/// thread-safe.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    /// 64 lower-case hex digits; `record.hash` itself does not count.
    std::string hash_of(const Record& record);

    /// SM3 of plain bytes, for known answers.
    std::string sm3(std::string_view bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
    std::string buffer_;
};

} // namespace audit
