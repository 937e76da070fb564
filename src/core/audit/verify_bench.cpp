#include "core/audit/audit.h"
#include "core/audit/schema.h"
#include "core/audit/verify.h"
#include "db/testing/temporary_database.h"

#include <benchmark/benchmark.h>

namespace audit {
namespace {

constexpr int records = 100'000;

void verify_a_chain(benchmark::State& state)
{
    db::testing::TemporaryDatabase database(migrations());
    const base::Actor actor{
        .user = {7}, .name = "李编辑", .address = "10.0.0.7", .request_id = "r"};
    database->write([&](db::Transaction& tx) {
        for (int i = 0; i < records; ++i)
            record(
                tx, actor,
                {.action = "library.save",
                 .subject_kind = "item",
                 .subject = i,
                 .summary = "修改稿件《关于做好冬季供暖工作的通知》",
                 .before = R"({"revision":3})",
                 .after = R"({"revision":4})"},
                base::instant_from_millis(1'800'000'000'000 + i));
    });
    for (auto _ : state)
        benchmark::DoNotOptimize(verify(*database));
    state.SetItemsProcessed(state.iterations() * records);
}
BENCHMARK(verify_a_chain)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace
} // namespace audit
