#include "core/audit/verify.h"

#include "core/audit/chain.h"
#include "core/audit/store.h"
#include "db/database.h"

#include <fmt/format.h>

namespace audit {
namespace {

constexpr int batch_size = 1000;
constexpr std::int64_t shift_max = 1000; // How many taken out or put in at once are recognised.

using Kind = Breach::Kind;

/// By how many places was a record moved that is sound but for its number? nullopt: not so.
std::optional<std::int64_t> find_shift(Hasher& hasher, const Record& record)
{
    Record moved = record;
    for (std::int64_t distance = 1; distance <= shift_max; ++distance) {
        for (const std::int64_t shift : {distance, -distance}) {
            moved.sequence = record.sequence + shift;
            if (moved.sequence > 0 && hasher.hash_of(moved) == record.hash)
                return shift;
        }
    }
    return std::nullopt;
}

/// The record does not name its predecessor: finds out what was done.
Breach explain_broken_link(
    db::Transaction& tx, Hasher& hasher, const Record& record, const Anchor& before)
{
    const auto n = record.sequence;
    const auto successor = find_successor_of(tx, before.hash);
    if (successor && *successor != n)
        return {
            Kind::Reordered, n,
            fmt::format("第 {} 条记录的位置上应是现在的第 {} 条，次序被改动", n, *successor)};
    if (hasher.hash_of(record) == record.hash && before.sequence > 0)
        return {
            Kind::Edited, before.sequence,
            fmt::format(
                "第 {} 条记录与其后一条所记的摘要不符，内容和摘要可能一并被修改", before.sequence)};
    const auto shift = find_shift(hasher, record);
    if (shift && *shift > 0)
        return {
            Kind::Missing, n, fmt::format("第 {} 条起缺少 {} 条记录，其后编号被改动", n, *shift)};
    if (shift)
        return {
            Kind::Inserted, n + *shift,
            fmt::format("第 {} 条起插入了 {} 条记录，其后编号被改动", n + *shift, -*shift)};
    return {Kind::Edited, n, fmt::format("第 {} 条记录的内容与其摘要不符，可能被修改", n)};
}

std::optional<Breach> check_record(
    db::Transaction& tx, Hasher& hasher, const Record& record, const Anchor& before)
{
    const auto expected = before.sequence + 1;
    if (record.sequence != expected)
        return Breach{
            Kind::Missing, expected,
            fmt::format("缺少第 {} 条至第 {} 条记录", expected, record.sequence - 1)};
    if (record.previous_hash != before.hash)
        return explain_broken_link(tx, hasher, record, before);
    if (hasher.hash_of(record) != record.hash)
        return Breach{
            Kind::Edited, record.sequence,
            fmt::format("第 {} 条记录的内容与其摘要不符，可能被修改", record.sequence)};
    return std::nullopt;
}

/// What the head row says against what the records say.
std::optional<Breach> check_end(db::Transaction& tx, const Anchor& last)
{
    const auto head = find_head(tx);
    if (!head)
        return Breach{
            Kind::Truncated, last.sequence + 1, "审计链的末端记录不存在，无法证明记录完整"};
    if (head->sequence > last.sequence)
        return Breach{
            Kind::Truncated, last.sequence + 1,
            fmt::format("应有 {} 条记录，只有 {} 条：末尾被截去", head->sequence, last.sequence)};
    if (head->sequence < last.sequence)
        return Breach{
            Kind::Inserted, head->sequence + 1,
            fmt::format("第 {} 条起的记录不是由本系统写入的", head->sequence + 1)};
    if (head->hash != last.hash)
        return Breach{
            Kind::Edited, last.sequence,
            fmt::format("第 {} 条记录与链末端所记的摘要不符，可能被修改", last.sequence)};
    return std::nullopt;
}

/// Walks the chain; `seen_anchor` is the hash found where the anchor lies.
std::optional<Breach> walk(
    db::Transaction& tx, Anchor& last, std::int64_t anchored, std::string& seen_anchor)
{
    Hasher hasher;
    while (true) {
        const auto batch = list_chain_after(tx, last.sequence, batch_size);
        for (const auto& record : batch) {
            if (auto breach = check_record(tx, hasher, record, last))
                return breach;
            last = {record.sequence, record.hash};
            if (anchored == record.sequence)
                seen_anchor = record.hash;
        }
        if (static_cast<int>(batch.size()) < batch_size)
            return check_end(tx, last);
    }
}

std::optional<Breach> check_anchor(
    const Anchor& anchor, const Anchor& last, const std::string& seen)
{
    if (anchor.sequence > last.sequence)
        return Breach{
            Kind::RolledBack, last.sequence + 1,
            fmt::format(
                "存证时已有 {} 条记录，现在只有 {} 条：记录被截去或数据库被回退", anchor.sequence,
                last.sequence)};
    const std::string_view found = anchor.sequence == 0 ? genesis_hash : std::string_view(seen);
    if (found != anchor.hash)
        return Breach{
            Kind::RolledBack, anchor.sequence,
            fmt::format("第 {} 条记录与存证不符：数据库被回退后重写", anchor.sequence)};
    return std::nullopt;
}

} // namespace

std::string_view to_string(Breach::Kind kind)
{
    switch (kind) {
    case Kind::Edited: return "edited";
    case Kind::Missing: return "missing";
    case Kind::Inserted: return "inserted";
    case Kind::Reordered: return "reordered";
    case Kind::Truncated: return "truncated";
    case Kind::RolledBack: return "rolled_back";
    }
    return "edited";
}

Verification verify(db::Database& database, const std::optional<Anchor>& anchor)
{
    return database.read([&](db::Transaction& tx) {
        Anchor last{0, std::string(genesis_hash)};
        std::string seen_anchor;
        const std::int64_t anchored = anchor ? anchor->sequence : -1; // -1: nowhere.
        auto breach = walk(tx, last, anchored, seen_anchor);
        if (!breach && anchor)
            breach = check_anchor(*anchor, last, seen_anchor);
        return Verification{last.sequence, last, std::move(breach)};
    });
}

} // namespace audit
