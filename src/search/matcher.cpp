#include "search/matcher.h"

#include "search/collect.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace search {
namespace {

// BM25, with the usual k1; b is milder than usual because long texts here are laws, not padding.
constexpr float k1 = 1.2F;
constexpr float b = 0.6F;
constexpr float title_boost = 2.0F;     // A word in the title also counts in the text: 1 + 2.
constexpr float neighbour_boost = 0.5F; // Words that stand together as in the query.
constexpr double exact_number = 500;    // Above any sum of words, below an exact title.

constexpr std::size_t phrase_checks_max = 5'000; // Texts read to check a quotation.
constexpr std::size_t singles_lists_max = 64;
constexpr std::uint64_t singles_postings_least =
    50'000;                               // Most frequent pairs of a one-character query.
constexpr std::size_t some_words_max = 8; // Rarest terms tried when no document has all.

struct Term {
    Key key = 0;
    float weight = 0;
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
    /// Scores of a term that occurs once, by length: most postings are such.
    std::array<float, 256> once(float weight) const
    {
        std::array<float, 256> scores;
        for (std::size_t code = 0; code < scores.size(); ++code)
            scores[code] = term_score(weight, 1, plan_.norms[code]);
        return scores;
    }

    float score(float weight, const std::array<float, 256>& once, Posting posting) const
    {
        const auto length = segment_.length(posting.document);
        return posting.times == 1 ? once[length]
                                  : term_score(weight, posting.times, plan_.norms[length]);
    }

    float score(float weight, Posting posting) const
    {
        return term_score(weight, posting.times, plan_.norms[segment_.length(posting.document)]);
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
                const auto scores = once(weight);
                for (; !list.at_end(); list.next())
                    found.push_back({list.here().document, score(weight, scores, list.here())});
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
            const auto wanted = within_budget(entries);
            was_cut_ = was_cut_ || wanted < entries.size();
            entries.resize(wanted);
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

    /// How many of the lists, longest first, can be walked in good time: a character such as 在 is
    /// in every document, and knowing that exactly helps nobody.
    std::size_t within_budget(const std::vector<Entry>& entries) const
    {
        const auto budget =
            std::max<std::uint64_t>(singles_postings_least, std::uint64_t{segment_.size()} * 3 / 2);
        std::uint64_t postings = 0;
        std::size_t count = 0;
        while (count < std::min(entries.size(), singles_lists_max) && postings < budget)
            postings += entries[count++].size;
        return count;
    }

    const Segment& segment_;
    const Plan& plan_;
    bool was_cut_ = false;
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
    Collector collector(query, plan.title_hash, keep);
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
