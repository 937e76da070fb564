#pragma once

// A private PostgreSQL server for one test process: in a temporary folder, on a socket there,
// without fsync. It starts when first asked for and dies with the process, however that ends.

#include <string>

namespace db::testing {

/// Whether PostgreSQL's programs are installed.
bool has_postgresql();

/// A libpq URI that opens the running server with `schema` as the place of all tables. Throws
/// std::runtime_error when it can't be started.
std::string postgresql_uri(const std::string& schema);

} // namespace db::testing
