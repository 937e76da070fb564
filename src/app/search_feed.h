#pragma once

// The search index follows the event log: what is released can be found within a second, what is
// withdrawn can't. The index holds its own cursor, so after kill -9, or when its folder was lost,
// it catches up by itself.

#include "base/clock.h"
#include "db/events.h"

#include <cstdint>
#include <vector>

namespace db {
class Database;
}
namespace search {
class Index;
}

namespace app {

class SearchFeed {
public:
    SearchFeed(db::Database& database, search::Index& index)
        : database_(database)
        , index_(index)
    {
    }

    /// Reads the log from the index's own cursor to its end: before serving, and whenever an event
    /// says that there is more. An index that is newer than the log (the database was restored) is
    /// made anew.
    void catch_up();

private:
    /// Takes a batch in, in one commit with its cursor.
    void take(const std::vector<db::Event>& batch);

    db::Database& database_;
    search::Index& index_;
};

} // namespace app
