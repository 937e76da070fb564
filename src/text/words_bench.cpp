#include "text/words.h"

#include <benchmark/benchmark.h>
#include <string>

namespace {

const std::string& sample()
{
    static const std::string text = [] {
        const std::string_view paragraph =
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：为贯彻落实党中央、国务院关于全"
            "面推进政务公开工作的决策部署，"
            "进一步做好基本医疗保险参保登记和住房公积金提取服务，根据《国务院办公厅关于印发政府网站"
            "发展指引的通知》（国办发〔2017〕47号）"
            "要求，现就有关事项通知如下：一、总体要求。坚持以人民为中心的发展思想，2026年12月底前完"
            "成95.5%的事项网上办理。\n";
        std::string result;
        while (result.size() < 1'000'000)
            result += paragraph;
        return result;
    }();
    return text;
}

void segment(benchmark::State& state)
{
    const auto& segmenter = text::standard_segmenter();
    for (auto _ : state)
        benchmark::DoNotOptimize(segmenter.segment(sample()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * sample().size()));
}
BENCHMARK(segment);

void index_terms(benchmark::State& state)
{
    const auto& segmenter = text::standard_segmenter();
    for (auto _ : state) {
        std::size_t count = 0;
        segmenter.index_terms(sample(), [&](const text::Term&) { ++count; });
        benchmark::DoNotOptimize(count);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * sample().size()));
}
BENCHMARK(index_terms);

} // namespace
