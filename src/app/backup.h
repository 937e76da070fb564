#pragma once

// Backup sets (备份), restoring them, and the drill that proves they restore (promises.md
// §5.3-5.4).
//
// A set is one folder: huabiao.db (a consistent copy, taken while writers go on), files/ (hard
// links where the disk allows, copies elsewhere: the library's files never change), huabiao.toml,
// and manifest.json with the SHA-256 of everything, counts and the head of the audit chain. A set
// without a sound manifest does not restore.

#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace app {

class Instance;

struct BackupSet {
    std::string path;
    base::Instant taken_at;
    std::int64_t items = 0;
    std::int64_t publications = 0;
    std::int64_t audit_sequence = 0;
    std::string audit_hash;
    std::int64_t files = 0;
    std::uint64_t bytes = 0;
};

/// Makes a set "20261122-093000" below `folder`. Refuses with app.backup_failed,
/// db.backup_elsewhere (PostgreSQL has pg_basebackup).
base::Result<BackupSet> take_backup(Instance&, const std::string& folder);

/// Sets of a folder, newest first. Broken ones are left out.
std::vector<BackupSet> list_backups(const std::string& folder);

/// Compares every file with the manifest. Refuses with app.backup_damaged, naming the first.
base::Result<BackupSet> verify_backup(const std::string& set);

/// Verifies, then lays the set into an empty directory, in full or not at all. Refuses with
/// app.backup_damaged, app.not_empty.
base::Result<BackupSet> restore_backup(const std::string& set, const std::string& target);

struct DrillReport {
    BackupSet set;
    base::Millis recovery_point{}; // Age of the newest record at the time of the backup… until now.
    base::Millis recovery_time{}; // Verify, restore, check: until pages could be served.
    std::int64_t audit_records = 0;
    int pages_checked = 0;
    std::vector<std::string> faults; // Empty: passed.
};

/// Restores into a scratch folder, checks the database, the audit chain against the manifest, and
/// that the home pages and a sample of released items can be loaded; removes the folder.
base::Result<DrillReport> drill_backup(const std::string& set, const Settings&);

} // namespace app
