// The whole program with N items on 100 sites: what it costs to bring them in, to show one, to find
// one, and to release one. Each step is a process of its own, so that its memory is its own; each
// prints one line of JSON. bench/run.py runs them in turn and makes the table.
//
//   growth fill DIRECTORY N      an empty directory: demonstration, 100 sites, N items, indexed
//   growth read DIRECTORY N      uncached pages and searches, over loopback
//   growth release DIRECTORY N   an item on two sites until everything shows it

#include "app/instance.h"
#include "app/platform.h"
#include "app/search_feed.h"
#include "base/log.h"
#include "bench/client.h"
#include "bench/town.h"
#include "db/database.h"
#include "db/events.h"
#include "publish/library/draft.h"
#include "publish/release/pages.h"
#include "publish/release/release.h"
#include "search/bench/corpus.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <random>
#include <set>
#include <thread>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using search::bench::Corpus;

constexpr std::int64_t batch = 500; // Items of one write transaction.
constexpr std::size_t pages_read = 2'000;
constexpr std::uint64_t queries = 500;
constexpr std::uint64_t warm_queries = 50;
constexpr int trials = 50;
constexpr auto give_up_after = std::chrono::seconds(30);

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// CPU seconds of all threads of this process.
double cpu_seconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
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

double load_average()
{
    double load = 0;
    return getloadavg(&load, 1) == 1 ? load : 0;
}

double at(std::vector<double>& values, double share)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

/// Milliseconds that `work` took.
template <typename Work>
double timed(Work&& work)
{
    const auto start = Clock::now();
    work();
    return seconds_since(start) * 1000;
}

std::unique_ptr<app::Instance> open(const std::string& directory)
{
    auto settings = must(app::load_settings(directory, app::huabiao_environment(), {}));
    settings.http.port = 0;
    return must(app::Instance::open(settings, app::Instance::Use::Exclusive));
}

release::Order order_of(
    base::ItemId item, const std::vector<library::Target>& targets,
    std::optional<base::Instant> publish_at)
{
    return {
        .item = item,
        .targets = targets,
        .publish_at = publish_at,
        .key = fmt::format("bench-{}", item.value)};
}

/// Drafted, approved as it stands (a migration brings in what was reviewed elsewhere).
base::ItemId bring_in(
    db::Transaction& tx, const library::Content& content, base::OrgId org, base::Instant now)
{
    const auto item = must(library::create_item(
        tx, base::system_actor("迁移"), library::ItemKind::Article, org, content, now));
    must(library::move_state(tx, item.id, library::ItemState::Approved, item.newest, now));
    return item.id;
}

/// Releases everything; a target that was refused ends the program.
void put_out(db::Transaction& tx, const Town& town, const release::Order& order, base::Instant now)
{
    for (auto& outcome : must(release::release(tx, town.publisher, town.authority, order, now)))
        must(std::move(outcome.result));
}

/// Reads the log into the index on a thread of its own, until told that no more is written.
class Follower {
public:
    explicit Follower(app::Instance& instance)
        : feed_(instance.database(), instance.index())
        , thread_([this] { run(); })
    {
    }

