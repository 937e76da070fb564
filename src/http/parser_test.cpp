#include "http/parser.h"

#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <vector>

namespace http {
namespace {

using Status = HeadParser::Status;

struct Outcome {
    Status status = Status::NeedMore;
    int refusal = 0;
    std::size_t consumed = 0;
};

Outcome parse(std::string bytes, HeadLimits limits = {})
{
    HeadParser parser(limits);
    Outcome outcome;
    outcome.status = parser.feed(bytes.data(), bytes.size());
    outcome.refusal = outcome.status == Status::Refused ? parser.refusal() : 0;
    outcome.consumed = outcome.status == Status::Done ? parser.consumed() : 0;
    return outcome;
}

/// The same bytes in two reads, and in single bytes; the buffer moves every time.
Outcome parse_in_pieces(const std::string& bytes, std::size_t first, std::size_t step)
{
    HeadParser parser({});
    Outcome outcome;
    for (std::size_t size = first; outcome.status == Status::NeedMore; size += step) {
        std::string moved = bytes.substr(0, size);
        outcome.status = parser.feed(moved.data(), moved.size());
        outcome.refusal = outcome.status == Status::Refused ? parser.refusal() : 0;
        if (size >= bytes.size())
            break;
    }
    return outcome;
}

const std::string good = "GET /zcwj/?page=2 HTTP/1.1\r\nHost: www.yunling.example\r\n"
                         "User-Agent: curl/8\r\nAccept-Encoding: gzip, br\r\n\r\n";

const std::vector<std::string> accepted{
    good,
    "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: \t a:8080 \t\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n",
    "GET http://a.example/x HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "GET https://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: \xE4\xBA\x91\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n",
    "PATCH /%E4%BA%91 HTTP/1.1\r\nhOsT: a\r\n\r\n",
};

const std::vector<std::tuple<std::string, int>> refused{
    {"GET /\r\n", 400},
    {"GET / \r\n", 400},
    {"GET  / HTTP/1.1\r\n", 400},
    {"GET /  HTTP/1.1\r\n", 400},
    {"GET\t/\tHTTP/1.1\r\n", 400},
    {" GET / HTTP/1.1\r\n", 400},
    {"GET / HTTP/1.1 \r\n", 400},
    {"GET /a b HTTP/1.1\r\n", 400},
    {"GET / http/1.1\r\n", 400},
    {"GET / HTTP/1.10\r\n", 400},
    {"GET / HTTP/11\r\n", 400},
    {"GET / HTTP/2.0\r\n", 505},
    {"PRI * HTTP/2.0\r\n", 505},
    {"GET / HTTP/0.9\r\n", 505},
    {"G(T / HTTP/1.1\r\n", 400},
    {"GET a HTTP/1.1\r\n", 400},
    {"GET * HTTP/1.1\r\n", 400},
    {"GET /#part HTTP/1.1\r\n", 400},
    {"GET /a\\b HTTP/1.1\r\n", 400},
    {"GET /\xE4\xBA\x91 HTTP/1.1\r\n", 400},
    {"GET ftp://a/ HTTP/1.1\r\n", 400},
    {"ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\n", 501},
    {"\n", 400},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\nHost: a\n\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
    {"GET / HTTP/1.1\rHost: a\r\r", 400},
    {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.0\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a.\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a:-1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", 400},
    {"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {std::string("GET / HTTP/1.1\r\nHost: a\r\nX: a") + '\0' + "b\r\n\r\n", 400},
    {std::string("GET / HTTP/1.1\r\nHost: a\r\nX") + '\0' + ": b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x7F\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\nX@: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a\r\n\xE4\xBA\x91: b\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
     "Transfer-Encoding: chunked\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\x0B: chunked\r\n\r\n", 400},
    {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\n\r\n", 417},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: \"close\"\r\n\r\n", 400},
};

TEST(HeadParser, ReadsWhatARequestSays)
{
    auto bytes = good + "and more";
    HeadParser parser({});
    ASSERT_EQ(parser.feed(bytes.data(), bytes.size()), Status::Done);
    const auto& head = parser.head();
    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.target, "/zcwj/?page=2");
    EXPECT_EQ(head.host, "www.yunling.example");
    EXPECT_EQ(head.port, 0);
    ASSERT_EQ(head.fields.size(), 3U);
    EXPECT_EQ(head.fields[2].name, "accept-encoding");
    EXPECT_EQ(head.fields[2].value, "gzip, br");
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head.has_body());
    EXPECT_EQ(parser.consumed(), good.size());
}

TEST(HeadParser, AcceptsWhatTheStandardAllows)
{
    for (const auto& bytes : accepted)
        EXPECT_EQ(parse(bytes).status, Status::Done) << bytes;
}

TEST(HeadParser, RefusesWhatTwoServersCouldReadDifferently)
{
    for (const auto& [bytes, status] : refused) {
        const auto outcome = parse(bytes);
        EXPECT_EQ(outcome.status, Status::Refused) << bytes;
        EXPECT_EQ(outcome.refusal, status) << bytes;
    }
}

TEST(HeadParser, SaysTheSameWhereverTheBytesAreSplit)
{
    for (const auto& bytes : accepted) {
        for (std::size_t i = 1; i < bytes.size(); ++i)
            EXPECT_EQ(parse_in_pieces(bytes, i, bytes.size()).status, Status::Done) << bytes << i;
        EXPECT_EQ(parse_in_pieces(bytes, 1, 1).status, Status::Done) << bytes;
    }
    for (const auto& [bytes, status] : refused) {
        for (std::size_t i = 1; i < bytes.size(); ++i)
            EXPECT_EQ(parse_in_pieces(bytes, i, bytes.size()).refusal, status) << bytes << i;
        EXPECT_EQ(parse_in_pieces(bytes, 1, 1).refusal, status) << bytes;
    }
}

TEST(HeadParser, ViewsPointIntoTheLastBuffer)
{
    HeadParser parser({});
    auto first = std::make_unique<std::string>(good.substr(0, 40));
    ASSERT_EQ(parser.feed(first->data(), first->size()), Status::NeedMore);
    first.reset();
    auto whole = good;
    ASSERT_EQ(parser.feed(whole.data(), whole.size()), Status::Done);
    EXPECT_GE(parser.head().target.data(), whole.data());
    EXPECT_LT(parser.head().target.data(), whole.data() + whole.size());
}

TEST(HeadParser, LimitsTheTarget)
{
    const auto of = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    EXPECT_EQ(parse(of(8 << 10)).status, Status::Done);
    EXPECT_EQ(parse(of((8 << 10) + 1)).refusal, 414);
    EXPECT_EQ(parse("GET /" + std::string(9 << 10, 'a')).refusal, 414);
}

TEST(HeadParser, LimitsBytesAndCountOfFields)
{
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 99; ++i)
        many += "X: y\r\n";
    EXPECT_EQ(parse(many + "\r\n").status, Status::Done);
    EXPECT_EQ(parse(many + "X: y\r\n\r\n").refusal, 431);
    const std::string long_field = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17 << 10, 'y');
    EXPECT_EQ(parse(long_field).refusal, 431);
    EXPECT_EQ(parse(long_field + "\r\n\r\n").refusal, 431);
}

