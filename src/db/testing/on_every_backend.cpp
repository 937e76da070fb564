#include "db/testing/on_every_backend.h"

namespace db::testing {

std::vector<Backend> backends() { return {Backend::Sqlite}; }

std::string backend_name(const ::testing::TestParamInfo<Backend>& info)
{
    return ::testing::PrintToString(info.param);
}

} // namespace db::testing
