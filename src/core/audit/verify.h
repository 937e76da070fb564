#pragma once

// Proves that the audit chain is whole, or names the first broken link.

#include <cstdint>
#include <optional>
#include <string>

namespace db {
class Database;
}

namespace audit {

/// The head of the chain as somebody wrote it down earlier, outside the database.
struct Anchor {
    std::int64_t sequence = 0;
    std::string hash;
};

struct Breach {
    enum class Kind { Edited, Missing, Reordered, Truncated, RolledBack };
    Kind kind;
    std::int64_t sequence = 0; // The first record that does not fit.
    std::string explanation;   // 第 17 条记录的内容与其摘要不符，可能被修改
};

struct Verification {
    std::int64_t records = 0;
    Anchor head; // Write it down elsewhere: only against it can a cut tail be seen.
    std::optional<Breach> breach;
};

/// Reads the whole chain in bounded memory. With `anchor`, also finds a chain that is shorter than,
/// or differs from, what the anchor saw.
Verification verify(db::Database&, const std::optional<Anchor>& anchor = std::nullopt);

} // namespace audit
