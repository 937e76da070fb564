#pragma once

// Documents on their way into a segment, in memory.

#include "search/index.h"
#include "search/segment.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace search {

class Builder {
public:
    Builder();
    Builder(const Builder&) = delete;
    Builder& operator=(const Builder&) = delete;

    void add(const Document& document);

    /// Forgets a document added before; unknown ids are ignored.
    void remove(std::int64_t id);

    bool empty() const { return tables_.facts.empty(); }

    /// Bytes held, about.
    std::size_t memory() const { return stored_.size() + lists_bytes_; }

    /// Writes everything as a segment and returns which of its documents are dead already. Once
    /// only.
    std::shared_ptr<const Dead> write(const std::filesystem::path& path);

private:
    // One term's list while it grows: the last document's count is still open.
    struct List {
        Key key = 0;
        PostingsWriter postings;
        std::uint32_t document = 0;
        std::uint32_t times = 0;
    };

    void count(Key key, std::uint32_t document);
    void count_text(std::string_view text, std::uint32_t document);
    void store(const Document& document, std::string_view text, Facts& facts);
    List& list_of(Key key);
    void grow();

    SegmentTables tables_;
    Ranks<std::int64_t> sites_;
    Ranks<std::int64_t> orgs_;
    Ranks<std::string> types_;
    std::string stored_;
    std::size_t lists_bytes_ = 0;
    std::vector<std::uint32_t> slots_; // A hash table: 0 is free, else a list's place + 1.
    std::vector<List> lists_;
    std::unordered_map<std::int64_t, std::uint32_t> places_;
    std::vector<std::uint32_t> removed_;
    std::uint32_t terms_ = 0; // Of the document being added.
};

} // namespace search
