#pragma once

// One opened data directory: database (migrated), files, search index, the lock that keeps a second
// server out. What every command but `version` begins with.
//
//   <data>/huabiao.toml  settings      <data>/huabiao.db  database (SQLite)
//   <data>/files/        by SHA-256    <data>/search/     index, can be made anew
//   <data>/spool/        uploads under way

#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"
#include "db/database.h"
#include "db/migrations.h"
#include "publish/library/files.h"
#include "search/index.h"

#include <memory>
#include <string>
#include <vector>

namespace app {

/// All rooms' schemas in the order of the house.
std::vector<db::Migration> all_migrations();

class Instance {
public:
    enum class Use {
        Exclusive, // Serves or writes: no other process on a SQLite directory.
        Reading,   // Looks only: beside a running server.
    };

    /// Creates what is missing. Refuses with app.directory_in_use, app.directory_unusable,
    /// app.database_unusable: in words for an administrator.
    static base::Result<std::unique_ptr<Instance>> open(const Settings&, Use);
    ~Instance();

    const Settings& settings() const { return settings_; }
    db::Database& database() { return *database_; }
    const library::FileStore& files() const { return *files_; }
    /// Opened at first use: commands that do not search need not wait for it.
    search::Index& index();
    const base::Clock& clock() const { return clock_; }

private:
    explicit Instance(Settings settings);

    Settings settings_;
    base::SystemClock clock_;
    int lock_ = -1;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<library::FileStore> files_;
    std::unique_ptr<search::Index> index_;
};

} // namespace app
