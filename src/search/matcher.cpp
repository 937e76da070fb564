#include "search/matcher.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace search {
namespace {

// BM25, with the usual k1; b is milder than usual because long texts here are laws, not padding.
constexpr float k1 = 1.2F;
constexpr float b = 0.6F;
constexpr float title_boost = 2.0F;     // A word in the title also counts in the text: 1 + 2.
constexpr float neighbour_boost = 0.5F; // Words that stand together as in the query.
constexpr float recency_boost = 0.2F;   // Of something published now, halved after a year.
constexpr double exact_title = 1000;    // Above any sum of words.
constexpr double exact_number = 500;

constexpr std::size_t phrase_checks_max = 5'000; // Texts read to check a quotation.
constexpr std::size_t singles_lists_max = 64;    // Most frequent pairs of a one-character query.
constexpr std::size_t some_words_max = 8;        // Rarest terms tried when no document has all.

struct Term {
    Key key = 0;
    float weight = 0;
};

struct Scored {
    std::uint32_t document = 0;
    float score = 0;
};

/// What is the same for all parts.
struct Plan {
    std::vector<Term> required;
    std::vector<Term> better;
    std::vector<char32_t> singles;
    std::array<float, 256> norms{};
    std::uint64_t title_hash = 0;
    Key number = 0;
    Field field = Field::Text;
    std::size_t some_needed = 1;
};

float term_score(float weight, std::uint32_t times, float norm)
{
    const auto count = static_cast<float>(times);
    return weight * count * (k1 + 1) / (count + norm);
}

Plan make_plan(std::span<const Part> parts, const Query& query, const Parsed& parsed)
{
    Plan plan;
    double documents = 0;
    double terms = 0;
    for (const auto& part : parts) {
        documents += part.segment->size();
        terms += static_cast<double>(part.segment->tables().terms_total);
    }
    const auto average = static_cast<float>(terms / std::max(documents, 1.0));
    for (std::size_t code = 0; code < plan.norms.size(); ++code) {
        const float length = length_of(static_cast<std::uint8_t>(code));
        plan.norms[code] = k1 * (1 - b + b * length / std::max(average, 1.0F));
    }
    plan.field = query.scope == Scope::TitleOnly ? Field::Title : Field::Text;
    const auto weigh = [&](Key key) {
        const auto found = static_cast<double>(frequency(parts, key));
        return static_cast<float>(std::log(1 + (documents - found + 0.5) / (found + 0.5)));
    };
    std::vector<Key> keys;
    for (const auto& word : parsed.words) {
        keys.insert(keys.end(), word.keys.begin(), word.keys.end());
        if (word.single != 0)
            plan.singles.push_back(word.single);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const auto key : keys) {
        plan.required.push_back({in_field(key, plan.field), weigh(in_field(key, plan.field))});
        const auto title = in_field(key, Field::Title);
        plan.better.push_back({title, title_boost * weigh(key)});
    }
    for (const auto key : parsed.neighbours) {
        plan.better.push_back({in_field(key, plan.field), neighbour_boost * weigh(key)});
        plan.better.push_back({in_field(key, Field::Title), neighbour_boost * weigh(key)});
    }
    plan.title_hash = hash_of(parsed.bare);
    plan.number = number_key(parsed.bare);
    plan.some_needed = (std::min(plan.required.size(), some_words_max) + 2) / 3;
    return plan;
}

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

class Filter {
public:
    Filter(const Part& part, const Query& query)
        : part_(part)
        , query_(query)
        , sites_(allowed(query.sites, part.segment->tables().sites))
        , orgs_(allowed(query.orgs, part.segment->tables().orgs))
        , types_(allowed(query.types, part.segment->tables().types))
        , deep_(!query.columns.empty() || query.from || query.until)
    {
    }

