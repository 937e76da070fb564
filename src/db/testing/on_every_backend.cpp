#include "db/testing/on_every_backend.h"

#include "db/testing/postgresql_cluster.h"

#include <cstdlib>
#include <string_view>

namespace db::testing {

std::vector<Backend> backends()
{
    const char* const ci = std::getenv("CI");
    const bool is_demanded = ci && std::string_view(ci) == "true";
    if (is_demanded || has_postgresql())
        return {Backend::Sqlite, Backend::PostgreSql};
    return {Backend::Sqlite};
}

std::string backend_name(const ::testing::TestParamInfo<Backend>& info)
{
    return ::testing::PrintToString(info.param);
}

} // namespace db::testing
