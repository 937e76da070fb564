#pragma once

// One connection to PostgreSQL, with its prepared statements. For one thread at a time.

#include "db/database.h"
#include "db/statement_cache.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace db {

/// A Failure with what PostgreSQL says about it: the SQLSTATE, or "" when the connection is lost.
struct SqlFailure : Failure {
    SqlFailure(Kind what, std::string sql_state, const std::string& message)
        : Failure(what, message)
        , state(std::move(sql_state))
    {
    }
    std::string state;
};

class PostgresqlConnection {
public:
    /// Throws SqlFailure(Unavailable) when the server does not answer.
    explicit PostgresqlConnection(const std::string& uri);

    Rows run(std::string_view sql, const std::vector<Value>& arguments = {});
    void run_script(std::string_view sql);
    /// BEGIN, COMMIT and the like. Returns the tag of the answer.
    std::string command(const std::string& sql);

    /// Rows that the last INSERT, UPDATE or DELETE changed; 0 after a SELECT.
    std::int64_t changed() const { return changed_; }
    bool is_lost() const;
    bool is_in_transaction() const;

    pg_conn* handle() const { return connection_.get(); }

private:
    struct Finish {
        void operator()(pg_conn* connection) const;
    };
    struct Clear {
        void operator()(pg_result* result) const;
    };
    using Result = std::unique_ptr<pg_result, Clear>;

    // Forgets itself at the server when it leaves the cache.
    struct Statement {
        Statement(std::string statement_name, std::vector<std::string>& unused)
            : name(std::move(statement_name))
            , unused_names(&unused)
        {
        }
        Statement(Statement&&) = default;
        Statement& operator=(Statement&&) = default;
        ~Statement()
        {
            if (!name.empty())
                unused_names->push_back(std::move(name));
        }

        std::string name;
        std::shared_ptr<const std::vector<std::string>> columns;
        std::vector<unsigned> types;
        std::vector<std::string>* unused_names;
    };

    Statement& prepared(std::string_view sql, const std::vector<Value>& arguments);
    void forget_unused();
    void require_ok(const Result& result, std::string_view doing) const;
    SqlFailure failure(const pg_result* result, std::string_view doing) const;
    static void read_columns(Statement& statement, const Result& result, std::string_view sql);

    std::unique_ptr<pg_conn, Finish> connection_;
    std::vector<std::string> unused_names_; // Outlives the statements, which write to it.
    StatementCache<Statement> statements_;
    std::int64_t names_given_ = 0;
    std::int64_t changed_ = 0;
};

} // namespace db
