#include "publish/release/jobs.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/database.h"
#include "db/jobs.h"
#include "publish/release/release.h"

namespace release {
namespace {

void settle(db::Database& database, const base::Clock& clock)
{
    // In transactions of a bounded size, so that other writers get their turn in between.
    for (;;) {
        const int changed =
            database.write([&](db::Transaction& tx) { return settle_due(tx, clock.now()); });
        if (changed == 0)
            return;
        base::log_info("{} scheduled or expiring publications were settled", changed);
    }
}

} // namespace

void add_jobs(db::JobWorker& worker, db::Database& database, const base::Clock& clock)
{
    worker.on(std::string(jobs::due), [&](const db::Job&) { settle(database, clock); });
    worker.every(
        "release.sweep", std::chrono::minutes(1), [&](const db::Job&) { settle(database, clock); });
}

} // namespace release
