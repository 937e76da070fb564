#pragma once

// One suite on every back end. A store's tests derive their fixture from OnEveryBackend, are
// written with TEST_P and begin with `TemporaryDatabase database(schema, GetParam());`. Below them:
//
//     INSTANTIATE_TEST_SUITE_P(
//         EveryBackend, Notes, ::testing::ValuesIn(db::testing::backends()),
//         db::testing::backend_name);

#include "db/testing/temporary_database.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace db::testing {

class OnEveryBackend : public ::testing::TestWithParam<Backend> {};

/// SQLite, and PostgreSQL where it is installed. With CI=true in the environment PostgreSQL is
/// always named, so that its tests fail where it is missing instead of passing unseen.
std::vector<Backend> backends();

/// "SQLite", "PostgreSQL": names the instances of a test.
std::string backend_name(const ::testing::TestParamInfo<Backend>& info);

} // namespace db::testing
