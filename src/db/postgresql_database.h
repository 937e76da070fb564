#pragma once

// The PostgreSQL adapter: see postgresql_database.cpp.

#include "db/database.h"

#include <memory>

namespace db {

std::unique_ptr<Database> open_postgresql(const Settings& settings);

} // namespace db
