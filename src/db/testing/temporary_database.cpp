#include "db/testing/temporary_database.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <system_error>

namespace db::testing {

TemporaryFolder::TemporaryFolder()
    : path_((std::filesystem::temp_directory_path() / "huabiao-test-XXXXXX").string())
{
    if (!::mkdtemp(path_.data()))
        throw std::system_error(errno, std::generic_category(), path_);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void PrintTo(Backend backend, std::ostream* out)
{
    *out << (backend == Backend::Sqlite ? "SQLite" : "PostgreSQL");
}

TemporaryDatabase::TemporaryDatabase(const std::vector<Migration>& migrations, Backend)
{
    settings_.url = "sqlite:" + folder_.path() + "/test.db";
    database_ = Database::open(settings_);
    migrate(*database_, db::migrations());
    migrate(*database_, migrations);
}

TemporaryDatabase::~TemporaryDatabase() = default;

void TemporaryDatabase::reopen()
{
    database_.reset();
    database_ = Database::open(settings_);
}

} // namespace db::testing
