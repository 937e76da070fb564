#pragma once

// `?` → `$n`: PostgreSQL's way of naming parameters.

#include "db/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace db {

/// `sql` with its `?` numbered, but not those in quotes and comments. A NULL becomes the word: it
/// has no type that PostgreSQL could go by, and `$1 IS NULL` alone would not tell it one. Throws
/// Failure when there are not as many `?` as arguments.
std::string with_numbered_parameters(std::string_view sql, const std::vector<Value>& arguments);

} // namespace db
