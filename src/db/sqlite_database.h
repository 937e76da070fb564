#pragma once

// The SQLite adapter: see sqlite_database.cpp.

#include "db/database.h"

#include <memory>
#include <string>

namespace db {

std::unique_ptr<Database> open_sqlite(const std::string& path, const Settings& settings);

} // namespace db
