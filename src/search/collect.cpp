#include "search/collect.h"

#include <algorithm>

namespace search {
namespace {

constexpr float recency_boost = 0.2F; // Of something published now, halved after a year.
constexpr double exact_title = 1000;  // Above any sum of words.

/// Which values of one fact a query lets through, by rank in the segment.
template <typename Value, typename Ranked>
std::vector<bool> allowed(const std::vector<Value>& wanted, const std::vector<Ranked>& values)
{
    std::vector<bool> through;
    for (const auto& value : values)
        through.push_back(
            wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end());
    return through;
}

bool is_before(const Match& one, const Match& other)
{
    return one.rank != other.rank ? one.rank > other.rank : one.id > other.id;
}

void most_frequent(std::vector<FacetCount>& counts)
{
    std::erase_if(counts, [](const FacetCount& count) { return count.count == 0; });
    std::stable_sort(counts.begin(), counts.end(), [](const auto& one, const auto& other) {
        return one.count > other.count;
    });
    if (counts.size() > facet_values_max)
        counts.resize(facet_values_max);
}

} // namespace

Filter::Filter(const Part& part, const Query& query)
    : part_(part)
    , query_(query)
    , sites_(allowed(query.sites, part.segment->tables().sites))
    , orgs_(allowed(query.orgs, part.segment->tables().orgs))
    , types_(allowed(query.types, part.segment->tables().types))
    , deep_(!query.columns.empty() || query.from || query.until)
    , passes_all_(
          !deep_ && part.dead->count() == 0 && query.sites.empty() && query.orgs.empty()
          && query.types.empty() && query.years.empty())
{
}

bool Filter::passes(std::uint32_t document) const
{
    const auto& hot = part_.segment->hot(document);
    if (part_.dead->has(document) || !sites_[hot.site] || !orgs_[hot.org] || !types_[hot.type])
        return false;
    const auto& years = query_.years;
    if (!years.empty() && std::find(years.begin(), years.end(), hot.year) == years.end())
        return false;
    return !deep_ || passes_deep(part_.segment->facts(document));
}

bool Filter::passes_deep(const Facts& facts) const
{
    const auto& columns = query_.columns;
    if (!columns.empty()
        && std::find(columns.begin(), columns.end(), facts.column) == columns.end())
        return false;
    if (query_.from && facts.published_at < base::to_millis(*query_.from))
        return false;
    return !query_.until || facts.published_at < base::to_millis(*query_.until);
}

Collector::Collector(const Query& query, std::uint64_t title_hash, std::size_t keep)
    : query_(query)
    , title_hash_(title_hash)
    , keep_(keep)
    , now_minute_(static_cast<std::int32_t>(base::to_millis(base::SystemClock().now()) / 60'000))
    , years_(10'000)
{
}

void Collector::take(
    std::span<const Part> parts, std::uint32_t place, const std::vector<Scored>& found)
{
    const auto& segment = *parts[place].segment;
    const auto& tables = segment.tables();
    const Filter filter(parts[place], query_);
    std::vector<std::uint32_t> sites(tables.sites.size());
    std::vector<std::uint32_t> orgs(tables.orgs.size());
    std::vector<std::uint32_t> types(tables.types.size());
    for (const auto match : found) {
        if (!filter.passes_all() && !filter.passes(match.document))
            continue;
        const auto& hot = segment.hot(match.document);
        ++sites[hot.site];
        ++orgs[hot.org];
        ++types[hot.type];
        ++years_[static_cast<std::size_t>(hot.year)];
        ++total_;
        if (!may_be_kept(hot, match))
            continue;
        const double worth = rank(segment, match);
        if (heap_.size() < keep_ || (keep_ != 0 && worth >= heap_.front().rank))
            keep_best({worth, segment.facts(match.document).id, place, match.document});
    }
    for (std::size_t i = 0; i < sites.size(); ++i)
        sites_[tables.sites[i]] += sites[i];
    for (std::size_t i = 0; i < orgs.size(); ++i)
        orgs_[tables.orgs[i]] += orgs[i];
    for (std::size_t i = 0; i < types.size(); ++i)
        types_[tables.types[i]] += types[i];
}

Matches Collector::finish()
{
    Matches matches;
    std::sort(heap_.begin(), heap_.end(), is_before);
    matches.best = std::move(heap_);
    matches.total = total_;
    for (const auto& [value, count] : sites_)
        matches.facets.sites.push_back({std::to_string(value), count});
    for (const auto& [value, count] : orgs_)
        matches.facets.orgs.push_back({std::to_string(value), count});
    for (const auto& [value, count] : types_)
        matches.facets.types.push_back({value, count});
    for (std::size_t year = years_.size(); year-- > 0;) {
        if (years_[year] != 0)
            matches.facets.years.push_back({std::to_string(year), years_[year]});
    }
    for (auto* facet : {&matches.facets.sites, &matches.facets.orgs, &matches.facets.types})
        most_frequent(*facet);
    if (matches.facets.years.size() > facet_values_max)
        matches.facets.years.resize(facet_values_max);
    return matches;
}

double Collector::rank(const Segment& segment, Scored match) const
{
    if (query_.sort == Sort::Newest)
        return static_cast<double>(segment.facts(match.document).published_at);
    const auto& hot = segment.hot(match.document);
    const auto days = static_cast<float>(std::max(0, now_minute_ - hot.minute)) / 1440.0F;
    const float recency = 1 + recency_boost / (1 + days / 365.0F);
    const double score = match.score * recency * hot.weight;
    const bool same_title = hot.title_hash == static_cast<std::uint32_t>(title_hash_)
                            && segment.facts(match.document).title_hash == title_hash_;
    return same_title ? score + exact_title : score;
}

/// False when even published today it would not be among the best.
bool Collector::may_be_kept(const Hot& hot, Scored match) const
{
    if (heap_.size() < keep_ || query_.sort == Sort::Newest)
        return keep_ != 0;
    const double most = match.score * (1 + recency_boost) * hot.weight;
    return keep_ != 0
           && (most >= heap_.front().rank
               || hot.title_hash == static_cast<std::uint32_t>(title_hash_));
}

/// The front of the heap is the last of the best.
void Collector::keep_best(const Match& match)
{
    if (heap_.size() == keep_) {
        if (!is_before(match, heap_.front()))
            return;
        std::pop_heap(heap_.begin(), heap_.end(), is_before);
        heap_.pop_back();
    }
    heap_.push_back(match);
    std::push_heap(heap_.begin(), heap_.end(), is_before);
}

} // namespace search
