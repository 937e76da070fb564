#pragma once

// What a connection has yet to send: parts in memory and parts of files, in order. Nothing is
// copied while the client takes it; what was borrowed for the turn is copied when it does not.

#include "http/exchange.h"
#include "http/server_transport.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace http {

template <typename Transport>
class Output {
public:
    enum class Flushed { All, Waits, TurnOver, Closed };

    bool empty() const { return sent_ == pieces_.size(); }
    std::size_t piece_count() const { return pieces_.size(); }

    /// Without an owner the bytes need last until own_borrowed() only.
    void push(std::string_view data, std::shared_ptr<const void> owner)
    {
        if (!data.empty())
            pieces_.push_back({data, std::move(owner), nullptr, 0, 0});
    }
    void push_copy(std::string text)
    {
        auto owned = std::make_shared<const std::string>(std::move(text));
        const std::string_view view = *owned;
        push(view, std::move(owned));
    }
    void push_file(std::shared_ptr<OpenFile> file, std::uint64_t offset, std::uint64_t length)
    {
        if (length > 0)
            pieces_.push_back({{}, nullptr, std::move(file), offset, length});
    }

    /// Adds the bytes sent to `sent`.
    Flushed flush(Transport& transport, std::int64_t& sent);
    void own_borrowed();

    /// Answers to pipelined requests that go out in one call.
    static constexpr std::size_t pieces_at_once = 48;

private:
    struct Piece {
        std::string_view data;
        std::shared_ptr<const void> owner;
        std::shared_ptr<OpenFile> file; // Instead of `data`.
        std::uint64_t offset = 0;
        std::uint64_t length = 0;
    };

    static constexpr int writes_in_a_turn = 16;
    static constexpr std::uint64_t file_bytes_at_once = 1U << 20;
    static constexpr std::uint64_t file_chunk = 64U << 10;

    Moved write_some(Transport& transport);
    bool load_chunk(Piece& piece);
    void advance(std::size_t bytes);

    std::vector<Piece> pieces_;
    std::size_t sent_ = 0; // Pieces before it are out.
};

template <typename Transport>
typename Output<Transport>::Flushed Output<Transport>::flush(
    Transport& transport, std::int64_t& sent)
{
    for (int writes = 0; !empty(); ++writes) {
        if (writes == writes_in_a_turn)
            return Flushed::TurnOver;
        const auto moved = write_some(transport);
        if (moved.transfer == Transfer::Closed)
            return Flushed::Closed;
        if (moved.transfer != Transfer::Done)
            return Flushed::Waits;
        sent += static_cast<std::int64_t>(moved.bytes);
        advance(moved.bytes);
    }
    pieces_.clear();
    sent_ = 0;
    return Flushed::All;
}

template <typename Transport>
Moved Output<Transport>::write_some(Transport& transport)
{
    if (pieces_[sent_].file) {
        auto& piece = pieces_[sent_];
        if constexpr (Transport::sends_files)
            return transport.send_file(
                piece.file->descriptor(), piece.offset, std::min(piece.length, file_bytes_at_once));
        else if (!load_chunk(piece))
            return {Transfer::Closed, 0};
    }
    std::array<iovec, pieces_at_once> parts;
    std::size_t count = 0;
    for (auto i = sent_; i < pieces_.size() && count < parts.size() && !pieces_[i].file; ++i) {
        const auto data = pieces_[i].data;
        // sendmsg only reads; iovec does not say so.
        parts.at(count++) = {const_cast<char*>(data.data()), data.size()};
    }
    return transport.write(parts.data(), count);
}

/// Puts the next bytes of a file before what is left of it.
template <typename Transport>
bool Output<Transport>::load_chunk(Piece& piece)
{
    auto chunk = std::make_shared<std::string>(std::min(piece.length, file_chunk), '\0');
    const auto read = ::pread(
        piece.file->descriptor(), chunk->data(), chunk->size(), static_cast<off_t>(piece.offset));
    if (read <= 0)
        return false;
    chunk->resize(static_cast<std::size_t>(read));
    piece.offset += chunk->size();
    piece.length -= chunk->size();
    const std::string_view data = *chunk;
    Piece loaded{data, std::move(chunk), nullptr, 0, 0};
    const auto at = pieces_.begin() + static_cast<std::ptrdiff_t>(sent_);
    if (piece.length == 0)
        *at = std::move(loaded);
    else
        pieces_.insert(at, std::move(loaded));
    return true;
}

template <typename Transport>
void Output<Transport>::advance(std::size_t bytes)
{
    while (bytes > 0) {
        auto& piece = pieces_[sent_];
        const auto left = piece.file ? piece.length : piece.data.size();
        const auto taken = std::min<std::uint64_t>(bytes, left);
        if (piece.file) {
            piece.offset += taken;
            piece.length -= taken;
        } else {
            piece.data.remove_prefix(taken);
        }
        bytes -= taken;
        if (taken == left) {
            piece = Piece();
            ++sent_;
        }
    }
}

template <typename Transport>
void Output<Transport>::own_borrowed()
{
    for (auto i = sent_; i < pieces_.size(); ++i) {
        auto& piece = pieces_[i];
        if (piece.owner || piece.file)
            continue;
        auto owned = std::make_shared<const std::string>(piece.data);
        piece.data = *owned;
        piece.owner = std::move(owned);
    }
}

} // namespace http
