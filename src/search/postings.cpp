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
    const BlockHead head{last_, static_cast<std::uint32_t>(entries_.size())};
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

} // namespace search
