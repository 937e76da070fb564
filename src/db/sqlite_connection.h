#pragma once

// One connection to a SQLite file, with its prepared statements. For one thread at a time.

#include "db/database.h"
#include "db/statement_cache.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace db {

class SqliteConnection {
public:
    /// Copy: the target of a backup, which takes over the settings of its source.
    enum class Role { Writer, Reader, Copy };

    /// How long another process (a command line tool beside the server) may hold the write lock.
    static constexpr int busy_timeout_ms = 10'000;

    /// Throws Failure(Unavailable) when the file can't be opened or created.
    SqliteConnection(const std::string& path, Role role);

    Rows run(std::string_view sql, const std::vector<Value>& arguments = {});
    void run_script(std::string_view sql);

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    std::int64_t changed() const { return changed_; }
    /// Rows changed since the connection was opened.
    std::int64_t changed_in_all() const;
    /// False outside BEGIN … COMMIT, and after SQLite itself rolled back (disk full, I/O error).
    bool is_in_transaction() const;

    sqlite3* handle() const { return database_.get(); }

    /// The last error of the connection as the exception that it becomes.
    Failure failure(std::string_view doing) const;

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct Statement {
        std::unique_ptr<sqlite3_stmt, Finalize> handle;
        std::shared_ptr<const std::vector<std::string>> columns;
        int schema_changes = 0; // How often SQLite has prepared it anew by itself.
    };

    void configure(Role role);
    Statement& prepared(std::string_view sql);
    void read_columns(Statement& statement, std::string_view sql);
    void bind(sqlite3_stmt* statement, int place, const Value& value, std::string_view sql);
    Row read_row(const Statement& statement);

    std::unique_ptr<sqlite3, Close> database_;
    StatementCache<Statement> statements_; // Goes before its connection.
    std::int64_t changed_ = 0;
};

} // namespace db
