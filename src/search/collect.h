#pragma once

// The last step of a search: of all documents that match, those that pass the filters are counted
// by their facets, and the best are kept.

#include "search/index.h"
#include "search/matcher.h"
#include "search/segment.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace search {

struct Scored {
    std::uint32_t document = 0;
    float score = 0;
};

/// The filters of a query on the documents of one part; the dead do not pass.
class Filter {
public:
    Filter(const Part& part, const Query& query);
    bool passes(std::uint32_t document) const;

    /// Nothing is filtered and nothing is dead: no need to ask.
    bool passes_all() const { return passes_all_; }

private:
    bool passes_deep(const Facts& facts) const;

    const Part& part_;
    const Query& query_;
    std::vector<bool> sites_; // By rank in the segment.
    std::vector<bool> orgs_;
    std::vector<bool> types_;
    bool deep_; // Asks for what is not in Hot.
    bool passes_all_;
};

/// Counts facets and keeps the best over all parts.
class Collector {
public:
    /// `title_hash`: of the whole query; the same title comes first.
    Collector(const Query& query, std::uint64_t title_hash, std::size_t keep);

    void take(std::span<const Part> parts, std::uint32_t place, const std::vector<Scored>& found);
    Matches finish();

private:
    double rank(const Segment& segment, Scored match) const;
    void keep_best(const Match& match);
    bool may_be_kept(const Hot& hot, Scored match) const;

    const Query& query_;
    std::uint64_t title_hash_;
    std::size_t keep_;
    std::int32_t now_minute_;
    std::vector<std::uint32_t> years_;
    std::map<std::int64_t, std::size_t> sites_;
    std::map<std::int64_t, std::size_t> orgs_;
    std::map<std::string, std::size_t> types_;
    std::vector<Match> heap_;
    std::size_t total_ = 0;
};

} // namespace search
