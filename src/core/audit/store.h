#pragma once

// The tables of the audit trail: audit_records, which only grows, and audit_head, one row that says
// where the chain ends and that every appender locks.

#include "core/audit/audit.h"

#include <optional>

namespace db {
class Transaction;
}

namespace audit {

struct Head {
    std::int64_t sequence = 0;
    std::string hash;
};

/// Takes the next number and holds the head until the transaction ends. Returns that number and the
/// hash of the record before it.
Head take_next_number(db::Transaction&);
void insert_record(db::Transaction&, const Record&);
void save_head_hash(db::Transaction&, std::string_view hash);

std::optional<Head> find_head(db::Transaction&);

/// Records after `sequence`, oldest first.
std::vector<Record> list_chain_after(db::Transaction&, std::int64_t sequence, int limit);

/// The record that names `hash` as its predecessor.
std::optional<std::int64_t> find_successor_of(db::Transaction&, std::string_view hash);

/// Records before `sequence` that fit the filter, newest first; 0 begins at the end.
std::vector<Record> list_records_before(
    db::Transaction&, const Filter&, std::int64_t sequence, int limit);

} // namespace audit
