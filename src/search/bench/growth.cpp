// How search grows: import, size, memory, opening and queries for each number of documents given,
// as rows of a Markdown table (docs/benchmarks-search.md).
//
//   search_growth DIRECTORY DOCUMENTS...
//
// REUSE=1 measures reading only, on the index that the last run left; SLOW=1 names slow queries.

#include "search/bench/corpus.h"
#include "search/index.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using search::bench::Corpus;
using Clock = std::chrono::steady_clock;

constexpr std::size_t batch = 1'000; // Documents between two commits.
constexpr std::uint64_t queries = 2'000;
constexpr std::uint64_t warm_queries = 50;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// A line of /proc/self/status in MiB: "VmHWM", "VmRSS".
double memory(const std::string& name)
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == name + ":" && status >> kilobytes)
            return kilobytes / 1024;
    }
    return 0;
}

double at(std::vector<double>& sorted, double share)
{
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
}

struct Row {
    double put_per_second = 0;
    double put_per_cpu_second = 0;
    double index_over_text = 0;
    double open_ms = 0;
    double update_ms = 0;
    double p50 = 0, p99 = 0, most = 0, cpu_p50 = 0, cpu_p99 = 0;
    double suggest_p99 = 0;
};

void import_all(search::Index& index, const Corpus& corpus, std::int64_t count, Row& row)
{
    std::uint64_t text_bytes = 0;
    double wall = 0;
    double making = 0;
    const double cpu_before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    std::vector<search::Document> documents;
    for (std::int64_t id = 1; id <= count; ++id) {
        const double before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        documents.push_back(corpus.document(id));
        text_bytes += documents.back().text.size() + documents.back().title.size();
        making += cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - before;
        if (documents.size() < batch && id != count)
            continue;
        const auto start = Clock::now();
        index.put(documents);
        index.commit(id);
        wall += seconds_since(start);
        documents.clear();
    }
    index.settle();
    const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before - making;
    row.put_per_second = static_cast<double>(count) / wall;
    row.put_per_cpu_second = static_cast<double>(count) / cpu;
    row.index_over_text = static_cast<double>(index.size()) / static_cast<double>(text_bytes);
}

void ask_all(const search::Index& index, const Corpus& corpus, Row& row)
{
    std::vector<double> times;
    std::vector<double> cpu_times;
    std::vector<double> suggest_times;
    for (std::uint64_t i = 0; i < warm_queries + queries; ++i) {
        search::Query query;
        query.text = corpus.query(i);
        if (i % 8 == 0)
            query.sites = {static_cast<std::int64_t>(1 + i % 100)};
        if (i % 8 == 1)
            query.types = {"policy"};
        const double cpu_before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        auto start = Clock::now();
        const auto results = index.search(query);
        const double search_ms = seconds_since(start) * 1000;
        const double cpu_ms = (cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_before) * 1000;
        start = Clock::now();
        index.suggest(query.text.substr(0, 6));
        if (i < warm_queries)
            continue;
        suggest_times.push_back(seconds_since(start) * 1000);
        times.push_back(search_ms);
        cpu_times.push_back(cpu_ms);
        if (std::getenv("SLOW") != nullptr && cpu_ms > 15)
            std::fprintf(stderr, "%.1f ms: %s (%zu)\n", cpu_ms, query.text.c_str(), results->total);
    }
    std::sort(times.begin(), times.end());
    std::sort(suggest_times.begin(), suggest_times.end());
    row.p50 = at(times, 0.5);
    row.p99 = at(times, 0.99);
    row.most = times.back();
    std::sort(cpu_times.begin(), cpu_times.end());
    row.cpu_p50 = at(cpu_times, 0.5);
    row.cpu_p99 = at(cpu_times, 0.99);
    row.suggest_p99 = at(suggest_times, 0.99);
}

/// One changed document until a reader sees it.
double update(search::Index& index, const Corpus& corpus, std::int64_t count)
{
    std::vector<double> times;
    for (std::int64_t i = 0; i < 40; ++i) {
        const std::vector<search::Document> changed = {corpus.document(1 + i * 7 % count)};
        const auto start = Clock::now();
        index.put(changed);
        index.commit(count + i);
        times.push_back(seconds_since(start) * 1000);
    }
    std::sort(times.begin(), times.end());
    return at(times, 0.99);
}

Row measure(const std::filesystem::path& directory, std::int64_t count)
{
    const Corpus corpus;
    Row row;
    if (std::getenv("REUSE") == nullptr) {
        std::filesystem::remove_all(directory);
        const auto index = search::Index::open(directory);
        import_all(*index, corpus, count, row);
    }
    const auto start = Clock::now();
    const auto index = search::Index::open(directory);
    row.open_ms = seconds_since(start) * 1000;
    ask_all(*index, corpus, row);
    row.update_ms = update(*index, corpus, count);
    return row;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("search_growth DIRECTORY DOCUMENTS...\n", stderr);
        return 2;
    }
    std::puts(
        "| documents | import/s | per CPU second | index ÷ text | memory, peak MiB | after "
        "queries | open ms | p50 ms | p99 ms | most | CPU p50 ms | CPU p99 ms | suggest p99 | one "
        "change p99 ms |");
    std::puts(
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int i = 2; i < argc; ++i) {
        const auto row = measure(std::filesystem::path(argv[1]) / "growth", std::stoll(argv[i]));
        std::printf(
            "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.0f | %.2f | %.2f | %.1f | %.2f | %.2f | "
            "%.1f | "
            "%.1f |\n",
            argv[i], row.put_per_second, row.put_per_cpu_second, row.index_over_text,
            memory("VmHWM"), memory("VmRSS"), row.open_ms, row.p50, row.p99, row.most, row.cpu_p50,
            row.cpu_p99, row.suggest_p99, row.update_ms);
        std::fflush(stdout);
    }
    return 0;
}
