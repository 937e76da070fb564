#include "search/merge.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace search {
namespace {

constexpr std::size_t merge_width = 8;       // Each document is rewritten log8(n) times.
constexpr std::uint32_t small_segment = 512; // Below, all are of one class.
constexpr std::uint32_t stop_check_terms = 1024;

class Merger {
public:
    Merger(std::span<const Part> parts, const std::filesystem::path& path)
        : parts_(parts)
        , writer_(path)
        , sites_(tables_.sites)
        , orgs_(tables_.orgs)
        , types_(tables_.types)
    {
    }

    std::optional<Moves> run(const std::atomic<bool>& stop)
    {
        for (const auto& part : parts_)
            moves_.push_back(take_documents(part));
        const auto stored_end = writer_.at();
        if (!take_lists(stop))
            return std::nullopt;
        sort_ids();
        writer_.finish(tables_, stored_end);
        return std::move(moves_);
    }

private:
    std::vector<std::uint32_t> take_documents(const Part& part)
    {
        const auto& segment = *part.segment;
        std::vector<std::uint32_t> places(segment.size(), Segment::none);
        for (std::uint32_t document = 0; document < segment.size(); ++document) {
            if (part.dead->has(document))
                continue;
            auto facts = segment.facts(document);
            facts.type = types_(segment.tables().types[facts.type]);
            facts.site_rank = sites_(facts.site);
            facts.org_rank = orgs_(facts.org);
            facts.text_offset = writer_.at();
            writer_.append(segment.read_stored_bytes(document));
            places[document] = static_cast<std::uint32_t>(tables_.facts.size());
            tables_.facts.push_back(facts);
        }
        // Dead documents leave the average length as they leave the lists: in proportion.
        if (segment.size() != 0)
            tables_.terms_total += segment.tables().terms_total * part.alive() / segment.size();
        return places;
    }

    bool take_lists(const std::atomic<bool>& stop)
    {
        std::vector<std::size_t> at(parts_.size(), 0);
        PostingsWriter list;
        std::string bytes;
        for (std::uint32_t terms = 0;; ++terms) {
            if (terms % stop_check_terms == 0 && stop)
                return false;
            const auto key = least_key(at);
            if (!key)
                return true;
            for (std::size_t i = 0; i < parts_.size(); ++i) {
                const auto& entries = parts_[i].segment->tables().entries;
                if (at[i] < entries.size() && entries[at[i]].key == *key)
                    copy_list(i, entries[at[i]++], list);
            }
            if (list.size() == 0)
                continue;
            const auto size = list.size();
            bytes.clear();
            list.finish(bytes);
            tables_.entries.push_back(
                {*key, writer_.at(), static_cast<std::uint32_t>(bytes.size()), size});
            writer_.append(bytes);
        }
    }

    std::optional<Key> least_key(const std::vector<std::size_t>& at) const
    {
        std::optional<Key> least;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const auto& entries = parts_[i].segment->tables().entries;
            if (at[i] < entries.size() && (!least || entries[at[i]].key < *least))
                least = entries[at[i]].key;
        }
        return least;
    }

    void copy_list(std::size_t part, const Entry& entry, PostingsWriter& list) const
    {
        const auto bytes = parts_[part].segment->read_postings(entry);
        for (PostingsReader reader(bytes, entry.size); !reader.at_end(); reader.next()) {
            const auto place = moves_[part][reader.here().document];
            if (place != Segment::none)
                list.add(place, reader.here().times);
        }
    }

    void sort_ids()
    {
        tables_.by_id.resize(tables_.facts.size());
        std::iota(tables_.by_id.begin(), tables_.by_id.end(), 0U);
        std::sort(tables_.by_id.begin(), tables_.by_id.end(), [&](auto a, auto b) {
            return tables_.facts[a].id < tables_.facts[b].id;
        });
    }

    std::span<const Part> parts_;
    SegmentWriter writer_;
    SegmentTables tables_;
    Ranks<std::int64_t> sites_;
    Ranks<std::int64_t> orgs_;
    Ranks<std::string> types_;
    Moves moves_;
};

int size_class(const Part& part)
{
    int level = 0;
    for (auto size = part.alive() / small_segment; size != 0; size /= merge_width)
        ++level;
    return level;
}

} // namespace

std::optional<Moves> merge_parts(
    std::span<const Part> parts, const std::filesystem::path& path, const std::atomic<bool>& stop)
{
    return Merger(parts, path).run(stop);
}

std::vector<std::size_t> parts_to_merge(std::span<const Part> parts)
{
    std::map<int, std::vector<std::size_t>> classes;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].dead->count() * 2 > parts[i].segment->size())
            return {i};
        auto& members = classes[size_class(parts[i])];
        members.push_back(i);
        if (members.size() == merge_width)
            return members;
    }
    return {};
}

} // namespace search
