#pragma once

// The list of documents of one term inside a segment: numbers in rising order, each with how often
// the term occurs. Up to block_length entries are written one after the other; a longer list is cut
// into blocks that say where they end, so that a rare term skips through a frequent one.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct Posting {
    std::uint32_t document = 0;
    std::uint32_t times = 0;
};

inline constexpr std::uint32_t block_length = 128;
inline constexpr std::uint32_t times_max = 255;

/// Writes a list. Requires: documents come in rising order.
class PostingsWriter {
public:
    void add(std::uint32_t document, std::uint32_t times);
    std::uint32_t size() const { return size_; }

    /// Appends the whole list to `out` and begins a new one.
    void finish(std::string& out);

private:
    void close_block();

    std::string entries_; // Of the open block.
    std::string blocks_;  // Closed ones with their heads.
    std::uint32_t size_ = 0;
    std::uint32_t last_ = 0;
};

/// Walks a list. Requires: the bytes outlive it and came from a PostingsWriter.
class PostingsReader {
public:
    PostingsReader(std::string_view bytes, std::uint32_t size);

    bool at_end() const { return at_end_; }
    Posting here() const { return here_; }
    void next();

    /// Moves to the first document at or after `document`.
    void skip_to(std::uint32_t document);

private:
    void enter_block();

    const unsigned char* at_;
    const unsigned char* block_end_ = nullptr;
    std::uint32_t left_;          // Entries not read, this block's included.
    std::uint32_t left_here_ = 0; // Entries not read in this block.
    std::uint32_t block_last_ = 0;
    bool blocked_;
    bool at_end_ = false;
    Posting here_{};
};

} // namespace search