    bool passes(std::uint32_t document) const
    {
        const auto& hot = part_.segment->hot(document);
        if (part_.dead->has(document) || !sites_[hot.site] || !orgs_[hot.org] || !types_[hot.type])
            return false;
        const auto& years = query_.years;
        if (!years.empty() && std::find(years.begin(), years.end(), hot.year) == years.end())
            return false;
        return !deep_ || passes_deep(part_.segment->facts(document));
    }

private:
    bool passes_deep(const Facts& facts) const
    {
        const auto& columns = query_.columns;
        if (!columns.empty()
            && std::find(columns.begin(), columns.end(), facts.column) == columns.end())
            return false;
        if (query_.from && facts.published_at < base::to_millis(*query_.from))
            return false;
        return !query_.until || facts.published_at < base::to_millis(*query_.until);
    }

    const Part& part_;
    const Query& query_;
    std::vector<bool> sites_;
    std::vector<bool> orgs_;
    std::vector<bool> types_;
    bool deep_;
};

/// The search in one part.
class Finder {
public:
    Finder(const Part& part, const Plan& plan)
        : segment_(*part.segment)
        , plan_(plan)
    {
    }

    bool was_cut() const { return was_cut_; }

    std::vector<Scored> all_words()
    {
        if (plan_.required.empty())
            return one_character_words();
        std::vector<std::pair<Entry, float>> entries;
        for (const auto& term : plan_.required) {
            const auto entry = segment_.find(term.key);
            if (!entry)
                return {};
            entries.emplace_back(*entry, term.weight);
        }
        return intersect(std::move(entries));
    }

    std::vector<Scored> some_words()
    {
        std::vector<std::pair<Entry, float>> entries;
        for (const auto& term : plan_.required) {
            if (const auto entry = segment_.find(term.key))
                entries.emplace_back(*entry, term.weight);
        }
        std::sort(entries.begin(), entries.end(), [](const auto& one, const auto& other) {
            return one.first.size < other.first.size;
        });
        entries.resize(std::min(entries.size(), some_words_max));
        std::vector<float> scores(segment_.size());
        std::vector<std::uint8_t> counts(segment_.size());
        for (const auto& [entry, weight] : entries) {
            const auto bytes = segment_.read_postings(entry);
            for (PostingsReader list(bytes, entry.size); !list.at_end(); list.next()) {
                scores[list.here().document] += score(weight, list.here());
                ++counts[list.here().document];
            }
        }
        std::vector<Scored> found;
        for (std::uint32_t document = 0; document < segment_.size(); ++document) {
            if (counts[document] >= plan_.some_needed)
                found.push_back({document, scores[document]});
        }
        return found;
    }

    /// Adds what makes a match better without being required.
    void improve(std::vector<Scored>& found)
    {
        for (const auto& term : plan_.better) {
            const auto entry = segment_.find(term.key);
            if (!entry || found.empty())
                continue;
            const auto bytes = segment_.read_postings(*entry);
            PostingsReader list(bytes, entry->size);
            for (auto& match : found) {
                list.skip_to(match.document);
                if (list.at_end())
                    break;
                if (list.here().document == match.document)
                    match.score += score(term.weight, list.here());
            }
        }
    }

private:
    float score(float weight, Posting posting) const
    {
        return term_score(
            weight, posting.times, plan_.norms[segment_.hot(posting.document).length]);
    }

    std::vector<Scored> intersect(std::vector<std::pair<Entry, float>> entries)
    {
        std::sort(entries.begin(), entries.end(), [](const auto& one, const auto& other) {
            return one.first.size < other.first.size;
        });
        std::vector<Scored> found;
        found.reserve(entries.front().first.size);
        bool first = true;
        for (const auto& [entry, weight] : entries) {
            const auto bytes = segment_.read_postings(entry);
            PostingsReader list(bytes, entry.size);
            if (first) {
                for (; !list.at_end(); list.next())
                    found.push_back({list.here().document, score(weight, list.here())});
            } else {
                keep_common(found, list, weight);
            }
            first = false;
        }
        return found;
    }

    void keep_common(std::vector<Scored>& found, PostingsReader& list, float weight) const
    {
        std::size_t kept = 0;
        for (const auto match : found) {
            list.skip_to(match.document);
            if (list.at_end())
                break;
            if (list.here().document == match.document)
                found[kept++] = {match.document, match.score + score(weight, list.here())};
        }
        found.resize(kept);
    }

