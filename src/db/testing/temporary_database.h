#pragma once

// A database that a test has for itself: made with given migrations, gone when the object goes.

#include "db/database.h"
#include "db/migrations.h"

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace db::testing {

/// A folder of its own under the system's folder for temporary files, removed with all it holds by
/// the process that made it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
    int owner_;
};

enum class Backend { Sqlite, PostgreSql };

void PrintTo(Backend backend, std::ostream* out); // GoogleTest's hook, hence the name.

/// Has the schema of `migrations` and db's own tables (events, jobs). On PostgreSQL it is a schema
/// of one private server, which starts when first needed and ends with the process.
class TemporaryDatabase {
public:
    explicit TemporaryDatabase(
        const std::vector<Migration>& migrations = {}, Backend backend = Backend::Sqlite);
    ~TemporaryDatabase();

    Database& operator*() const { return *database_; }
    Database* operator->() const { return database_.get(); }

    /// To open the same database once more, as another process would.
    const Settings& settings() const { return settings_; }
    /// Closes the database and opens it again, as after a restart.
    void reopen();

private:
    TemporaryFolder folder_;
    Settings settings_;
    std::unique_ptr<Database> database_;
};

} // namespace db::testing
