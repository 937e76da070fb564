#include "db/migrations.h"

#include "db/database.h"
#include "db/values.h"

#include <fmt/format.h>
#include <map>
#include <string>

namespace db {
namespace {

// Made before any migration runs: it says which did.
constexpr std::string_view create_table = R"sql(
CREATE TABLE IF NOT EXISTS db_migrations (
    module TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (module, number)
);
)sql";

void require_ordered(const std::vector<Migration>& migrations)
{
    std::map<std::string_view, int> last;
    for (const auto& migration : migrations) {
        if (migration.number != ++last[migration.module]) {
            const auto message = fmt::format(
                "migration {} of {} has number {}, expected {}", migration.name, migration.module,
                migration.number, last[migration.module]);
            throw Failure(Failure::Kind::Other, message);
        }
    }
}

// Modules that this program does not have are left alone: a smaller program (a test, a tool) may
// open the database. A migration of a module that it has, but does not know, makes it too old.
void require_known(Transaction& tx, const std::vector<Migration>& migrations)
{
    std::map<std::string, int, std::less<>> last;
    for (const auto& migration : migrations)
        last[std::string(migration.module)] = migration.number;
    constexpr auto sql = "SELECT module, MAX(number) AS number FROM db_migrations GROUP BY module";
    for (const auto& row : tx.query(sql)) {
        const auto known = last.find(row.text("module"));
        if (known != last.end() && row.integer("number") > known->second) {
            const auto message = fmt::format(
                "数据库已由更新的程序升级（{} 第 {} 步），请使用更新的程序版本", row.text("module"),
                row.integer("number"));
            throw Failure(Failure::Kind::Unavailable, message);
        }
    }
}

// Whether it had still to be done.
bool apply(Transaction& tx, const Migration& migration)
{
    tx.lock("db_migrations");
    constexpr auto find = "SELECT digest FROM db_migrations WHERE module = ? AND number = ?";
    const auto digest = fmt::format("{:016x}", fingerprint(migration.sql));
    const auto done = tx.query(find, migration.module, migration.number);
    if (!done.empty()) {
        if (done.front().text("digest") != digest) {
            const auto message = fmt::format(
                "数据库结构与程序不一致：{}/{} 执行后又被修改过，请使用与数据相符的程序版本",
                migration.module, migration.name);
            throw Failure(Failure::Kind::Unavailable, message);
        }
        return false;
    }
    tx.run_script(migration.sql);
    constexpr auto note =
        "INSERT INTO db_migrations (module, number, name, digest) VALUES (?, ?, ?, ?)";
    tx.execute(note, migration.module, migration.number, migration.name, digest);
    return true;
}

} // namespace

int migrate(Database& database, const std::vector<Migration>& migrations)
{
    require_ordered(migrations);
    database.write([&](Transaction& tx) {
        tx.lock("db_migrations");
        tx.run_script(create_table);
        require_known(tx, migrations);
    });
    int applied = 0;
    for (const auto& migration : migrations)
        applied += database.write([&](Transaction& tx) { return apply(tx, migration); }) ? 1 : 0;
    return applied;
}

} // namespace db
