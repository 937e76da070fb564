#pragma once

// The audit trail (操作审计): who did what to what, when, from where, before and after. A record is
// written in the transaction of the change itself; if it can't be written, the change does not
// happen (等保 8.1.4 安全审计). Records are chained by SM3: each carries the hash of its
// predecessor, so that an edited, missing, inserted or reordered record is found (verify.h).
// Append-only: triggers refuse UPDATE and DELETE.

#include "base/actor.h"
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace audit {

enum class Outcome { Done, Refused };

struct Entry {
    std::string_view action;       // "release.withdraw"; greppable whole.
    std::string_view subject_kind; // "item", "user", "column"; "" when there is none.
    std::int64_t subject = 0;
    std::string summary; // One sentence for the auditor, without personal data: 撤下《…》，原因：…
    std::string before; // JSON of what changed, or "".
    std::string after;
    Outcome outcome = Outcome::Done;
};

/// Appends to the chain. The order of records is the order of commits.
void record(db::Transaction&, const base::Actor&, const Entry&, base::Instant now);

struct Record {
    std::int64_t sequence = 0; // 1, 2, 3 … without gaps.
    base::Instant at;
    base::UserId user;
    base::OrgId org; // For which the person worked.
    std::string user_name;
    std::string address;
    std::string request_id;
    std::string action;
    std::string subject_kind;
    std::int64_t subject = 0;
    std::string summary;
    std::string before;
    std::string after;
    Outcome outcome = Outcome::Done;
    std::string previous_hash; // 64 hex digits, SM3.
    std::string hash;
};

struct Filter {
    std::optional<base::UserId> user;
    std::string action_prefix; // "release." or ""
    std::string subject_kind;
    std::optional<std::int64_t> subject;
    std::optional<base::Instant> from;  // Inclusive.
    std::optional<base::Instant> until; // Exclusive.
    std::optional<Outcome> outcome;
    std::string text; // Within the summary or the person's name.
    /// Only records of people of these organisations: an audit administrator of one county.
    std::optional<std::vector<base::OrgId>> orgs;
};

/// Newest first. Requires: limit ≤ 200.
std::vector<Record> list_records(db::Transaction&, const Filter&, int offset, int limit);
std::int64_t count_records(db::Transaction&, const Filter&);

} // namespace audit