    /// All documents that have every single character of the query.
    std::vector<Scored> one_character_words()
    {
        std::vector<float> scores(segment_.size());
        std::vector<std::uint8_t> stage(segment_.size());
        std::uint8_t words = 0;
        for (const auto character : plan_.singles) {
            if (words == some_words_max)
                break;
            take_character(character, words, stage, scores);
            ++words;
        }
        std::vector<Scored> found;
        for (std::uint32_t document = 0; words != 0 && document < segment_.size(); ++document) {
            if (stage[document] == words)
                found.push_back({document, scores[document]});
        }
        return found;
    }

    void take_character(
        char32_t character, std::uint8_t before, std::vector<std::uint8_t>& stage,
        std::vector<float>& scores)
    {
        for (const auto field : {Field::Title, Field::Text}) {
            if (plan_.field == Field::Title && field == Field::Text)
                break;
            std::vector<Entry> entries;
            segment_.each_entry(
                pair_key(field, character, 0), pair_key(field, character + 1, 0),
                [&](const Entry& entry) { entries.push_back(entry); });
            std::sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
                return one.size > other.size;
            });
            was_cut_ = was_cut_ || entries.size() > singles_lists_max;
            entries.resize(std::min(entries.size(), singles_lists_max));
            const float weight = field == Field::Title ? title_boost : 0.1F;
            for (const auto& entry : entries) {
                const auto bytes = segment_.read_postings(entry);
                for (PostingsReader list(bytes, entry.size); !list.at_end(); list.next()) {
                    const auto document = list.here().document;
                    if (stage[document] == before)
                        ++stage[document];
                    scores[document] += score(weight, list.here());
                }
            }
        }
    }

    const Segment& segment_;
    const Plan& plan_;
    bool was_cut_ = false;
};

