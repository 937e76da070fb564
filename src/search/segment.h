#pragma once

// A segment: some documents and everything needed to find them, in one file that never changes.
// New documents make new segments; small ones are merged into larger ones; deleting marks a
// document dead beside the segment. What every query needs (dictionary, facts of the documents) is
// held in memory, about 110 bytes a document; lists and texts are read from the file when asked
// for.

#include "search/dead.h"
#include "search/index.h"
#include "search/postings.h"
#include "search/terms.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace search {

/// One term of a segment and where its list is.
struct Entry {
    Key key = 0;
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    std::uint32_t size = 0; // Documents.
};

/// The dictionary is written in blocks of dictionary_block entries; memory holds where they begin.
struct DictionaryBlock {
    Key first = 0;
    std::uint64_t at = 0;    // Of the block, from the beginning of the dictionary.
    std::uint64_t lists = 0; // Of the first entry's list; the others follow without gaps.
};
inline constexpr std::size_t dictionary_block = 64;

/// Takes a block apart, entry by entry.
class DictionaryReader {
public:
    DictionaryReader(std::string_view bytes, const DictionaryBlock& block);
    bool next(Entry& entry);

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    Key key_ = 0;
    std::uint64_t offset_;
};

/// What filtering, counting and ranking need of a document, fixed in size.
struct Facts {
    std::int64_t id = 0;
    std::int64_t site = 0;
    std::int64_t column = 0;
    std::int64_t org = 0;
    std::int64_t published_at = 0; // Milliseconds.
    std::uint64_t title_hash = 0;
    std::uint64_t text_offset = 0; // Of the stored fields.
    float weight = 1;
    std::int16_t year = 0;
    std::uint16_t type = 0;      // Into Segment::types.
    std::uint16_t site_rank = 0; // Into Segment::sites; so that counting is an array.
    std::uint16_t org_rank = 0;  // Into Segment::orgs.
    std::uint8_t length = 0;     // See length_code.
    std::uint8_t unused[7] = {};
};
static_assert(sizeof(Facts) == 80);

/// What ranking and counting touch of every match, packed: a frequent word has 600,000 matches.
struct Hot {
    std::uint16_t site = 0; // Ranks, as in Facts.
    std::uint16_t org = 0;
    std::uint16_t type = 0;
    std::int16_t year = 0;
    float weight = 1;
    std::int32_t minute = 0;      // Of publication, since 1970.
    std::uint32_t title_hash = 0; // The low half.
};
static_assert(sizeof(Hot) == 20);

/// The number of terms of a text in one byte, to within 9 %: 8 steps a doubling.
std::uint8_t length_code(std::uint32_t terms);
float length_of(std::uint8_t code);

/// The fields that come back with a hit.
struct Stored {
    std::string url;
    std::string document_number;
    std::string title;
    std::string text; // Summary, text and keywords, one after the other.
};

/// The parts of a segment that are the same in memory and in the file.
struct SegmentTables {
    std::vector<DictionaryBlock> blocks; // By key.
    std::vector<Facts> facts;            // By document.
    std::vector<std::uint32_t> by_id;
    std::vector<std::int64_t> sites;
    std::vector<std::int64_t> orgs;
    std::vector<std::string> types;
    std::uint64_t terms_total = 0; // Lengths of all documents, for the average.
};

class Segment {
public:
    /// Throws std::runtime_error when the file is not a whole segment.
    Segment(const std::filesystem::path& path, std::uint64_t number);
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    static constexpr std::uint32_t none = 0xffffffff;

    std::uint64_t number() const { return number_; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(tables_.facts.size()); }
    std::uint64_t bytes() const { return bytes_; }
    const SegmentTables& tables() const { return tables_; }
    const Facts& facts(std::uint32_t document) const { return tables_.facts[document]; }
    const Hot& hot(std::uint32_t document) const { return hot_[document]; }
    std::uint8_t length(std::uint32_t document) const { return lengths_[document]; }

