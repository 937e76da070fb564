// The engines that were considered, on the same documents and queries as our own (growth.cpp): what
// docs/decisions/0001-search-engine.md quotes. Facets are counted by every engine the way that is
// kindest to it: over arrays in memory, addressed by document number.
//
//   search_candidates ENGINE DOCUMENTS DIRECTORY
//   ENGINE: xapian-words, xapian-words-positions, xapian-bigrams, xapian-both, fts5, fts5-bigrams

#include "search/bench/corpus.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>
#include <xapian.h>

namespace {

using search::bench::Corpus;
using Seconds = std::chrono::duration<double>;

struct Facts {
    std::uint8_t type, site, year;
    std::uint16_t org;
};

struct Counts {
    std::array<std::uint32_t, 256> types{}, sites{}, years{};
    std::array<std::uint32_t, 512> orgs{};

    void add(const Facts& facts)
    {
        ++types[facts.type];
        ++sites[facts.site];
        ++years[facts.year];
        ++orgs[facts.org];
    }
};

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (space != 0)
            parts.emplace_back(text.substr(0, space));
        text.remove_prefix(space == text.npos ? text.size() : space + 1);
    }
    return parts;
}

std::vector<std::string> bigrams_of_text(const std::string& text)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i + 6 <= text.size();) {
        const auto wide = [&](std::size_t at) {
            return (static_cast<unsigned char>(text[at]) & 0xf0) == 0xe0
                   && static_cast<unsigned char>(text[at]) != 0xef
                   && static_cast<unsigned char>(text[at + 1]) >= 0x84;
        };
        if (!wide(i)) {
            i += (static_cast<unsigned char>(text[i]) & 0xf0) == 0xe0 ? 3 : 1;
            continue;
        }
        if (wide(i + 3))
            parts.emplace_back(text.substr(i, 6));
        i += 3;
    }
    return parts;
}

Facts facts_of(const search::Document& document)
{
    return {
        static_cast<std::uint8_t>(document.type.size() * 7 % 256),
        static_cast<std::uint8_t>(document.site), static_cast<std::uint8_t>(document.year - 1950),
        static_cast<std::uint16_t>(document.org)};
}

/// Words or bigrams of a query, the space being "and".
std::vector<std::string> query_terms(const Corpus& corpus, const std::string& query, bool words)
{
    static const std::unordered_set<std::string> vocabulary(
        corpus.words().begin(), corpus.words().end());
    std::vector<std::string> terms;
    for (const auto& part : split(query)) {
        if (!words) {
            for (auto& term : bigrams_of_text(part + "  "))
                terms.push_back(std::move(term));
            continue;
        }
        for (std::size_t i = 0; i < part.size();) {
            std::size_t length = std::min<std::size_t>(24, part.size() - i);
            while (length > 3 && !vocabulary.contains(part.substr(i, length)))
                --length;
            terms.push_back(part.substr(i, length));
            i += length;
        }
    }
    return terms;
}

void report(
    const std::string& engine, std::size_t documents, std::uint64_t text_bytes, double seconds,
    const std::filesystem::path& directory,
    const std::function<std::size_t(const std::string&)>& ask, const Corpus& corpus)
{
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file())
            bytes += entry.file_size();
    }
    std::vector<double> times;
    std::size_t total = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const auto query = corpus.query(i);
        const auto start = std::chrono::steady_clock::now();
        total += ask(query);
        times.push_back(Seconds(std::chrono::steady_clock::now() - start).count() * 1000);
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "%-24s %8zu docs  %7.0f docs/s  index %.2f x text  p50 %.2f ms  p99 %.2f ms  max %.2f ms "
        "(%zu)\n",
        engine.c_str(), documents, static_cast<double>(documents) / seconds,
        static_cast<double>(bytes) / static_cast<double>(text_bytes), times[times.size() / 2],
        times[times.size() * 99 / 100], times.back(), total);
}