/// Counts facets and keeps the best over all parts.
class Collector {
public:
    Collector(const Query& query, const Plan& plan, std::size_t keep)
        : query_(query)
        , plan_(plan)
        , keep_(keep)
        , now_minute_(
              static_cast<std::int32_t>(base::to_millis(base::SystemClock().now()) / 60'000))
        , years_(10'000)
    {
    }

    void take(std::span<const Part> parts, std::uint32_t place, const std::vector<Scored>& found)
    {
        const auto& segment = *parts[place].segment;
        const auto& tables = segment.tables();
        const Filter filter(parts[place], query_);
        std::vector<std::uint32_t> sites(tables.sites.size());
        std::vector<std::uint32_t> orgs(tables.orgs.size());
        std::vector<std::uint32_t> types(tables.types.size());
        for (const auto match : found) {
            if (!filter.passes(match.document))
                continue;
            const auto& hot = segment.hot(match.document);
            ++sites[hot.site];
            ++orgs[hot.org];
            ++types[hot.type];
            ++years_[static_cast<std::size_t>(hot.year)];
            ++total_;
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

    Matches finish()
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

private:
    double rank(const Segment& segment, Scored match) const
    {
        if (query_.sort == Sort::Newest)
            return static_cast<double>(segment.facts(match.document).published_at);
        const auto& hot = segment.hot(match.document);
        const auto days = static_cast<float>(std::max(0, now_minute_ - hot.minute)) / 1440.0F;
        const float recency = 1 + recency_boost / (1 + days / 365.0F);
        const double score = match.score * recency * hot.weight;
        const bool same_title = hot.title_hash == static_cast<std::uint32_t>(plan_.title_hash)
                                && segment.facts(match.document).title_hash == plan_.title_hash;
        return same_title ? score + exact_title : score;
    }

    static bool is_before(const Match& one, const Match& other)
    {
        return one.rank != other.rank ? one.rank > other.rank : one.id > other.id;
    }

    /// The heap's front is the last of the best.
    void keep_best(const Match& match)
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

    static void most_frequent(std::vector<FacetCount>& counts)
    {
        std::erase_if(counts, [](const FacetCount& count) { return count.count == 0; });
        std::stable_sort(counts.begin(), counts.end(), [](const auto& one, const auto& other) {
            return one.count > other.count;
        });
        if (counts.size() > facet_values_max)
            counts.resize(facet_values_max);
    }

    const Query& query_;
    const Plan& plan_;
    std::size_t keep_;
    std::int32_t now_minute_;
    std::vector<std::uint32_t> years_;
    std::map<std::int64_t, std::size_t> sites_;
    std::map<std::int64_t, std::size_t> orgs_;
    std::map<std::string, std::size_t> types_;
    std::vector<Match> heap_;
    std::size_t total_ = 0;
};

bool needs_reading(const Parsed& parsed)
{
    return std::any_of(parsed.phrases.begin(), parsed.phrases.end(), [](const std::string& phrase) {
        return character_count(phrase) > 2; // Two characters are one pair, which is exact.
    });
}

/// Keeps what has every quotation word for word; false when not all could be read.
bool check_phrases(
    const Part& part, const Query& query, const Parsed& parsed, std::vector<Scored>& found,
    std::size_t& checks)
{
    const Filter filter(part, query);
    std::vector<Scored> kept;
    bool all = true;
    for (auto match = found.rbegin(); match != found.rend(); ++match) {
        if (!filter.passes(match->document))
            continue;
        all = checks < phrase_checks_max;
        if (!all)
            break;
        ++checks;
        const auto stored = part.segment->read_stored(match->document);
        const auto text = query.scope == Scope::TitleOnly
                              ? bare(stored.title)
                              : bare(stored.title) + "\n" + bare(stored.document_number) + "\n"
                                    + bare(stored.text);
        const bool has_all = std::all_of(
            parsed.phrases.begin(), parsed.phrases.end(),
            [&](const std::string& phrase) { return text.find(phrase) != text.npos; });
        if (has_all)
            kept.push_back(*match);
    }
    std::reverse(kept.begin(), kept.end());
    found = std::move(kept);
    return all;
}

std::vector<Scored> all_documents(const Part& part)
{
    std::vector<Scored> found(part.segment->size());
    for (std::uint32_t document = 0; document < found.size(); ++document)
        found[document].document = document;
    return found;
}

void lift_number(const Part& part, Key number, std::vector<Scored>& found)
{
    const auto entry = part.segment->find(number);
    if (!entry)
        return;
    const auto bytes = part.segment->read_postings(*entry);
    for (PostingsReader list(bytes, entry->size); !list.at_end(); list.next()) {
        const auto match = std::lower_bound(
            found.begin(), found.end(), list.here().document,
            [](const Scored& one, std::uint32_t document) { return one.document < document; });
        if (match != found.end() && match->document == list.here().document)
            match->score += static_cast<float>(exact_number);
    }
}

} // namespace

std::uint64_t frequency(std::span<const Part> parts, Key key)
{
    std::uint64_t documents = 0;
    for (const auto& part : parts) {
        const auto entry = part.segment->find(key);
        documents += entry ? entry->size : 0;
    }
    return documents;
}

Matches find_matches(
    std::span<const Part> parts, const Query& query, const Parsed& parsed, Need need,
    std::size_t keep)
{
    const auto plan = make_plan(parts, query, parsed);
    Collector collector(query, plan, keep);
    bool exact = true;
    bool elsewhere = false;
    std::size_t checks = 0;
    for (std::uint32_t place = 0; place < parts.size(); ++place) {
        const auto& part = parts[place];
        if (parsed.empty()) {
            collector.take(parts, place, all_documents(part));
            continue;
        }
        Finder finder(part, plan);
        auto found = need == Need::AllWords ? finder.all_words() : finder.some_words();
        if (need == Need::AllWords && needs_reading(parsed))
            exact = check_phrases(part, query, parsed, found, checks) && exact;
        elsewhere = elsewhere || !found.empty();
        if (keep != 0) {
            finder.improve(found);
            lift_number(part, plan.number, found);
        }
        exact = exact && !finder.was_cut();
        collector.take(parts, place, found);
    }
    auto matches = collector.finish();
    matches.total_is_exact = exact;
    matches.found_elsewhere = elsewhere && matches.total == 0;
    return matches;
}

} // namespace search
