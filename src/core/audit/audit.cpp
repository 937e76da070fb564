#include "core/audit/audit.h"

#include "core/audit/chain.h"
#include "core/audit/store.h"
#include "db/database.h"

#include <algorithm>

namespace audit {
namespace {

/// PostgreSQL keeps no NUL in a text, and a record must never be the reason why a change fails.
std::string without_nul(std::string text)
{
    std::replace(text.begin(), text.end(), '\0', ' ');
    return text;
}

} // namespace

void record(db::Transaction& tx, const base::Actor& actor, const Entry& entry, base::Instant now)
{
    const auto head = take_next_number(tx);
    Record record;
    record.sequence = head.sequence;
    record.at = now;
    record.user = actor.user;
    record.org = actor.org;
    record.user_name = without_nul(actor.name);
    record.address = without_nul(actor.address);
    record.request_id = without_nul(actor.request_id);
    record.action = entry.action;
    record.subject_kind = entry.subject_kind;
    record.subject = entry.subject;
    record.summary = without_nul(entry.summary);
    record.before = without_nul(entry.before);
    record.after = without_nul(entry.after);
    record.outcome = entry.outcome;
    record.previous_hash = head.hash;
    Hasher hasher;
    record.hash = hasher.hash_of(record);
    insert_record(tx, record);
    save_head_hash(tx, record.hash);
}

} // namespace audit
