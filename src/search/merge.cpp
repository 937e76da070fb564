#include "search/merge.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace search {
namespace {

constexpr std::size_t merge_width = 8;       // Each document is rewritten log8(n) times.
constexpr std::uint32_t small_segment = 512; // Below, all are of one class.
constexpr std::uint32_t stop_check_terms = 1024;

/// Walks all terms of a segment with their lists, a block at a time.
class EntryCursor {
public:
    explicit EntryCursor(const Segment& segment)
        : segment_(&segment)
    {
        next();
    }

    bool at_end() const { return at_end_; }
    const Entry& here() const { return entries_[place_]; }
    std::string_view list() const
    {
        return std::string_view(lists_).substr(here().offset - entries_[0].offset, here().bytes);
    }

    void next()
    {
        if (++place_ < entries_.size())
            return;
        entries_.clear();
        place_ = 0;
        const auto& blocks = segment_->tables().blocks;
        at_end_ = block_ >= blocks.size();
        if (at_end_)
            return;
        const auto bytes = segment_->read_block(block_);
        DictionaryReader reader(bytes, blocks[block_]);
        for (Entry entry; reader.next(entry);)
            entries_.push_back(entry);
        ++block_;
        Entry whole = entries_.front();
        whole.bytes = static_cast<std::uint32_t>(
            entries_.back().offset + entries_.back().bytes - whole.offset);
        lists_ = segment_->read_postings(whole);
    }

private:
    const Segment* segment_;
    std::size_t block_ = 0;
    std::size_t place_ = 0;
    std::vector<Entry> entries_;
    std::string lists_;
    bool at_end_ = false;
};

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
        if (!take_lists(stop))
            return std::nullopt;
        sort_ids();
        writer_.finish(tables_);
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
        std::vector<EntryCursor> cursors;
        for (const auto& part : parts_)
            cursors.emplace_back(*part.segment);
        PostingsWriter list;
        std::string bytes;
        for (std::uint32_t terms = 0;; ++terms) {
            if (terms % stop_check_terms == 0 && stop)
                return false;
            const auto key = least_key(cursors);
            if (!key)
                return true;
            for (std::size_t i = 0; i < parts_.size(); ++i) {
                if (!cursors[i].at_end() && cursors[i].here().key == *key) {
                    copy_list(i, cursors[i].list(), cursors[i].here(), list);
                    cursors[i].next();
                }
            }
            if (list.size() == 0)
                continue;
            const auto size = list.size();
            bytes.clear();
            list.finish(bytes);
            writer_.append_list(*key, size, bytes);
        }
    }

    static std::optional<Key> least_key(const std::vector<EntryCursor>& cursors)
    {
        std::optional<Key> least;
        for (const auto& cursor : cursors) {
            if (!cursor.at_end() && (!least || cursor.here().key < *least))
                least = cursor.here().key;
        }
        return least;
    }

    void copy_list(
        std::size_t part, std::string_view bytes, const Entry& entry, PostingsWriter& list) const
    {
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
