#include "http/page_cache.h"

#include "base/assert.h"
#include "http/encoding.h"
#include "http/head.h"

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace http {

namespace {

using Page = PageCache::Page;
using PagePointer = std::shared_ptr<const Page>;

constexpr std::size_t shard_count = 16;

/// Below this a coding saves less than its header costs.
constexpr std::size_t compressed_size_min = 256;

/// Tags whose last drop is remembered. Beyond it all are forgotten, and every ticket of before
/// counts as overtaken: a few pages are rendered once more.
constexpr std::size_t remembered_drops_max = 1U << 16;

/// Memory of one entry besides its texts: map nodes, tag index, control block.
constexpr std::size_t entry_overhead = 512;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>()(text);
    }
};

PageCache::Variant variant_of(
    const Response& response, std::string body, std::string etag, std::string_view encoding,
    bool varies)
{
    HeadFacts facts;
    facts.content_length = body.size();
    facts.etag = etag;
    facts.content_encoding = encoding;
    facts.varies_by_encoding = varies;
    // Anybody may keep it, nobody may show it unasked: a withdrawn page is gone within the second.
    facts.cache_control = "no-cache";
    auto head = head_of(response, facts);
    auto not_modified = not_modified_head_of(response, facts);
    return {std::move(head), std::move(body), std::move(etag), std::move(not_modified)};
}

PagePointer page_of(const Response& response)
{
    auto page = std::make_shared<Page>();
    page->status = response.status;
    const bool varies = response.body.size() >= compressed_size_min
                        && is_compressible(header_of(response, "content-type"));
    const auto own = header_of(response, "etag");
    const auto etag = [&](std::string_view suffix) {
        if (own.size() < 2 || own.back() != '"')
            return etag_of(response.body, suffix);
        return std::string(own.substr(0, own.size() - 1)).append(suffix).append("\"");
    };
    page->plain = variant_of(response, response.body, etag(""), "", varies);
    if (!varies)
        return page;
    auto zipped = gzip(response.body, gzip_level_kept);
    if (zipped.size() + 64 < response.body.size())
        page->gzip = variant_of(response, std::move(zipped), etag("-gz"), "gzip", true);
    auto pressed = brotli(response.body, brotli_quality_kept);
    if (pressed.size() + 64 < response.body.size())
        page->brotli = variant_of(response, std::move(pressed), etag("-br"), "br", true);
    return page;
}

std::size_t bytes_of(const PageCache::Variant& variant)
{
    return variant.head.size() + variant.body.size() + variant.etag.size()
           + variant.not_modified_head.size();
}

struct Entry {
    std::string key;
    PagePointer page;
    std::vector<std::string> tags;
    std::size_t bytes = 0;
    std::uint64_t used = 0; // Larger: more recently.
};

/// One lock and its part of the keys. The most recently used entry stands in front.
struct Shard {
    mutable std::mutex mutex;
    std::list<Entry> entries;
    std::unordered_map<std::string_view, std::list<Entry>::iterator, TextHash> by_key;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
};

} // namespace

/// Lock order: `index`, then one shard. A hit takes its shard's lock only.
struct PageCache::State {
    std::size_t bytes_max = 0;
    std::array<Shard, shard_count> shards;

    std::mutex index;
    std::unordered_map<std::string, std::unordered_set<std::string>> keys_of_tag;
    std::unordered_map<std::string, Ticket> dropped_at;
    Ticket overtaken = 0; // Tickets below it are overtaken whatever the tags.
    std::size_t bytes = 0;
    std::uint64_t rendered = 0;
    std::uint64_t dropped = 0;

    std::atomic<Ticket> now{1};         // Counts drops.
    std::atomic<std::uint64_t> puts{0}; // The clock of `used`.

    Shard& shard_of(std::string_view key) { return shards.at(TextHash()(key) % shard_count); }
    bool is_overtaken(const std::vector<std::string>& tags, Ticket ticket) const;
    bool forget(const std::string& key);
    void make_room();
    void insert(std::string_view key, PagePointer page, const std::vector<std::string>& tags);
};

bool PageCache::State::is_overtaken(const std::vector<std::string>& tags, Ticket ticket) const
{
    if (ticket < overtaken)
        return true;
    for (const auto& tag : tags) {
        const auto found = dropped_at.find(tag);
        if (found != dropped_at.end() && found->second > ticket)
            return true;
    }
    return false;
}

/// Requires: `index` is held.
bool PageCache::State::forget(const std::string& key)
{
    auto& shard = shard_of(key);
    std::list<Entry> gone;
    {
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.by_key.find(key);
        if (found == shard.by_key.end())
            return false;
        const auto entry = found->second;
        shard.by_key.erase(found);
        gone.splice(gone.end(), shard.entries, entry);
    }
    const auto& entry = gone.front();
    bytes -= entry.bytes;
    for (const auto& tag : entry.tags) {
        const auto keys = keys_of_tag.find(tag);
        if (keys == keys_of_tag.end())
            continue;
        keys->second.erase(entry.key);
        if (keys->second.empty())
            keys_of_tag.erase(keys);
    }
    return true;
}

