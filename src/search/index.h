#pragma once

// Full-text search (站内搜索) as a pure engine: documents in, hits out. It knows no database and no
// government; whoever uses it reads the event log, hands over documents and stores with every
// commit the position of the log up to which the index is complete, so that after a crash it
// catches up.
//
// An index is one directory. It belongs to one process and has one writer (put, remove, commit:
// callers take turns, a lock inside makes mistakes harmless) and any number of concurrent readers
// (search, suggest, count), which never wait for the writer. What is put becomes visible, and
// durable, with the next commit: together with its cursor or not at all.

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace search {

// Limits. What is longer is cut (documents) or refused (queries).
inline constexpr std::size_t query_length_max = 256; // Characters, not bytes.
inline constexpr int hits_max = 100;
inline constexpr int offset_max = 1000;
inline constexpr std::size_t snippet_length_max = 120; // Characters.
inline constexpr std::size_t facet_values_max = 50;
inline constexpr int suggestions_max = 10;

/// One thing that can be found: an item as published in one column of one site.
struct Document {
    std::int64_t id = 0; // Unique; putting the same id again replaces the document.
    std::int64_t site = 0;
    std::int64_t column = 0;
    std::string type; // "policy", "interpretation", "news", …: what the facet says.
    std::int64_t org = 0;
    int year = 0; // Of the document, China time; what the facet says.
    base::Instant published_at{};
    std::string url; // Given back with the hit as it is; not searched.
    std::string title;
    std::string document_number; // 文号, in any bracket form: "云政发〔2026〕3号".
    std::string summary;
    std::string text; // Plain text, UTF-8.
    std::vector<std::string> keywords;
    double weight = 1.0; // Multiplies the score: 0.1 … 10.
};

enum class Sort { Relevance, Newest };
enum class Scope { All, TitleOnly };

struct Query {
    std::string text;
    // Filters: empty or absent means all. Several values of one filter are alternatives.
    std::vector<std::int64_t> sites;
    std::vector<std::int64_t> columns;
    std::vector<std::string> types;
    std::vector<int> years;
    std::vector<std::int64_t> orgs;
    std::optional<base::Instant> from;  // Published at or after.
    std::optional<base::Instant> until; // Published before.
    Sort sort = Sort::Relevance;
    Scope scope = Scope::All;
    int offset = 0;
    int limit = 20;
};

/// Bytes [begin, end) of a text, always on character borders, never overlapping, in order.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(const Range&, const Range&) = default;
};

/// Plain text with what matched in it. The caller escapes.
struct Marked {
    std::string text;
    std::vector<Range> marks;
};

struct Hit {
    std::int64_t id = 0;
    double score = 0;
    std::int64_t site = 0;
    std::int64_t column = 0;
    std::string type;
    std::int64_t org = 0;
    base::Instant published_at{};
    std::string url;
    std::string document_number;
    Marked title;
    Marked snippet; // The window that shows most of the query.
};

/// One value of a facet and how many of the matches have it.
struct FacetCount {
    std::string value; // Of a number: in decimal.
    std::size_t count = 0;

    friend bool operator==(const FacetCount&, const FacetCount&) = default;
};

/// Counts over all matches under all filters, most frequent first (years: newest first), at most
/// facet_values_max of each.
struct Facets {
    std::vector<FacetCount> types;
    std::vector<FacetCount> sites;
    std::vector<FacetCount> years;
    std::vector<FacetCount> orgs;
};

/// How the words of the query were combined in the end.
enum class Matching {
    Everything, // The query was empty: all documents under the filters, newest first.
    AllWords,   // Every word occurs.
    SomeWords, // Nothing anywhere has all words: these have some, most first. Say so to the reader.
    Corrected, // Nothing anywhere has these words: this is the result for `correction`. Say so.
};

struct Results {
    std::vector<Hit> hits;
    std::size_t total = 0;
    bool total_is_exact = true;   // Otherwise: "at least".
    bool found_elsewhere = false; // No hits, but there are some without the filters.
    Facets facets;
    Matching matching = Matching::AllWords;
    std::string correction; // A query that finds (more): pinyin, homophone, one wrong character.
    std::chrono::microseconds elapsed{};
};

/// See the head of this file. Thread-safe.
class Index {
public:
    /// Opens the index in `directory`, creating it when there is none, and removes what a crash
    /// left half written. Does not read the documents: opens a million in well under a second.
    /// Throws std::runtime_error when the directory cannot be used or the index is damaged: rebuild
    /// it then.
    static std::unique_ptr<Index> open(const std::filesystem::path& directory);

    virtual ~Index() = default;

    /// Takes documents in; the last of the same id counts. When put or commit throws (disk full),
    /// everything since the last commit is forgotten: begin again at cursor().
    ///  Over-long fields are cut, broken UTF-8
    /// is skipped. Large imports are written out in parts as they come, but become visible at
    /// commit.
    virtual void put(std::span<const Document> documents) = 0;

    /// Takes documents out; unknown ids are ignored.
    virtual void remove(std::span<const std::int64_t> ids) = 0;

    /// Forgets everything, for rebuilding from the start of the log: clear, put…, commit(cursor).
    /// Readers see the old state until the commit.
    virtual void clear() = 0;

    /// Makes all of the above durable and visible at once, and `cursor` with it.
    virtual void commit(std::int64_t cursor) = 0;

    /// The cursor of the last commit; 0 of a new index.
    virtual std::int64_t cursor() const = 0;

    /// Committed documents.
    virtual std::size_t count() const = 0;

    /// Bytes on the disk.
    virtual std::uint64_t size() const = 0;

    /// Answers a query of at most query_length_max characters. There is no query language except
    /// that "…" or “…” means these words in a row; a space means "and". Refuses with Kind::Invalid:
    /// search.query_too_long, search.page_out_of_range.
    virtual base::Result<Results> search(const Query& query) const = 0;

    /// Titles that a reader who typed `prefix` (Han, or full pinyin) may mean, at most
    /// suggestions_max, most used first.
    virtual std::vector<std::string> suggest(std::string_view prefix, int limit = 8) const = 0;

    /// Waits until the merging of parts in the background rests: for measurements and tests.
    virtual void settle() = 0;
};

} // namespace search
