#pragma once

// Storage, as every store sees it: SQLite in one data directory, or PostgreSQL, behind one
// interface.
//
// A write is a closure that runs in one transaction. On SQLite one writer thread runs the closures
// of all callers one after the other and commits many of them with one fsync (group commit,
// synchronous=FULL); write() returns when the change is on disk. On PostgreSQL it runs on the
// calling thread, SERIALIZABLE, and is tried again after a serialization failure. So a closure must
// have no effect outside its transaction, and must not call write() or read() itself.
//
// A read is a closure that sees one snapshot. Reads run on the calling thread, in parallel; on
// PostgreSQL one may run again when its connection breaks.
//
// SQL: one text for both. `?` for parameters; RETURNING, ON CONFLICT, BIGINT times (UTC ms), TEXT,
// DOUBLE PRECISION; no BOOLEAN, use BIGINT 0 and 1. 'x' is text and "x" a name. LIKE tells A from
// a. An integer parameter is 64 bits wide, so write substr(x, CAST(? AS INTEGER)). In migrations
// {{id}} stands for a self-numbering 64-bit primary key that is never reused and {{blob}} for
// bytes; {{sqlite}} … {{end}} and {{postgresql}} … {{end}} enclose what has no common words.
//
// Text is UTF-8 without NUL: other text throws Failure(Constraint) in both, as does NaN.

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace db {

/// Bytes, where std::string means text.
struct Blob {
    std::string bytes;
    friend bool operator==(const Blob&, const Blob&) = default;
};

using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string, Blob>;

/// The database can't do its work: gone, full, corrupt, a constraint violated. Caught at a request
/// or a job, never by a verb.
struct Failure : std::runtime_error {
    enum class Kind { Other, Full, Unavailable, Constraint, Corrupt };

    Failure(Kind what, const std::string& message)
        : std::runtime_error(message)
        , kind(what)
    {
    }
    Kind kind;
};

inline Value to_value(std::nullptr_t) { return nullptr; }
template <std::integral T>
Value to_value(T value)
{
    return static_cast<std::int64_t>(value); // bool is stored as 0 and 1.
}
inline Value to_value(double value) { return value; }
inline Value to_value(std::string_view value) { return std::string(value); }
inline Value to_value(const char* value) { return std::string(value); }
inline Value to_value(std::string value) { return value; }
inline Value to_value(Blob value) { return value; }
inline Value to_value(base::Instant value) { return base::to_millis(value); }
template <typename Tag>
Value to_value(base::Id<Tag> id)
{
    return id.value;
}
template <typename T>
Value to_value(const std::optional<T>& value)
{
    return value ? to_value(*value) : Value{nullptr};
}

/// One row of an answer. Asking for a column that the query does not have, or of another type, is a
/// programmer's error and throws Failure. NULL reads as 0 / "" / nullopt; real() takes an integer
/// too. A query that answers with two columns of one name throws.
class Row {
public:
    Row(std::shared_ptr<const std::vector<std::string>> columns, std::vector<Value> cells)
        : columns_(std::move(columns))
        , cells_(std::move(cells))
    {
    }

    bool is_null(std::string_view column) const;
    std::int64_t integer(std::string_view column) const;
    bool flag(std::string_view column) const { return integer(column) != 0; }
    double real(std::string_view column) const;
    std::string text(std::string_view column) const;
    std::string bytes(std::string_view column) const;
    base::Instant instant(std::string_view column) const
    {
        return base::instant_from_millis(integer(column));
    }
    std::optional<base::Instant> optional_instant(std::string_view column) const
    {
        return is_null(column) ? std::nullopt : std::optional(instant(column));
    }
    std::optional<std::string> optional_text(std::string_view column) const
    {
        return is_null(column) ? std::nullopt : std::optional(text(column));
    }
    template <typename Id>
    Id id(std::string_view column) const
    {
        return Id{integer(column)};
    }

private:
    const Value& cell(std::string_view column) const;

    std::shared_ptr<const std::vector<std::string>> columns_; // Shared by all rows of an answer.
    std::vector<Value> cells_;
};

using Rows = std::vector<Row>;

/// An open transaction: what a closure works with. Not thread-safe; lives as long as the closure.
/// After a statement has failed the transaction is lost: every further one throws, and the write
/// fails even if the closure swallowed the exception. Ask first, or use ON CONFLICT.
class Transaction {
public:
    virtual ~Transaction() = default;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Rows of a SELECT, or of an INSERT/UPDATE/DELETE with RETURNING. The statement is prepared
    /// once per connection: pass the same text again and again, never one with values spliced in.
    template <typename... Arguments>
    Rows query(std::string_view sql, const Arguments&... arguments)
    {
        return run(sql, std::vector<Value>{to_value(arguments)...});
    }
    /// The same for a list of arguments of a length known at run time only.
    Rows query_with(std::string_view sql, const std::vector<Value>& arguments)
    {
        return run(sql, arguments);
    }

    /// How many rows the statement changed.
    template <typename... Arguments>
    std::int64_t execute(std::string_view sql, const Arguments&... arguments)
    {
        run(sql, std::vector<Value>{to_value(arguments)...});
        return changed();
    }
    std::int64_t execute_with(std::string_view sql, const std::vector<Value>& arguments)
    {
        run(sql, arguments);
        return changed();
    }

    /// Several statements without parameters, for migrations.
    virtual void run_script(std::string_view sql) = 0;

    /// Holds off others that take a lock of the same name until this transaction ends: for what
    /// must be numbered or chained in commit order. On SQLite a writer is alone anyway.
    virtual void lock(std::string_view name) = 0;

    virtual bool is_postgresql() const = 0;

protected:
    Transaction() = default;
    virtual Rows run(std::string_view sql, const std::vector<Value>& arguments) = 0;
    virtual std::int64_t changed() const = 0;
};

struct Settings {
    /// "sqlite:PATH" (a file in the data directory; ":memory:" is not offered, tests use a
    /// temporary file) or "postgresql://…" (a libpq URI).
    std::string url;
    int readers_max = 8; // Pooled reading connections.
    int writers_max = 8; // Pooled writing connections (PostgreSQL).
};

/// Thread-safe. Closing waits for writes under way.
class Database {
public:
    virtual ~Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Opens or creates. Throws Failure(Unavailable) with a sentence for the administrator.
    static std::unique_ptr<Database> open(const Settings&);

    /// Runs `work(Transaction&)` in a write transaction and returns what it returned, once that is
    /// durable. If it returns a Result that refuses, or throws, nothing of it is kept.
    template <typename Work>
    auto write(Work&& work) -> std::invoke_result_t<Work&, Transaction&>
    {
        using Answer = std::invoke_result_t<Work&, Transaction&>;
        if constexpr (std::is_void_v<Answer>) {
            run_write([&](Transaction& tx) {
                work(tx);
                return Verdict::Keep;
            });
        } else {
            std::optional<Answer> answer;
            run_write([&](Transaction& tx) {
                answer.emplace(work(tx));
                return is_refusal(*answer) ? Verdict::Discard : Verdict::Keep;
            });
            return std::move(*answer);
        }
    }

    /// Runs `work(Transaction&)` on one snapshot. Writing in it throws Failure.
    template <typename Work>
    auto read(Work&& work) -> std::invoke_result_t<Work&, Transaction&>
    {
        using Answer = std::invoke_result_t<Work&, Transaction&>;
        if constexpr (std::is_void_v<Answer>) {
            run_read([&](Transaction& tx) { work(tx); });
        } else {
            std::optional<Answer> answer;
            run_read([&](Transaction& tx) { answer.emplace(work(tx)); });
            return std::move(*answer);
        }
    }

    /// Called on some thread after every commit that changed anything, also (PostgreSQL) after one
    /// of another process. Must be quick and must not throw. It stays for the life of the database.
    virtual void on_commit(std::function<void()> listener) = 0;

    /// A consistent copy of the whole database while writers go on: SQLite to a file at `target`
    /// (one-shot backup API). PostgreSQL refuses with db.backup_elsewhere (pg_basebackup does
    /// that).
    virtual base::Result<> backup_to(const std::string& target) = 0;

    /// Problems that the database's own check finds; empty when sound.
    virtual std::vector<std::string> check_integrity() = 0;

    virtual bool is_postgresql() const = 0;

protected:
    enum class Verdict { Keep, Discard };

    Database() = default;
    virtual void run_write(const std::function<Verdict(Transaction&)>& work) = 0;
    virtual void run_read(const std::function<void(Transaction&)>& work) = 0;

private:
    template <typename T>
    static bool is_refusal(const T&)
    {
        return false;
    }
    template <typename T>
    static bool is_refusal(const base::Result<T>& result)
    {
        return !result.has_value();
    }
};

} // namespace db
