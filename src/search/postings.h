#pragma once

// The list of documents of one term inside a segment: numbers in rising order, each with how often
// the term occurs. Up to block_length entries are written one after the other; a longer list is cut
// into blocks that say where they end, so that a rare term skips through a frequent one.

#include <algorithm>
#include <cstdint>
#include <cstring>
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

namespace detail {

inline std::uint32_t take_number(const unsigned char*& at)
{
    std::uint32_t value = *at++;
    if (value < 0x80)
        return value;
    value &= 0x7f;
    for (int shift = 7; shift < 35; shift += 7) {
        const std::uint32_t byte = *at++;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

} // namespace detail

/// A block's head: the last document in it and the bytes of its entries.
struct BlockHead {
    std::uint32_t last;
    std::uint32_t bytes;
};

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

// In the header because a frequent word takes a step here a million times a query.

inline void PostingsReader::enter_block()
{
    BlockHead head;
    std::memcpy(&head, at_, sizeof head);
    at_ += sizeof head;
    block_end_ = at_ + head.bytes;
    block_last_ = head.last;
    left_here_ = std::min(left_, block_length);
}

inline void PostingsReader::next()
{
    if (left_ == 0) {
        at_end_ = true;
        return;
    }
    if (left_here_ == 0)
        enter_block();
    const std::uint32_t number = detail::take_number(at_);
    here_.document += number >> 1;
    here_.times = (number & 1) != 0 ? 1 : detail::take_number(at_);
    --left_;
    --left_here_;
}

inline void PostingsReader::skip_to(std::uint32_t document)
{
    while (!at_end_ && here_.document < document) {
        const bool leave = blocked_ && left_here_ != 0 && block_last_ < document;
        if (leave) {
            left_ -= left_here_;
            left_here_ = 0;
            here_.document = block_last_;
            at_ = block_end_;
        }
        // Whole blocks are passed over by their heads.
        while (blocked_ && left_here_ == 0 && left_ != 0) {
            enter_block();
            if (block_last_ >= document)
                break;
            left_ -= left_here_;
            left_here_ = 0;
            here_.document = block_last_;
            at_ = block_end_;
        }
        next();
    }
}

} // namespace search
