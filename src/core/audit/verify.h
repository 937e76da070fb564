#pragma once

// Proves that the audit chain is whole, or names the first broken link.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
    enum class Kind {
        Edited,    // Contents do not fit the hash, or the hash not its successor.
        Missing,   // Taken out, whether or not the later ones were renumbered.
        Inserted,  // Put in, or appended past the head.
        Reordered, // Another record is the true successor.
        Truncated, // The head knows of records that are not there.
        RolledBack // Sound in itself, but shorter than, or other than, what the anchor saw.
    };
    Kind kind;
    std::int64_t sequence = 0; // The first record that does not fit.
    std::string explanation;   // 第 17 条记录的内容与其摘要不符，可能被修改
};

/// "edited", "missing", … "rolled_back".
std::string_view to_string(Breach::Kind);

struct Verification {
    std::int64_t records = 0; // Sound ones, up to the breach.
    Anchor head;              // Write it down elsewhere: only against it can a cut tail be seen.
    std::optional<Breach> breach;
};

/// Reads the whole chain in bounded memory. With `anchor`, also finds a chain that is shorter than,
/// or differs from, what the anchor saw.
Verification verify(db::Database&, const std::optional<Anchor>& anchor = std::nullopt);

} // namespace audit
