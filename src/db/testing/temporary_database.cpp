#include "db/testing/temporary_database.h"

#include "db/testing/postgresql_cluster.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <libpq-fe.h>
#include <ostream>
#include <system_error>
#include <unistd.h>

namespace db::testing {
namespace {

void run_at_server(const std::string& statement)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
        PQconnectdb(postgresql_uri("public").c_str()), &PQfinish);
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), statement.c_str()), &PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        throw Failure(Failure::Kind::Other, PQerrorMessage(connection.get()));
}

} // namespace

TemporaryFolder::TemporaryFolder()
    : path_((std::filesystem::temp_directory_path() / "huabiao-test-XXXXXX").string())
    , owner_(::getpid())
{
    if (!::mkdtemp(path_.data()))
        throw std::system_error(errno, std::generic_category(), path_);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (::getpid() == owner_)
        std::filesystem::remove_all(path_, ignored);
}

void PrintTo(Backend backend, std::ostream* out)
{
    *out << (backend == Backend::Sqlite ? "SQLite" : "PostgreSQL");
}

TemporaryDatabase::TemporaryDatabase(const std::vector<Migration>& migrations, Backend backend)
{
    if (backend == Backend::Sqlite) {
        settings_.url = "sqlite:" + folder_.path() + "/test.db";
    } else {
        static std::atomic<int> count = 0;
        const auto schema = "test_" + std::to_string(++count);
        settings_.url = postgresql_uri(schema);
        run_at_server("CREATE SCHEMA " + schema);
    }
    database_ = Database::open(settings_);
    migrate(*database_, db::migrations());
    migrate(*database_, migrations);
}

TemporaryDatabase::~TemporaryDatabase() = default; // A schema goes with the server.

void TemporaryDatabase::reopen()
{
    database_.reset();
    database_ = Database::open(settings_);
}

} // namespace db::testing