    /// The document with this id, dead or alive, or none. Of several: the last that was put.
    std::uint32_t find(std::int64_t id) const;

    std::optional<Entry> find(Key key) const;

    /// Calls take(entry) for every entry with first <= key < end, by key.
    template <typename Take>
    void each_entry(Key first, Key end, Take&& take) const
    {
        for (auto block = block_of(first); block < tables_.blocks.size(); ++block) {
            if (tables_.blocks[block].first >= end)
                return;
            const auto bytes = read_block(block);
            DictionaryReader reader(bytes, tables_.blocks[block]);
            for (Entry entry; reader.next(entry) && entry.key < end;) {
                if (entry.key >= first)
                    take(entry);
            }
        }
    }

    /// The entries of one block as they stand in the file.
    std::string read_block(std::size_t block) const;

    std::string read_postings(const Entry& entry) const;
    Stored read_stored(std::uint32_t document) const;

    /// The stored fields as they stand in the file.
    std::string read_stored_bytes(std::uint32_t document) const;

private:
    std::string read(std::uint64_t offset, std::size_t bytes) const;
    std::size_t block_of(Key key) const; // The only one that may hold it.

    std::uint64_t number_;
    std::uint64_t bytes_ = 0;
    std::uint64_t stored_end_ = 0;
    std::uint64_t dictionary_begin_ = 0;
    std::uint64_t dictionary_end_ = 0;
    int file_ = -1;
    std::int64_t id_min_ = 0;
    std::int64_t id_max_ = 0;
    SegmentTables tables_;
    std::vector<Hot> hot_;
    std::vector<std::uint8_t> lengths_; // Codes.
};

/// A segment as of some commit: what is dead in it may differ from commit to commit.
struct Part {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const Dead> dead;  // Never null.
    std::uint64_t dead_generation = 0; // 0: nothing dead, no file.
    std::uint32_t alive() const { return segment->size() - dead->count(); }
};

/// Writes one segment file from front to back: stored fields, lists in order of key, tables.
class SegmentWriter {
public:
    explicit SegmentWriter(const std::filesystem::path& path);
    ~SegmentWriter();
    SegmentWriter(const SegmentWriter&) = delete;
    SegmentWriter& operator=(const SegmentWriter&) = delete;

    /// Where the next byte goes.
    std::uint64_t at() const { return written_ + buffer_.size(); }

    /// Stored fields; all before the first list.
    void append(std::string_view bytes);

    /// The list of a term in `size` documents. Requires: keys come in rising order.
    void append_list(Key key, std::uint32_t size, std::string_view bytes);

    /// Writes dictionary and tables (whose blocks it fills in) and makes the file durable.
    void finish(SegmentTables& tables);

private:
    void flush();

    std::string buffer_;
    std::uint64_t written_ = 0;
    std::uint64_t stored_end_ = 0;
    std::string dictionary_;
    std::vector<DictionaryBlock> blocks_;
    std::size_t entries_ = 0;
    Key last_key_ = 0;
    int file_;
};

/// Gives every value a small number in order of first sight, for Facts::site_rank and the like.
template <typename Value>
class Ranks {
public:
    explicit Ranks(std::vector<Value>& values)
        : values_(values)
    {
    }
    std::uint16_t operator()(const Value& value)
    {
        const auto [found, fresh] = ranks_.try_emplace(value, values_.size());
        if (!fresh)
            return static_cast<std::uint16_t>(found->second);
        // Beyond 65,535 values the rest is counted with the last: no facet shows that many.
        if (values_.size() > 0xffff)
            return static_cast<std::uint16_t>(found->second = 0xffff);
        values_.push_back(value);
        return static_cast<std::uint16_t>(found->second);
    }
    void clear() { ranks_.clear(); }

private:
    std::vector<Value>& values_;
    std::unordered_map<Value, std::size_t> ranks_;
};

} // namespace search
