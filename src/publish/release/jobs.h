#pragma once

// Timed work of this room: what is scheduled begins, what expires ends.

#include <string_view>

namespace base {
class Clock;
}
namespace db {
class Database;
class JobWorker;
} // namespace db

namespace release {

namespace jobs {
inline constexpr std::string_view due = "release.due";
}

/// Hangs the jobs on the worker; also a sweep every minute, should an entry ever be lost.
void add_jobs(db::JobWorker&, db::Database&, const base::Clock&);

} // namespace release
