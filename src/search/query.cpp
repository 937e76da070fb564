#include "search/query.h"

#include "search/mark.h"
#include "search/matcher.h"
#include "search/parse.h"

#include <algorithm>

namespace search {
namespace {

constexpr std::size_t few = 2;        // With so few hits another spelling is looked for.
constexpr std::size_t many_more = 10; // What makes it worth saying.
constexpr std::size_t corrected_length_max = 10;
constexpr std::size_t titles_read = 64; // Candidates for suggest().

base::Result<void> check(const Query& query)
{
    using Kind = base::Error::Kind;
    if (query.text.size() > query_length_max * 4 || character_count(query.text) > query_length_max)
        return base::refuse(
            Kind::Invalid, "search.query_too_long", "搜索内容不能超过256个字，请缩短后再试");
    const bool fits = query.offset >= 0 && query.offset <= offset_max && query.limit >= 0
                      && query.limit <= hits_max;
    if (!fits)
        return base::refuse(
            Kind::Invalid, "search.page_out_of_range",
            "只能查看前1000条结果，请增加关键词或筛选条件");
    return {};
}

Hit hit_from(const Part& part, const Match& match, const Marker& marker)
{
    const auto& segment = *part.segment;
    const auto& facts = segment.facts(match.document);
    auto stored = segment.read_stored(match.document);
    Hit hit;
    hit.id = facts.id;
    hit.score = match.rank;
    hit.site = facts.site;
    hit.column = facts.column;
    hit.type = segment.tables().types[facts.type];
    hit.org = facts.org;
    hit.published_at = base::instant_from_millis(facts.published_at);
    hit.url = std::move(stored.url);
    hit.document_number = std::move(stored.document_number);
    hit.title = marker.whole(stored.title);
    hit.snippet = marker.snippet(stored.text);
    return hit;
}

/// The first correction that finds most of all, when it finds much more than `found`.
std::string best_correction(const Source& source, const Query& query, std::size_t found)
{
    std::string best;
    std::size_t best_total = found * many_more;
    for (const auto& option : corrections(*source.neighbours(), query.text)) {
        const auto parsed = parse(option);
        if (parsed.empty())
            continue;
        const auto matches = find_matches(source.parts, query, parsed, Need::AllWords, 0);
        // Earlier ones are likelier: a later one has to find clearly more.
        if (matches.total > best_total) {
            best = option;
            best_total = matches.total * 2;
        }
    }
    return best;
}

} // namespace

base::Result<Results> answer(const Source& source, const Query& query)
{
    const auto parts = source.parts;
    const auto start = std::chrono::steady_clock::now();
    TRY(check(query));
    const auto keep = static_cast<std::size_t>(query.offset + query.limit);
    Query effective = query;
    Results results;
    auto parsed = parse(query.text);
    if (parsed.empty()) {
        results.matching = Matching::Everything;
        effective.sort = Sort::Newest;
    }
    auto matches = find_matches(parts, effective, parsed, Need::AllWords, keep);
    // One hit for a long query is what was looked for.
    const bool short_query = character_count(parsed.bare) <= corrected_length_max;
    const bool nothing = matches.total == 0 && !matches.found_elsewhere;
    if (!parsed.empty() && (nothing || (matches.total <= few && short_query))) {
        results.correction = best_correction(source, query, matches.total);
        if (nothing && !results.correction.empty()) {
            results.matching = Matching::Corrected;
            parsed = parse(results.correction);
            matches = find_matches(parts, effective, parsed, Need::AllWords, keep);
        } else if (nothing) {
            results.matching = Matching::SomeWords;
            matches = find_matches(parts, effective, parsed, Need::SomeWords, keep);
        }
    }
    const Marker marker(parsed);
    const auto offset = static_cast<std::size_t>(query.offset);
    for (std::size_t i = offset; i < std::min(keep, matches.best.size()); ++i) {
        const auto& match = matches.best[i];
        results.hits.push_back(hit_from(parts[match.part], match, marker));
    }
    results.total = matches.total;
    results.total_is_exact = matches.total_is_exact;
    results.found_elsewhere = matches.found_elsewhere;
    results.facets = std::move(matches.facets);
    results.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    return results;
}

std::vector<std::string> titles_for(const Source& source, std::string_view prefix, int limit)
{
    const auto parts = source.parts;
    std::vector<std::string> titles;
    const auto wanted = static_cast<std::size_t>(std::clamp(limit, 0, suggestions_max));
    if (prefix.size() > query_length_max * 4 || bare(prefix).empty())
        return titles;
    Query query;
    query.scope = Scope::TitleOnly;
    std::vector<std::string> starts = {bare(prefix)};
    const bool pinyin = std::all_of(
        starts[0].begin(), starts[0].end(), [](char byte) { return byte >= 'a' && byte <= 'z'; });
    if (pinyin) {
        const auto readings = corrections(*source.neighbours(), prefix);
        starts.insert(starts.end(), readings.begin(), readings.end());
    }
    for (const auto& start : starts) {
        // Quoted: what is typed so far may end in the middle of a word.
        const auto matches =
            find_matches(parts, query, parse('"' + start + '"'), Need::AllWords, titles_read);
        std::vector<std::string> inside;
        for (const auto& match : matches.best) {
            auto title = parts[match.part].segment->read_stored(match.document).title;
            (bare(title).starts_with(start) ? titles : inside).push_back(std::move(title));
        }
        titles.insert(titles.end(), inside.begin(), inside.end());
    }
    std::vector<std::string> unique;
    for (auto& title : titles) {
        if (unique.size() < wanted
            && std::find(unique.begin(), unique.end(), title) == unique.end())
            unique.push_back(std::move(title));
    }
    return unique;
}

} // namespace search
