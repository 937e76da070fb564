#pragma once

// Schema changes, forward only. Each module keeps its own under schema/NNN_word.sql; the build
// compiles them in (huabiao_schema in cmake/Schema.cmake), so that the binary needs no files.

#include <string_view>
#include <vector>

namespace db {

class Database;

struct Migration {
    std::string_view module; // "review"
    int number;              // 1, 2, … without gaps within the module.
    std::string_view name;   // "001_steps"
    std::string_view sql;
};

/// Applies what is missing, in the given order of modules, each migration in its own transaction
/// together with its row in `db_migrations`. Returns how many were applied. Throws Failure when a
/// migration that was applied earlier has another text now, or when the database is newer than this
/// program ("请使用更新的程序版本").
int migrate(Database&, const std::vector<Migration>& migrations);

/// db's own tables: migrations, events, jobs.
std::vector<Migration> migrations();

} // namespace db