TEST(HeadParser, KeepsTheConnectionAsAsked)
{
    const auto keeps = [](std::string version, std::string connection) {
        std::string bytes =
            "GET / HTTP/" + version + "\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n";
        HeadParser parser({});
        EXPECT_EQ(parser.feed(bytes.data(), bytes.size()), Status::Done);
        return parser.head().keep_alive;
    };
    EXPECT_TRUE(keeps("1.1", "upgrade"));
    EXPECT_FALSE(keeps("1.1", "Close"));
    EXPECT_FALSE(keeps("1.1", "keep-alive, close"));
    EXPECT_FALSE(keeps("1.0", "upgrade"));
    EXPECT_TRUE(keeps("1.0", "Keep-Alive"));
}

struct Unchunked {
    std::string data;
    ChunkReader::Status status = ChunkReader::Status::NeedMore;
    std::string rest;
};

Unchunked unchunk(std::string_view bytes, std::size_t piece_size)
{
    ChunkReader reader;
    Unchunked result;
    while (!bytes.empty() && reader.status() == ChunkReader::Status::NeedMore) {
        auto piece = bytes.substr(0, piece_size);
        const auto size = piece.size();
        while (!piece.empty() && reader.status() == ChunkReader::Status::NeedMore)
            result.data += reader.next(piece);
        bytes.remove_prefix(size - piece.size());
    }
    result.status = reader.status();
    result.rest = bytes;
    return result;
}

TEST(ChunkReader, GivesTheDataHoweverItIsSplit)
{
    const std::string bytes =
        "5\r\nhello\r\n00A;name=\"v\"\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET";
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const auto result = unchunk(bytes, size);
        EXPECT_EQ(result.status, ChunkReader::Status::Done) << size;
        EXPECT_EQ(result.data, "hello0123456789") << size;
        EXPECT_EQ(result.rest, "GET") << size;
    }
}

TEST(ChunkReader, RefusesSizesAndLineEndsThatAreNotExact)
{
    const std::vector<std::string> bad{
        "\r\n",
        "+5\r\nhello",
        "-5\r\n",
        "0x5\r\nhello",
        " 5\r\n",
        "5 \r\nhello",
        "5 ;x\r\n",
        "g\r\n",
        ";x\r\n",
        "5\nhello",
        "5\rhello",
        "5\r\nhelloX\r\n",
        "5\r\nhello\n",
        "5\r\nhello\r0",
        "0000000000000005\r\nhello",
        "FFFFFFFFFFFFFFFF\r\n",
        "5;" + std::string(257, 'x') + "\r\n",
        "5;a\nb\r\n",
        std::string("5;") + '\0' + "\r\n",
        "0\r\n \r\n",
        "0\r\nX\r\n\r\n",
        "0\r\nX: a\n\r\n",
        "0\r\n\rX",
        "0\r\n: x\r\n",
        "0\r\nX: " + std::string(9 << 10, 'y') + "\r\n\r\n"};
    for (const auto& bytes : bad) {
        EXPECT_EQ(unchunk(bytes, bytes.size()).status, ChunkReader::Status::Refused) << bytes;
        EXPECT_EQ(unchunk(bytes, 1).status, ChunkReader::Status::Refused) << bytes;
    }
}

} // namespace
} // namespace http