class Spy final : public Xapian::MatchSpy {
public:
    Spy(const std::vector<Facts>& facts, Counts& counts)
        : facts_(facts)
        , counts_(counts)
    {
    }
    void operator()(const Xapian::Document& document, double /*weight*/) override
    {
        counts_.add(facts_[document.get_docid()]);
    }

private:
    const std::vector<Facts>& facts_;
    Counts& counts_;
};

struct Way {
    bool words, pairs, positions;
};

Xapian::Document xapian_entry(
    const Corpus& corpus, const search::Document& document, const std::string& spaced, Way way)
{
    Xapian::Document entry;
    Xapian::termpos position = 0;
    const auto add = [&](const std::string& term) {
        if (way.positions)
            entry.add_posting(term, ++position);
        else
            entry.add_term(term);
    };
    if (way.words) {
        for (const auto& word : split(spaced))
            add(word);
    }
    if (way.pairs) {
        for (const auto& pair : bigrams_of_text(document.text + "  "))
            add(pair);
    }
    for (const auto& term : query_terms(corpus, document.title, way.words))
        entry.add_term(term, 3);
    entry.set_data(document.text);
    return entry;
}

void run_xapian(
    const std::string& name, const Corpus& corpus, std::size_t count,
    const std::filesystem::path& directory, Way way)
{
    std::vector<Facts> facts(count + 1);
    std::uint64_t text_bytes = 0;
    double seconds = 0;
    {
        Xapian::WritableDatabase database(directory.string(), Xapian::DB_CREATE_OR_OVERWRITE);
        for (std::size_t id = 1; id <= count; ++id) {
            const auto document = corpus.document(static_cast<std::int64_t>(id));
            const auto spaced = corpus.spaced(static_cast<std::int64_t>(id));
            facts[id] = facts_of(document);
            text_bytes += document.text.size() + document.title.size();
            const auto start = std::chrono::steady_clock::now();
            const auto entry = xapian_entry(corpus, document, spaced, way);
            database.add_document(entry);
            seconds += Seconds(std::chrono::steady_clock::now() - start).count();
        }
        const auto start = std::chrono::steady_clock::now();
        database.commit();
        seconds += Seconds(std::chrono::steady_clock::now() - start).count();
    }
    Xapian::Database database(directory.string());
    const auto ask = [&](const std::string& text) {
        const auto terms = query_terms(corpus, text, way.words);
        Xapian::Enquire enquire(database);
        Counts counts;
        Spy spy(facts, counts);
        enquire.add_matchspy(&spy);
        enquire.set_query(Xapian::Query(Xapian::Query::OP_AND, terms.begin(), terms.end()));
        const auto set = enquire.get_mset(0, 20, database.get_doccount());
        std::size_t bytes = 0;
        for (auto hit = set.begin(); hit != set.end(); ++hit)
            bytes += hit.get_document().get_data().size();
        return set.get_matches_estimated() + bytes % 2;
    };
    report(name, count, text_bytes, seconds, directory, ask, corpus);
}

std::string join(const std::vector<std::string>& terms)
{
    std::string text;
    for (const auto& term : terms)
        text += term + " ";
    return text;
}