/// Requires: `index` is held.
void PageCache::State::make_room()
{
    while (bytes > bytes_max) {
        std::string oldest;
        std::uint64_t used = UINT64_MAX;
        for (auto& shard : shards) {
            const std::lock_guard lock(shard.mutex);
            if (shard.entries.empty() || shard.entries.back().used >= used)
                continue;
            used = shard.entries.back().used;
            oldest = shard.entries.back().key;
        }
        if (!forget(oldest))
            return;
    }
}

/// Requires: `index` is held; the key is not there.
void PageCache::State::insert(
    std::string_view key, PagePointer page, const std::vector<std::string>& tags)
{
    Entry entry{std::string(key), std::move(page), tags, 0, 0};
    entry.bytes = entry_overhead + 2 * key.size() + bytes_of(entry.page->plain)
                  + bytes_of(entry.page->gzip) + bytes_of(entry.page->brotli);
    for (const auto& tag : tags) {
        entry.bytes += tag.size() + key.size();
        keys_of_tag[tag].insert(entry.key);
    }
    bytes += entry.bytes;
    entry.used = puts.fetch_add(2) + 2;
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.entries.push_front(std::move(entry));
    shard.by_key.emplace(shard.entries.front().key, shard.entries.begin());
}

PageCache::PageCache(std::size_t bytes_max)
    : state_(std::make_unique<State>())
{
    state_->bytes_max = bytes_max;
}

PageCache::~PageCache() = default;

std::shared_ptr<const Page> PageCache::find(std::string_view key) const
{
    auto& shard = state_->shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.by_key.find(key);
    if (found == shard.by_key.end()) {
        ++shard.misses;
        return nullptr;
    }
    ++shard.hits;
    const auto entry = found->second;
    // Later than every put so far, earlier than the next.
    entry->used = state_->puts.load(std::memory_order_relaxed) + 1;
    if (entry != shard.entries.begin())
        shard.entries.splice(shard.entries.begin(), shard.entries, entry);
    return entry->page;
}

bool PageCache::holds(std::string_view key, const Page& page) const
{
    auto& shard = state_->shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.by_key.find(key);
    return found != shard.by_key.end() && found->second->page.get() == &page;
}

PageCache::Ticket PageCache::take_ticket() const { return state_->now.load(); }

std::shared_ptr<const Page> PageCache::put(
    std::string_view key, const Response& response, Ticket ticket)
{
    VERIFY(response.caching.has_value());
    VERIFY(!response.file.has_value());
    auto page = page_of(response);
    const std::lock_guard lock(state_->index);
    ++state_->rendered;
    if (state_->is_overtaken(response.caching->tags, ticket))
        return page;
    state_->forget(std::string(key));
    state_->insert(key, page, response.caching->tags);
    state_->make_room();
    return page;
}

void PageCache::drop(const std::vector<std::string>& tags)
{
    const std::lock_guard lock(state_->index);
    const auto at = state_->now.fetch_add(1) + 1;
    if (state_->dropped_at.size() + tags.size() > remembered_drops_max) {
        state_->dropped_at.clear();
        state_->overtaken = at;
    }
    for (const auto& tag : tags) {
        state_->dropped_at[tag] = at;
        const auto found = state_->keys_of_tag.find(tag);
        if (found == state_->keys_of_tag.end())
            continue;
        const auto keys = found->second; // A copy: forget() takes keys out of the index.
        for (const auto& key : keys)
            state_->dropped += state_->forget(key) ? 1U : 0U;
    }
}

void PageCache::drop_all()
{
    const std::lock_guard lock(state_->index);
    state_->overtaken = state_->now.fetch_add(1) + 1;
    state_->dropped_at.clear();
    state_->keys_of_tag.clear();
    state_->bytes = 0;
    for (auto& shard : state_->shards) {
        const std::lock_guard shard_lock(shard.mutex);
        state_->dropped += shard.entries.size();
        shard.by_key.clear();
        shard.entries.clear();
    }
}

PageCache::Counters PageCache::counters() const
{
    const std::lock_guard lock(state_->index);
    Counters counters;
    for (const auto& shard : state_->shards) {
        const std::lock_guard shard_lock(shard.mutex);
        counters.hits += shard.hits;
        counters.misses += shard.misses;
        counters.pages += shard.entries.size();
    }
    counters.rendered = state_->rendered;
    counters.dropped = state_->dropped;
    counters.bytes = state_->bytes;
    return counters;
}

} // namespace http
