#include "search/postings.h"

#include <algorithm>
#include <cstring>

namespace search {
namespace {

void put_number(std::string& out, std::uint32_t value)
{
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

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

// A block's head: the last document in it and the bytes of its entries.
struct Head {
    std::uint32_t last;
    std::uint32_t bytes;
};

} // namespace

void PostingsWriter::add(std::uint32_t document, std::uint32_t times)
{
    if (size_ != 0 && size_ % block_length == 0)
        close_block();
    const std::uint32_t delta = document - last_;
    const std::uint32_t capped = std::min(times, times_max);
    // One bit says "once", the usual case.
    put_number(entries_, (delta << 1) | (capped == 1 ? 1U : 0U));
    if (capped != 1)
        put_number(entries_, capped);
    last_ = document;
    ++size_;
}

void PostingsWriter::close_block()
{
    const Head head{last_, static_cast<std::uint32_t>(entries_.size())};
    char bytes[sizeof head];
    std::memcpy(bytes, &head, sizeof head);
    blocks_.append(bytes, sizeof head);
    blocks_ += entries_;
    entries_.clear();
}

void PostingsWriter::finish(std::string& out)
{
    if (size_ > block_length)
        close_block();
    out += blocks_;
    out += entries_;
    entries_.clear();
    blocks_.clear();
    size_ = 0;
    last_ = 0;
}

PostingsReader::PostingsReader(std::string_view bytes, std::uint32_t size)
    : at_(reinterpret_cast<const unsigned char*>(bytes.data()))
    , left_(size)
    , blocked_(size > block_length)
{
    if (!blocked_)
        left_here_ = size;
    next();
}

void PostingsReader::enter_block()
{
    Head head;
    std::memcpy(&head, at_, sizeof head);
    at_ += sizeof head;
    block_end_ = at_ + head.bytes;
    block_last_ = head.last;
    left_here_ = std::min(left_, block_length);
}

void PostingsReader::next()
{
    if (left_ == 0) {
        at_end_ = true;
        return;
    }
    if (left_here_ == 0)
        enter_block();
    const std::uint32_t number = take_number(at_);
    here_.document += number >> 1;
    here_.times = (number & 1) != 0 ? 1 : take_number(at_);
    --left_;
    --left_here_;
}

void PostingsReader::skip_to(std::uint32_t document)
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