/// Text cut by us in a table of FTS5 without content, the text itself in a plain table.
class Fts5 {
public:
    explicit Fts5(const std::filesystem::path& path)
    {
        if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK)
            throw std::runtime_error("cannot open " + path.string());
        run("PRAGMA journal_mode=WAL");
        run("CREATE VIRTUAL TABLE f USING fts5(title, body, content='', detail=column)");
        run("CREATE TABLE d(id INTEGER PRIMARY KEY, text TEXT)");
        put_ = prepare("INSERT INTO f(rowid,title,body) VALUES(?,?,?)");
        keep_ = prepare("INSERT INTO d VALUES(?,?)");
        find_ = prepare("SELECT rowid, bm25(f, 3.0, 1.0) FROM f WHERE f MATCH ?");
    }
    ~Fts5()
    {
        for (auto* statement : {put_, keep_, find_})
            sqlite3_finalize(statement);
        sqlite3_close(database_);
    }
    Fts5(const Fts5&) = delete;
    Fts5& operator=(const Fts5&) = delete;

    void run(const char* sql)
    {
        if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database_));
    }

    void put(
        std::size_t id, const std::string& title, const std::string& body, const std::string& text)
    {
        sqlite3_bind_int64(put_, 1, static_cast<sqlite3_int64>(id));
        bind(put_, 2, title);
        bind(put_, 3, body);
        sqlite3_step(put_);
        sqlite3_reset(put_);
        sqlite3_bind_int64(keep_, 1, static_cast<sqlite3_int64>(id));
        bind(keep_, 2, text);
        sqlite3_step(keep_);
        sqlite3_reset(keep_);
    }

    std::size_t find(const std::vector<std::string>& terms, const std::vector<Facts>& facts)
    {
        std::string expression;
        for (const auto& term : terms)
            expression += '"' + term + "\" ";
        Counts counts;
        std::vector<std::pair<double, sqlite3_int64>> found;
        bind(find_, 1, expression);
        while (sqlite3_step(find_) == SQLITE_ROW) {
            const auto id = sqlite3_column_int64(find_, 0);
            counts.add(facts[static_cast<std::size_t>(id)]);
            found.emplace_back(sqlite3_column_double(find_, 1), id);
        }
        sqlite3_reset(find_);
        const auto shown = static_cast<std::ptrdiff_t>(std::min<std::size_t>(20, found.size()));
        std::partial_sort(found.begin(), found.begin() + shown, found.end());
        return found.size();
    }

private:
    sqlite3_stmt* prepare(const char* sql)
    {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database_));
        return statement;
    }

    static void bind(sqlite3_stmt* statement, int place, const std::string& text)
    {
        sqlite3_bind_text(
            statement, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* put_ = nullptr;
    sqlite3_stmt* keep_ = nullptr;
    sqlite3_stmt* find_ = nullptr;
};

void run_fts5(
    const std::string& name, const Corpus& corpus, std::size_t count,
    const std::filesystem::path& directory, bool words)
{
    std::filesystem::create_directories(directory);
    Fts5 engine(directory / "fts.sqlite");
    std::vector<Facts> facts(count + 1);
    std::uint64_t text_bytes = 0;
    double seconds = 0;
    for (std::size_t id = 1; id <= count; ++id) {
        const auto document = corpus.document(static_cast<std::int64_t>(id));
        const auto spaced = corpus.spaced(static_cast<std::int64_t>(id));
        facts[id] = facts_of(document);
        text_bytes += document.text.size() + document.title.size();
        const auto start = std::chrono::steady_clock::now();
        if (id % 1000 == 1)
            engine.run("BEGIN");
        const auto title = join(query_terms(corpus, document.title, words));
        const auto body = words ? spaced : join(bigrams_of_text(document.text + "  "));
        engine.put(id, title, body, document.text);
        if (id % 1000 == 0 || id == count)
            engine.run("COMMIT");
        seconds += Seconds(std::chrono::steady_clock::now() - start).count();
    }
    const auto ask = [&](const std::string& text) {
        return engine.find(query_terms(corpus, text, words), facts);
    };
    report(name, count, text_bytes, seconds, directory, ask, corpus);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fputs("search_candidates ENGINE DOCUMENTS DIRECTORY\n", stderr);
        return 2;
    }
    const std::string engine = argv[1];
    const auto count = static_cast<std::size_t>(std::stoull(argv[2]));
    const auto directory = std::filesystem::path(argv[3]) / engine;
    std::filesystem::remove_all(directory);
    const Corpus corpus;
    if (engine == "xapian-words")
        run_xapian(engine, corpus, count, directory, {true, false, false});
    else if (engine == "xapian-words-positions")
        run_xapian(engine, corpus, count, directory, {true, false, true});
    else if (engine == "xapian-bigrams")
        run_xapian(engine, corpus, count, directory, {false, true, false});
    else if (engine == "xapian-both")
        run_xapian(engine, corpus, count, directory, {true, true, false});
    else if (engine == "fts5")
        run_fts5(engine, corpus, count, directory, true);
    else if (engine == "fts5-bigrams")
        run_fts5(engine, corpus, count, directory, false);
    else
        return 2;
    return 0;
}
