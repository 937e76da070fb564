#include "search/builder.h"

#include "search/glyphs.h"
#include "search/terms.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace search {
namespace {

// Beyond these a document is cut: what follows is still not lost, it is only not found.
constexpr std::size_t title_glyphs_max = 500;
constexpr std::size_t text_glyphs_max = 300'000;
constexpr std::size_t field_bytes_max = 1'000;
constexpr std::size_t text_bytes_max = 1'000'000;

constexpr double weight_least = 0.1;
constexpr double weight_most = 10;

/// At most `bytes_max` bytes, cut on a character's border.
std::string_view cut(std::string_view text, std::size_t bytes_max)
{
    if (text.size() <= bytes_max)
        return text;
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80)
        --bytes_max;
    return text.substr(0, bytes_max);
}

/// Summary, text and keywords as they are kept for snippets.
std::string whole_text(const Document& document)
{
    std::string text(cut(document.text, text_bytes_max));
    // The summary of most items is the head of their text: once is enough.
    if (!document.summary.empty() && !document.text.starts_with(document.summary))
        text = std::string(cut(document.summary, field_bytes_max)) + "\n" + text;
    for (const auto& keyword : document.keywords)
        text += "\n" + std::string(cut(keyword, field_bytes_max));
    return text;
}

std::size_t slot_of(Key key, std::size_t slots)
{
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> 20) & (slots - 1);
}

} // namespace

Builder::Builder()
    : sites_(tables_.sites)
    , orgs_(tables_.orgs)
    , types_(tables_.types)
    , slots_(1 << 19)
{
}

void Builder::grow()
{
    slots_.assign(slots_.size() * 2, 0);
    for (std::size_t i = 0; i < lists_.size(); ++i) {
        auto slot = slot_of(lists_[i].key, slots_.size());
        while (slots_[slot] != 0)
            slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
}

Builder::List& Builder::list_of(Key key)
{
    auto slot = slot_of(key, slots_.size());
    while (slots_[slot] != 0) {
        auto& list = lists_[slots_[slot] - 1];
        if (list.key == key)
            return list;
        slot = (slot + 1) & (slots_.size() - 1);
    }
    lists_.emplace_back();
    lists_.back().key = key;
    lists_bytes_ += sizeof(List) + 8;
    slots_[slot] = static_cast<std::uint32_t>(lists_.size());
    if (lists_.size() * 2 > slots_.size())
        grow();
    return lists_.back();
}

void Builder::count(Key key, std::uint32_t document)
{
    auto& list = list_of(key);
    if (list.times != 0 && list.document == document) {
        ++list.times;
        return;
    }
    if (list.times != 0) {
        list.postings.add(list.document, list.times);
        lists_bytes_ += 2;
    }
    list.document = document;
    list.times = 1;
}

void Builder::count_text(std::string_view text, std::uint32_t document)
{
    const auto glyphs = glyphs_of(text, text_glyphs_max);
    each_term(glyphs, Field::Text, [&](Key key, std::uint32_t, std::uint32_t) {
        count(key, document);
        ++terms_;
    });
}

void Builder::store(const Document& document, std::string_view text, Facts& facts)
{
    const auto url = cut(document.url, field_bytes_max);
    const auto number = cut(document.document_number, field_bytes_max);
    const auto title = cut(document.title, field_bytes_max * 2);
    facts.text_offset = stored_.size();
    const std::array<std::uint32_t, 3> lengths = {
        static_cast<std::uint32_t>(url.size()), static_cast<std::uint32_t>(number.size()),
        static_cast<std::uint32_t>(title.size())};
    stored_.append(reinterpret_cast<const char*>(lengths.data()), sizeof lengths);
    stored_.append(url).append(number).append(title).append(text);
}

void Builder::add(const Document& document)
{
    remove(document.id);
    const auto place = static_cast<std::uint32_t>(tables_.facts.size());
    Facts facts;
    facts.id = document.id;
    facts.site = document.site;
    facts.column = document.column;
    facts.org = document.org;
    facts.published_at = base::to_millis(document.published_at);
    facts.title_hash = hash_of(bare(document.title));
    facts.weight = static_cast<float>(std::clamp(document.weight, weight_least, weight_most));
    facts.year = static_cast<std::int16_t>(std::clamp(document.year, 0, 9999));
    facts.type = types_(document.type);
    facts.site_rank = sites_(document.site);
    facts.org_rank = orgs_(document.org);

    terms_ = 0;
    const auto title = glyphs_of(document.title, title_glyphs_max);
    each_term(title, Field::Title, [&](Key key, std::uint32_t, std::uint32_t) {
        count(key, place);
        count(in_field(key, Field::Text), place);
        ++terms_;
    });
    count_text(document.document_number, place);
    if (!document.document_number.empty())
        count(number_key(document.document_number), place);
    const auto text = whole_text(document);
    count_text(text, place);
    facts.length = length_code(terms_);
    tables_.terms_total += terms_;
    store(document, text, facts);
    tables_.facts.push_back(facts);
    places_[document.id] = place;
}

void Builder::remove(std::int64_t id)
{
    const auto found = places_.find(id);
    if (found == places_.end())
        return;
    removed_.push_back(found->second);
    places_.erase(found);
}

std::shared_ptr<const Dead> Builder::write(const std::filesystem::path& path)
{
    SegmentWriter writer(path);
    writer.append(stored_);
    std::vector<std::pair<Key, std::uint32_t>> order;
    order.reserve(lists_.size());
    for (std::uint32_t i = 0; i < lists_.size(); ++i)
        order.emplace_back(lists_[i].key, i);
    std::sort(order.begin(), order.end());
    std::string bytes;
    for (const auto& [key, place] : order) {
        auto& list = lists_[place];
        list.postings.add(list.document, list.times);
        const auto size = list.postings.size();
        bytes.clear();
        list.postings.finish(bytes);
        writer.append_list(key, size, bytes);
    }
    tables_.by_id.resize(tables_.facts.size());
    std::iota(tables_.by_id.begin(), tables_.by_id.end(), 0U);
    // Of several with one id the last put is the one that lives: it stands first, where find()
    // looks.
    std::sort(tables_.by_id.begin(), tables_.by_id.end(), [&](auto a, auto b) {
        const auto first = tables_.facts[a].id;
        const auto second = tables_.facts[b].id;
        return first != second ? first < second : a > b;
    });
    auto dead = std::make_shared<Dead>(static_cast<std::uint32_t>(tables_.facts.size()));
    for (const auto place : removed_)
        dead->add(place);
    writer.finish(tables_);
    return dead;
}

} // namespace search
