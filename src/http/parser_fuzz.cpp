// Heads and chunked bodies from arbitrary bytes: no crash, and the same verdict however the bytes
// are split. What is accepted as a head must also survive becoming a request.

#include "base/assert.h"
#include "http/intake.h"
#include "http/parser.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using http::ChunkReader;
using http::HeadParser;

struct Verdict {
    HeadParser::Status status = HeadParser::Status::NeedMore;
    int refusal = 0;
    std::size_t consumed = 0;

    bool operator==(const Verdict&) const = default;
};

Verdict parse(HeadParser& parser, std::string& bytes)
{
    Verdict verdict;
    verdict.status = parser.feed(bytes.data(), bytes.size());
    if (verdict.status == HeadParser::Status::Refused)
        verdict.refusal = parser.refusal();
    if (verdict.status == HeadParser::Status::Done)
        verdict.consumed = parser.consumed();
    return verdict;
}

void check_head(std::string_view input)
{
    std::string whole(input);
    HeadParser parser({});
    const auto at_once = parse(parser, whole);
    if (at_once.status == HeadParser::Status::Done) {
        http::Request request;
        http::fill_request(parser.head(), {}, http::TrustedProxies({}), request);
        VERIFY(parser.head().has_length == false || parser.head().chunked == false);
        VERIFY(!parser.head().host.empty());
    }
    HeadParser slow({});
    Verdict verdict;
    for (std::size_t size = 1; size <= input.size(); ++size) {
        std::string part(input.substr(0, size));
        verdict = parse(slow, part);
        if (verdict.status != HeadParser::Status::NeedMore)
            break;
    }
    if (!input.empty())
        VERIFY(verdict.status == at_once.status && verdict.consumed == at_once.consumed);
}

std::string unchunk(std::string_view input, std::size_t piece_size, ChunkReader::Status& status)
{
    ChunkReader reader;
    std::string data;
    while (!input.empty() && reader.status() == ChunkReader::Status::NeedMore) {
        auto piece = input.substr(0, piece_size);
        input.remove_prefix(piece.size());
        while (!piece.empty() && reader.status() == ChunkReader::Status::NeedMore)
            data += reader.next(piece);
    }
    status = reader.status();
    return data;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(
        reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 4096));
    check_head(input);
    ChunkReader::Status fast{};
    ChunkReader::Status slow{};
    const auto at_once = unchunk(input, input.size() + 1, fast);
    VERIFY(unchunk(input, 1, slow) == at_once);
    VERIFY(fast == slow);
    return 0;
}
