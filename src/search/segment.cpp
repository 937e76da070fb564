#include "search/segment.h"

#include "search/file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <unistd.h>

namespace search {
namespace {

constexpr std::size_t buffer_size = 1 << 20;
constexpr std::uint64_t magic = 0x31474553'4f414948; // "HIAOSEG1"

// The end of the file. The checksum is over the tables, which are read whole; lists and texts are
// only read in part and are covered by their offsets being in order.
struct Footer {
    std::uint64_t stored_end = 0;
    std::uint64_t dictionary_begin = 0;
    std::uint64_t tables_begin = 0;
    std::uint64_t blocks = 0;
    std::uint64_t facts = 0;
    std::uint64_t sites = 0;
    std::uint64_t orgs = 0;
    std::uint64_t types_bytes = 0;
    std::uint64_t terms_total = 0;
    std::uint64_t checksum = 0;
    std::uint64_t magic = 0;
};

std::uint64_t checksum(std::uint64_t sum, std::string_view bytes)
{
    // Eight bytes at a time: as fast as reading, which opening a million documents needs.
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
        sum ^= sum >> 29;
    }
    for (; at < bytes.size(); ++at)
        sum = (sum ^ static_cast<unsigned char>(bytes[at])) * 0x100000001b3ULL;
    return sum;
}

template <typename Value>
std::string_view bytes_of(const std::vector<Value>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

std::string join(const std::vector<std::string>& values)
{
    std::string joined;
    for (const auto& value : values)
        joined += value + '\n';
    return joined;
}

std::vector<std::string> split(std::string_view joined)
{
    std::vector<std::string> values;
    while (!joined.empty()) {
        const auto end = joined.find('\n');
        values.emplace_back(joined.substr(0, end));
        joined.remove_prefix(end == std::string_view::npos ? joined.size() : end + 1);
    }
    return values;
}

[[noreturn]] void refuse_file(const std::filesystem::path& path)
{
    throw std::runtime_error("search index: " + path.string() + " is damaged; rebuild the index");
}

void put_long(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

std::uint64_t take_long(std::string_view bytes, std::size_t& at)
{
    std::uint64_t value = 0;
    for (int shift = 0; at < bytes.size() && shift < 64; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes[at++]);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

Hot hot_of(const Facts& facts)
{
    return {
        .site = facts.site_rank,
        .org = facts.org_rank,
        .type = facts.type,
        .year = facts.year,
        .weight = facts.weight,
        .minute = static_cast<std::int32_t>(facts.published_at / 60'000),
        .title_hash = static_cast<std::uint32_t>(facts.title_hash)};
}

std::array<float, 256> make_lengths()
{
    std::array<float, 256> lengths{};
    for (std::size_t i = 0; i < lengths.size(); ++i)
        lengths[i] = std::exp2(static_cast<float>(i) / 8.0F) - 1.0F;
    return lengths;
}

} // namespace

std::uint8_t length_code(std::uint32_t terms)
{
    const float code = std::round(8.0F * std::log2(static_cast<float>(terms) + 1.0F));
    return static_cast<std::uint8_t>(std::min(code, 255.0F));
}

float length_of(std::uint8_t code)
{
    static const auto lengths = make_lengths();
    return lengths[code];
}

DictionaryReader::DictionaryReader(std::string_view bytes, const DictionaryBlock& block)
    : bytes_(bytes)
    , key_(block.first)
    , offset_(block.lists)
{
}

bool DictionaryReader::next(Entry& entry)
{
    if (at_ >= bytes_.size())
        return false;
    key_ += take_long(bytes_, at_);
    entry.key = key_;
    entry.size = static_cast<std::uint32_t>(take_long(bytes_, at_));
    entry.bytes = static_cast<std::uint32_t>(take_long(bytes_, at_));
    entry.offset = offset_;
    offset_ += entry.bytes;
    return true;
}

Segment::Segment(const std::filesystem::path& path, std::uint64_t number)
    : number_(number)
{
    bytes_ = std::filesystem::file_size(path);
    Footer footer;
    if (bytes_ < sizeof footer)
        refuse_file(path);
    file_ = open_to_read(path);
    std::uint64_t sum = 0;
    std::uint64_t at = 0;
    const auto load = [&](auto& values, std::uint64_t count) {
        using Value = typename std::remove_reference_t<decltype(values)>::value_type;
        if (count > (bytes_ - at) / sizeof(Value))
            refuse_file(path);
        values.resize(count);
        read_all(file_, at, reinterpret_cast<char*>(values.data()), count * sizeof(Value));
        at += count * sizeof(Value);
        sum = checksum(sum, {reinterpret_cast<const char*>(values.data()), count * sizeof(Value)});
    };
    try {
        read_all(file_, bytes_ - sizeof footer, reinterpret_cast<char*>(&footer), sizeof footer);
        if (footer.magic != magic || footer.tables_begin > bytes_
            || footer.dictionary_begin > footer.tables_begin)
            refuse_file(path);
        at = footer.tables_begin;
        std::string types;
        load(tables_.blocks, footer.blocks);
        load(tables_.facts, footer.facts);
        load(tables_.by_id, footer.facts);
        load(tables_.sites, footer.sites);
        load(tables_.orgs, footer.orgs);
        load(types, footer.types_bytes);
        if (sum != footer.checksum || at + sizeof footer != bytes_)
            refuse_file(path);
        tables_.types = split(types);
    } catch (...) {
        ::close(file_);
        throw;
    }
    tables_.terms_total = footer.terms_total;
    stored_end_ = footer.stored_end;
    dictionary_begin_ = footer.dictionary_begin;
    dictionary_end_ = footer.tables_begin;
    hot_.reserve(size());
    lengths_.reserve(size());
    for (const auto& one : tables_.facts) {
        hot_.push_back(hot_of(one));
        lengths_.push_back(one.length);
    }
    if (size() != 0) {
        id_min_ = facts(tables_.by_id.front()).id;
        id_max_ = facts(tables_.by_id.back()).id;
    }
}

Segment::~Segment() { ::close(file_); }

std::uint32_t Segment::find(std::int64_t id) const
{
    if (size() == 0 || id < id_min_ || id > id_max_)
        return none;
    const auto found = std::lower_bound(
        tables_.by_id.begin(), tables_.by_id.end(), id,
        [&](std::uint32_t document, std::int64_t wanted) { return facts(document).id < wanted; });
    return found != tables_.by_id.end() && facts(*found).id == id ? *found : none;
}

std::size_t Segment::block_of(Key key) const
{
    const auto& blocks = tables_.blocks;
    const auto after = std::upper_bound(
        blocks.begin(), blocks.end(), key,
        [](Key wanted, const DictionaryBlock& block) { return wanted < block.first; });
    return after == blocks.begin() ? 0 : static_cast<std::size_t>(after - blocks.begin()) - 1;
}

std::optional<Entry> Segment::find(Key key) const
{
    const auto place = block_of(key);
    if (place >= tables_.blocks.size() || tables_.blocks[place].first > key)
        return std::nullopt;
    const auto bytes = read_block(place);
    DictionaryReader reader(bytes, tables_.blocks[place]);
    for (Entry entry; reader.next(entry) && entry.key <= key;) {
        if (entry.key == key)
            return entry;
    }
    return std::nullopt;
}

std::string Segment::read_block(std::size_t block) const
{
    const auto& blocks = tables_.blocks;
    const auto begin = dictionary_begin_ + blocks[block].at;
    const auto end =
        block + 1 < blocks.size() ? dictionary_begin_ + blocks[block + 1].at : dictionary_end_;
    return read(begin, end - begin);
}

std::string Segment::read(std::uint64_t offset, std::size_t bytes) const
{
    std::string content(bytes, '\0');
    read_all(file_, offset, content.data(), bytes);
    return content;
}

std::string Segment::read_postings(const Entry& entry) const
{
    return read(entry.offset, entry.bytes);
}

std::string Segment::read_stored_bytes(std::uint32_t document) const
{
    const auto begin = facts(document).text_offset;
    const auto end = document + 1 < size() ? facts(document + 1).text_offset : stored_end_;
    return read(begin, end - begin);
}

Stored Segment::read_stored(std::uint32_t document) const
{
    const auto bytes = read_stored_bytes(document);
    std::array<std::uint32_t, 3> lengths{};
    constexpr std::size_t head = sizeof lengths;
    if (bytes.size() < head)
        throw std::runtime_error("search index: a stored document is damaged; rebuild the index");
    std::memcpy(lengths.data(), bytes.data(), head);
    const std::string_view rest = std::string_view(bytes).substr(head);
    const auto total = std::uint64_t{lengths[0]} + lengths[1] + lengths[2];
    if (total > rest.size())
        throw std::runtime_error("search index: a stored document is damaged; rebuild the index");
    Stored stored;
    stored.url = rest.substr(0, lengths[0]);
    stored.document_number = rest.substr(lengths[0], lengths[1]);
    stored.title = rest.substr(std::size_t{lengths[0]} + lengths[1], lengths[2]);
    stored.text = rest.substr(total);
    return stored;
}

SegmentWriter::SegmentWriter(const std::filesystem::path& path)
    : file_(create_file(path))
{
}

SegmentWriter::~SegmentWriter() { ::close(file_); }

void SegmentWriter::append(std::string_view bytes)
{
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size)
        flush();
}

void SegmentWriter::flush()
{
    write_all(file_, buffer_);
    written_ += buffer_.size();
    buffer_.clear();
}

void SegmentWriter::append_list(Key key, std::uint32_t size, std::string_view bytes)
{
    if (entries_ == 0)
        stored_end_ = at();
    if (entries_ % dictionary_block == 0) {
        blocks_.push_back({key, dictionary_.size(), at()});
        last_key_ = key;
    }
    put_long(dictionary_, key - last_key_);
    put_long(dictionary_, size);
    put_long(dictionary_, bytes.size());
    last_key_ = key;
    ++entries_;
    append(bytes);
}

void SegmentWriter::finish(SegmentTables& tables)
{
    if (entries_ == 0)
        stored_end_ = at();
    tables.blocks = std::move(blocks_);
    const auto dictionary_begin = at();
    append(dictionary_);
    const auto types = join(tables.types);
    Footer footer{
        .stored_end = stored_end_,
        .dictionary_begin = dictionary_begin,
        .tables_begin = at(),
        .blocks = tables.blocks.size(),
        .facts = tables.facts.size(),
        .sites = tables.sites.size(),
        .orgs = tables.orgs.size(),
        .types_bytes = types.size(),
        .terms_total = tables.terms_total,
        .checksum = 0,
        .magic = magic};
    for (const auto part :
         {bytes_of(tables.blocks), bytes_of(tables.facts), bytes_of(tables.by_id),
          bytes_of(tables.sites), bytes_of(tables.orgs), std::string_view(types)}) {
        append(part);
        footer.checksum = checksum(footer.checksum, part);
    }
    append({reinterpret_cast<const char*>(&footer), sizeof footer});
    flush();
    sync_file(file_);
}

} // namespace search
