#pragma once

// The commands of the program, after the command line was read. Each says what it did on standard
// output, what went wrong on standard error, and returns the exit code:
//   0 done   1 refused, or a check found a fault   3 breakdown (see the log)
// Wrong usage is 2, by main.

#include "app/settings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace app {

int run_serve(const Settings&, bool with_demo);
int run_work(const Settings&); // Jobs and index only, beside servers on PostgreSQL.
int run_demo(const Settings&);

struct ImportOrder {
    std::vector<std::string> files;
    std::string org;    // Name of the owning organisation.
    std::string site;   // Code; with `column` the place that it is meant for.
    std::string column; // Path: /zwgk/zcwj/
    std::string user;   // Login in whose name it is drafted.
    bool dry_run = false;
};
int run_import(const Settings&, const ImportOrder&);

int run_audit_verify(
    const Settings&, std::int64_t anchor_sequence, const std::string& anchor_hash, bool as_json);
int run_backup(const Settings&, const std::string& folder);
int run_backup_list(const std::string& folder);
int run_backup_verify(const std::string& set);
int run_restore(const std::string& set, const std::string& target);
int run_drill(const Settings&, std::string set, const std::string& folder);

struct UserOrder {
    std::string login;
    std::string name;
    std::string org; // Name; created as the first government when there is none yet.
    std::string role;
};
/// Reads the password from standard input, so that it is in no history.
int run_user_add(const Settings&, const UserOrder&);

} // namespace app