    /// Returns when the index shows everything.
    void finish()
    {
        done_ = true;
        thread_.join();
        if (failed_)
            std::rethrow_exception(failed_);
        feed_.catch_up();
    }

private:
    void run()
    {
        try {
            while (!done_) {
                feed_.catch_up();
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        } catch (...) {
            failed_ = std::current_exception();
        }
    }

    app::SearchFeed feed_;
    std::atomic<bool> done_ = false;
    std::exception_ptr failed_;
    std::thread thread_;
};

int fill(const std::string& directory, std::int64_t total)
{
    const auto instance = open(directory);
    const auto town = build_town(*instance);
    const Corpus corpus;
    app::SearchFeed(instance->database(), instance->index()).catch_up();
    const auto start = Clock::now();
    const auto cpu = cpu_seconds();
    std::size_t text_bytes = 0;
    Follower follower(*instance);
    for (std::int64_t first = 1; first <= total; first += batch) {
        std::vector<search::Document> documents;
        for (auto id = first; id < std::min(first + batch, total + 1); ++id) {
            documents.push_back(corpus.document(id));
            text_bytes += documents.back().title.size() * 2 + documents.back().text.size();
        }
        const auto now = instance->clock().now();
        instance->database().write([&](db::Transaction& tx) {
            for (const auto& document : documents) {
                const auto content = content_of(document, town);
                const auto& place =
                    town.places[static_cast<std::size_t>(document.id) % sites_total];
                const auto item = bring_in(tx, content, place.site.sponsor_org, now);
                put_out(tx, town, order_of(item, content.targets, document.published_at), now);
            }
        });
    }
    const auto written = seconds_since(start);
    follower.finish();
    const auto indexed = seconds_since(start);
    const auto cpu_used = cpu_seconds() - cpu;
    instance->index().settle();
    const auto peak = memory("VmHWM");
    fmt::print(
        "{{\"items\":{},\"items_per_s\":{:.0f},\"written_per_s\":{:.0f},\"cpu_ms_per_item\":{:.3f},"
        "\"merged_after_s\":{:.1f},\"import_peak_mib\":{:.0f},\"text_mib\":{:.1f},"
        "\"index_mib\":{:.1f},\"index_to_text\":{:.2f},\"import_load\":{:.1f}}}\n",
        total, static_cast<double>(total) / indexed, static_cast<double>(total) / written,
        cpu_used * 1000 / static_cast<double>(total), seconds_since(start) - indexed, peak,
        static_cast<double>(text_bytes) / (1 << 20),
        static_cast<double>(instance->index().size()) / (1 << 20),
        static_cast<double>(instance->index().size()) / static_cast<double>(text_bytes),
        load_average());
    return 0;
}

std::string host_of(const site::Site& site) { return site.code + ".localhost"; }

struct Address {
    std::string host;
    std::string path;
    friend auto operator<=>(const Address&, const Address&) = default;
};

/// Pages of released items, each once, from anywhere in any site.
std::vector<Address> random_pages(app::Instance& instance, const Town& town, std::size_t count)
{
    std::mt19937_64 random(7);
    std::set<Address> chosen;
    instance.database().read([&](db::Transaction& tx) {
        for (std::size_t tries = 0; chosen.size() < count && tries < count * 20; ++tries) {
            const auto& place = town.places[random() % town.places.size()];
            const auto& column = place.columns[random() % place.columns.size()];
            const auto all = release::count_live(tx, {column.id});
            if (all == 0)
                continue;
            const auto offset = static_cast<int>(random() % static_cast<std::uint64_t>(all));
            for (const auto& one : release::list_live(tx, {column.id}, offset, 1))
                chosen.insert({host_of(place.site), one.url});
        }
    });
    std::vector<Address> pages(chosen.begin(), chosen.end());
    std::shuffle(pages.begin(), pages.end(), random);
    return pages;
}

void fetch(Client& client, const Address& address)
{
    const auto answer = client.get(address.host, address.path);
    if (answer.status != 200)
        throw std::runtime_error(
            fmt::format("{}{} answered {}", address.host, address.path, answer.status));
}

int read(const std::string& directory, std::int64_t total)
{
    const auto instance = open(directory);
    const auto town = find_town(*instance);
    const Corpus corpus;
    app::Platform platform(*instance);
    platform.start();
    Client client(platform.port());
    for (const auto& place : town.places) // Sites and themes are known; the pages are not.
        fetch(client, {host_of(place.site), "/"});

    const auto pages = random_pages(*instance, town, pages_read);
    const auto before = platform.pages().counters();
    std::vector<double> page_ms;
    for (const auto& page : pages)
        page_ms.push_back(timed([&] { fetch(client, page); }));
    const auto rendered = platform.pages().counters().rendered - before.rendered;

    std::vector<double> engine_ms;
    std::vector<double> search_ms;
    const auto portal = host_of(town.places.front().site);
    for (std::uint64_t i = 0; i < queries + warm_queries; ++i) {
        const auto text = corpus.query(i);
        const auto engine =
            timed([&] { must(instance->index().search(search::Query{.text = text})); });
        const auto page = timed([&] {
            fetch(client, {portal, "/search?q=" + percent_encoded(text)});
        });
        if (i < warm_queries)
            continue;
        engine_ms.push_back(engine);
        search_ms.push_back(page);
    }
    fmt::print(
        "{{\"items\":{},\"pages\":{},\"rendered\":{},\"page_p50_ms\":{:.2f},\"page_p99_ms\":{:.2f},"
        "\"search_p50_ms\":{:.2f},\"search_p99_ms\":{:.2f},\"search_page_p50_ms\":{:.2f},"
        "\"search_page_p99_ms\":{:.2f},\"serving_mib\":{:.0f},\"read_load\":{:.1f}}}\n",
        total, pages.size(), rendered, at(page_ms, 0.5), at(page_ms, 0.99), at(engine_ms, 0.5),
        at(engine_ms, 0.99), at(search_ms, 0.5), at(search_ms, 0.99), memory("VmHWM"),
        load_average());
    platform.stop();
    return 0;
}

/// Asks again and again until the page holds `sign`.
void wait_for(Client& client, const Address& address, const std::string& sign)
{
    const auto start = Clock::now();
    while (true) {
        const auto answer = client.get(address.host, address.path);
        if (answer.status == 200 && answer.body.find(sign) != std::string::npos)
            return;
        if (Clock::now() - start > give_up_after)
            throw std::runtime_error(
                fmt::format("{}{} never showed {}", address.host, address.path, sign));
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
}

/// One item on its way to the public.
class Trial {
public:
    Trial(app::Instance& instance, const Town& town, std::uint64_t number)
        : instance_(instance)
        , town_(town)
    {
        // Not the demonstration's own sites: their home pages show chosen columns only.
        const auto own = town.places.size() - 90;
        for (const auto step : {std::uint64_t{0}, std::uint64_t{41}})
            places_.push_back(&town.places[own + (number * 7 + step) % 90]);
        column_ = number % 5;
        auto document = Corpus().document(static_cast<std::int64_t>(50'000'000 + number));
        document.title = fmt::format("第{}次测速发布{}", number, document.title);
        auto content = content_of(document, town);
        content.targets.clear();
        for (const auto* place : places_)
            content.targets.push_back({place->site.id, place->columns[column_].id});
        const auto now = instance.clock().now();
        item_ = instance.database().write([&](db::Transaction& tx) {
            return bring_in(tx, content, places_[0]->site.sponsor_org, now);
        });
        order_ = order_of(item_, content.targets, {});
        title_ = document.title;
    }

    /// Releases, and returns when both pages, both columns, both homes and the search show it.
    void run(Client& client)
    {
        const auto now = instance_.clock().now();
        const auto outcomes = instance_.database().write([&](db::Transaction& tx) {
            return must(release::release(tx, town_.publisher, town_.authority, order_, now));
        });
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const auto host = host_of(places_[i]->site);
            const auto& url = outcomes[i].result.value().url;
            wait_for(client, {host, url}, title_);
            wait_for(client, {host, places_[i]->columns[column_].path}, url);
            wait_for(client, {host, "/"}, url);
        }
        wait_for(
            client, {host_of(town_.places.front().site), "/search?q=" + percent_encoded(title_)},
            outcomes[0].result.value().url);
    }

private:
    app::Instance& instance_;
    const Town& town_;
    std::vector<const Place*> places_;
    std::size_t column_ = 0;
    base::ItemId item_;
    release::Order order_;
    std::string title_;
};

/// What readers have looked at: all homes, all columns, many items.
std::vector<Address> usual_pages(app::Instance& instance, const Town& town)
{
    auto pages = random_pages(instance, town, 500);
    for (const auto& place : town.places) {
        pages.push_back({host_of(place.site), "/"});
        for (const auto& column : place.columns)
            pages.push_back({host_of(place.site), column.path});
    }
    return pages;
}

int release_some(const std::string& directory, std::int64_t total)
{
    const auto instance = open(directory);
    const auto town = find_town(*instance);
    app::Platform platform(*instance);
    platform.start();
    Client client(platform.port());
    const auto pages = usual_pages(*instance, town);
    for (const auto& page : pages)
        fetch(client, page);

    std::vector<double> ms;
    std::vector<double> made;
    const auto round =
        static_cast<std::uint64_t>(base::to_millis(instance->clock().now()) % 1'000'000);
    for (int i = 0; i < trials; ++i) {
        Trial trial(*instance, town, round * 100 + static_cast<std::uint64_t>(i));
        const auto before = platform.pages().counters().rendered;
        ms.push_back(timed([&] { trial.run(client); }));
        for (const auto& page : pages)
            fetch(client, page);
        made.push_back(static_cast<double>(platform.pages().counters().rendered - before));
    }
    fmt::print(
        "{{\"items\":{},\"release_p50_ms\":{:.1f},\"release_p99_ms\":{:.1f},\"cached_pages\":{},"
        "\"rerendered_expected\":6,\"rerendered_p50\":{:.0f},\"rerendered_max\":{:.0f},"
        "\"release_load\":{:.1f}}}\n",
        total, at(ms, 0.5), at(ms, 0.99), pages.size(), at(made, 0.5), at(made, 1.0),
        load_average());
    platform.stop();
    return 0;
}

int run(const std::string& step, const std::string& directory, std::int64_t total)
{
    base::open_log(base::LogLevel::Warning, base::LogFormat::Text);
    if (step == "fill")
        return fill(directory, total);
    if (step == "read")
        return read(directory, total);
    if (step == "release")
        return release_some(directory, total);
    return 2;
}

} // namespace
} // namespace bench

int main(int count, char** arguments)
{
    if (count != 4) {
        std::fputs("Usage: growth fill|read|release DIRECTORY ITEMS\n", stderr);
        return 2;
    }
    try {
        return bench::run(arguments[1], arguments[2], std::atoll(arguments[3]));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
