#include "http/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace http {

namespace {

constexpr std::size_t method_length_max = 16;
constexpr std::size_t chunk_digits_max = 15; // Leaves no room for overflow of 64 bits.
constexpr std::size_t chunk_extension_max = 256;
constexpr std::size_t trailer_bytes_max = 8U << 10;

enum Class : unsigned char { Token = 1, Value = 2, Target = 4, Upper = 8, HostName = 16 };

constexpr std::array<unsigned char, 256> classes_of_bytes()
{
    std::array<unsigned char, 256> table{};
    for (unsigned i = 0; i < 256; ++i) {
        const bool upper = i >= 'A' && i <= 'Z';
        const bool alnum = upper || (i >= 'a' && i <= 'z') || (i >= '0' && i <= '9');
        unsigned bits = 0;
        if (alnum)
            bits |= Token | HostName;
        if (upper)
            bits |= Upper;
        if ((i >= 0x20 && i != 0x7F) || i == '\t')
            bits |= Value;
        if (i > 0x20 && i < 0x7F && i != '#' && i != '\\')
            bits |= Target;
        table.at(i) = static_cast<unsigned char>(bits);
    }
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        table.at(static_cast<unsigned char>(c)) |= Token;
    for (const char c : std::string_view("-._"))
        table.at(static_cast<unsigned char>(c)) |= HostName;
    return table;
}
constexpr auto byte_classes = classes_of_bytes();

bool is(char c, Class wanted)
{
    return (byte_classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

bool all(std::string_view text, Class wanted)
{
    unsigned bits = wanted;
    for (const char c : text)
        bits &= byte_classes[static_cast<unsigned char>(c)];
    return bits != 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Requires: `expected` is in lower case.
bool same(std::string_view text, std::string_view expected)
{
    return text.size() == expected.size()
           && std::equal(text.begin(), text.end(), expected.begin(), [](char a, char b) {
                  return lower(a) == b;
              });
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool is_ip_literal(std::string_view name)
{
    return name.size() > 4 && name.front() == '[' && name.back() == ']'
           && std::all_of(name.begin() + 1, name.end() - 1, [](char c) {
                  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':'
                         || c == '.';
              });
}

/// uri-host [":" port]. A trailing dot names the same host to DNS and another to a table of sites.
bool split_authority(std::string_view authority, std::string_view& host, std::uint16_t& port)
{
    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos)
        return false;
    const auto colon = authority.find(':', bracket);
    host = authority.substr(0, colon);
    port = 0;
    if (host.starts_with('[')) {
        if (!is_ip_literal(host))
            return false;
    } else if (
        host.empty() || host.size() > 253 || !all(host, HostName) || host.ends_with('.')
        || host.starts_with('.') || host.find("..") != std::string_view::npos) {
        return false;
    }
    if (colon == std::string_view::npos)
        return true;
    const auto digits = authority.substr(colon + 1);
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, port);
    return !digits.empty() && digits.size() <= 5 && is_digit(digits[0]) && parsed.ec == std::errc()
           && parsed.ptr == end;
}

} // namespace

HeadParser::Status HeadParser::refuse(int status)
{
    refusal_ = status;
    return Status::Refused;
}

void HeadParser::reset()
{
    auto fields = std::move(head_.fields);
    fields.clear();
    head_ = {};
    head_.fields = std::move(fields); // Keeps its memory.
    absolute_authority_ = {};
    checked_at_ = nullptr;
    line_start_ = first_line_end_ = consumed_ = 0;
    refusal_ = host_count_ = 0;
    has_encoding_ = connection_close_ = connection_keep_ = false;
}

/// Looks for the empty line among the bytes not seen before. Sets refusal_ when what there is can
/// never become a head.
bool HeadParser::find_end(std::string_view bytes)
{
    // One empty line before a request is let through (RFC 9112 §2.2).
    while (consumed_ == 0) {
        const auto line_feed = bytes.find('\n', line_start_);
        const auto length = std::min(line_feed, bytes.size()) - line_start_;
        if (first_line_end_ == 0 && length > limits_.target_max + method_length_max + 16) {
            refusal_ = 414;
            return false;
        }
        if (std::min(line_feed, bytes.size()) > limits_.bytes_max) {
            refusal_ = 431;
            return false;
        }
        if (line_feed == std::string_view::npos) {
            const auto rest = bytes.substr(line_start_);
            const auto lone = rest.find('\r');
            if (lone != std::string_view::npos && lone + 1 < rest.size())
                refusal_ = 400;
            return false;
        }
        // The first CR of a line stands right before its LF, or the line is refused at once.
        if (length == 0 || bytes.find('\r', line_start_) != line_feed - 1) {
            refusal_ = 400;
            return false;
        }
        const bool empty = length == 1;
        if (empty && line_start_ > 0 && first_line_end_ > 0)
            consumed_ = line_feed + 1;
        else if (empty && line_start_ > 0)
            refusal_ = 400;
        else if (!empty && first_line_end_ == 0)
            check_start(bytes.substr(line_start_, length - 1));
        if (!empty && first_line_end_ == 0)
            first_line_end_ = line_feed - 1;
        line_start_ = line_feed + 1;
        if (refusal_ != 0)
            return false;
    }
    return true;
}

/// Judges the request line as soon as it is whole: HTTP/0.9 would wait for ever for its fields.
bool HeadParser::check_start(std::string_view line)
{
    checked_at_ = line.data();
    const bool good = read_request_line(line);
    if (!good && refusal_ == 0)
        refusal_ = 400;
    return good;
}

HeadParser::Status HeadParser::feed(char* data, std::size_t size)
{
    const std::string_view bytes(data, size);
    if (!find_end(bytes))
        return refusal_ != 0 ? Status::Refused : Status::NeedMore;

    // When the bytes have moved since, the views into the request line are taken anew.
    const std::size_t start = bytes.starts_with("\r\n") ? 2 : 0;
    const auto line = bytes.substr(start, first_line_end_ - start);
    if (line.data() != checked_at_ && !read_request_line(line))
        return refuse(refusal_ != 0 ? refusal_ : 400);
    std::size_t at = first_line_end_ + 2;
    while (at + 2 < consumed_) {
        const auto end = bytes.find('\n', at);
        if (head_.fields.size() == limits_.count_max)
            return refuse(431);
        if (!read_field(data + at, end - 1 - at))
            return refuse(refusal_ != 0 ? refusal_ : 400);
        at = end + 1;
    }
    if (!check_framing())
        return refuse(refusal_ != 0 ? refusal_ : 400);
    return Status::Done;
}

bool HeadParser::read_request_line(std::string_view line)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return false;
    head_.method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (head_.method.empty() || !all(head_.method, Token))
        return false;
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5])
        || version[6] != '.' || !is_digit(version[7]))
        return false;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        refusal_ = 505;
        return false;
    }
    head_.minor_version = version[7] - '0';
    if (target.size() > limits_.target_max) {
        refusal_ = 414;
        return false;
    }
    if (head_.method.size() > method_length_max) {
        refusal_ = 501;
        return false;
    }
    return !target.empty() && all(target, Target) && read_target(target);
}

/// Origin form; absolute form is cut to it and its authority kept for comparison with Host; "*" and
/// the authority form belong to methods that are refused with 405 later.
bool HeadParser::read_target(std::string_view target)
{
    head_.target = target;
    absolute_authority_ = {};
    if (target.front() == '/')
        return true;
    if (target == "*")
        return head_.method == "OPTIONS";
    if (head_.method == "CONNECT")
        return true;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!same(target.substr(0, scheme.size()), scheme))
            continue;
        const auto rest = target.substr(scheme.size());
        const auto slash = std::min(rest.find_first_of("/?"), rest.size());
        absolute_authority_ = rest.substr(0, slash);
        head_.target = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
        return head_.target.front() == '/' && !absolute_authority_.empty();
    }
    return false;
}

bool HeadParser::read_field(char* line, std::size_t size)
{
    std::size_t colon = 0;
    while (colon < size && is(line[colon], Token)) {
        line[colon] = lower(line[colon]);
        ++colon;
    }
    // Catches folded lines, a space before the colon, an empty name, and a line without a colon.
    if (colon == 0 || colon == size || line[colon] != ':')
        return false;
    const std::string_view value(line + colon + 1, size - colon - 1);
    if (!all(value, Value))
        return false;
    head_.fields.push_back({std::string_view(line, colon), trimmed(value)});
    return note_field(head_.fields.back());
}

bool HeadParser::note_field(const Head::Field& field)
{
    switch (field.name.size()) {
    case 4:
        if (field.name == "host")
            return ++host_count_ == 1 && read_host(field.value);
        return true;
    case 6:
        if (field.name == "expect") {
            head_.expects_continue = same(field.value, "100-continue");
            refusal_ = head_.expects_continue ? 0 : 417;
            return head_.expects_continue;
        }
        return true;
    case 10: return field.name != "connection" || note_connection(field.value);
    case 14: return field.name != "content-length" || note_length(field.value);
    case 17:
        if (field.name != "transfer-encoding")
            return true;
        if (has_encoding_ || !same(field.value, "chunked"))
            return false;
        has_encoding_ = true;
        return true;
    default: return true;
    }
}

bool HeadParser::note_length(std::string_view value)
{
    // A second one is refused even when it says the same: who sends two is confused or lies.
    if (head_.has_length || value.empty() || value.size() > 18
        || !std::all_of(value.begin(), value.end(), is_digit))
        return false;
    head_.has_length = true;
    std::from_chars(value.data(), value.data() + value.size(), head_.content_length);
    return true;
}

bool HeadParser::note_connection(std::string_view value)
{
    while (!value.empty()) {
        const auto end = std::min(value.find(','), value.size());
        const auto option = trimmed(value.substr(0, end));
        value.remove_prefix(std::min(end + 1, value.size()));
        if (!all(option, Token))
            return false;
        connection_close_ = connection_close_ || same(option, "close");
        connection_keep_ = connection_keep_ || same(option, "keep-alive");
    }
    return true;
}

bool HeadParser::read_host(std::string_view value)
{
    if (!absolute_authority_.empty() && value != absolute_authority_)
        return false;
    return split_authority(value, head_.host, head_.port);
}

bool HeadParser::check_framing()
{
    if (host_count_ != 1)
        return false;
    if (has_encoding_ && (head_.has_length || head_.minor_version == 0))
        return false;
    head_.chunked = has_encoding_;
    head_.keep_alive = !connection_close_ && (head_.minor_version == 1 || connection_keep_);
    head_.expects_continue = head_.expects_continue && head_.minor_version == 1;
    return true;
}

std::string_view ChunkReader::next(std::string_view& input)
{
    while (!input.empty() && status_ == Status::NeedMore) {
        if (stage_ == Stage::Data) {
            const auto piece = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
            input.remove_prefix(piece.size());
            left_ -= piece.size();
            if (left_ == 0)
                stage_ = Stage::DataReturn;
            return piece;
        }
        const char c = input.front();
        input.remove_prefix(1);
        read_framing(c);
    }
    return {};
}

void ChunkReader::expect(char c, char wanted, Stage next)
{
    if (c == wanted)
        stage_ = next;
    else
        refuse();
}

void ChunkReader::read_framing(char c)
{
    switch (stage_) {
    case Stage::Size: return read_size(c);
    case Stage::Extension:
        if (c == '\r')
            stage_ = Stage::SizeLineFeed;
        else if (!is(c, Value) || ++extension_bytes_ > chunk_extension_max)
            refuse();
        return;
    case Stage::SizeLineFeed:
        expect(c, '\n', left_ > 0 ? Stage::Data : Stage::TrailerStart);
        digits_ = extension_bytes_ = 0;
        return;
    case Stage::DataReturn: return expect(c, '\r', Stage::DataLineFeed);
    case Stage::DataLineFeed: return expect(c, '\n', Stage::Size);
    case Stage::LastLineFeed:
        if (c == '\n')
            status_ = Status::Done;
        else
            refuse();
        return;
    default: return read_trailer(c);
    }
}

void ChunkReader::read_size(char c)
{
    if (c == '\r' && digits_ > 0) {
        stage_ = Stage::SizeLineFeed;
        return;
    }
    if (c == ';' && digits_ > 0) {
        stage_ = Stage::Extension;
        return;
    }
    const bool letter = lower(c) >= 'a' && lower(c) <= 'f';
    if ((!is_digit(c) && !letter) || ++digits_ > chunk_digits_max) {
        refuse();
        return;
    }
    left_ = left_ * 16 + static_cast<unsigned>(letter ? lower(c) - 'a' + 10 : c - '0');
}

void ChunkReader::read_trailer(char c)
{
    if (++trailer_bytes_ > trailer_bytes_max) {
        refuse();
        return;
    }
    switch (stage_) {
    case Stage::TrailerStart:
        if (c == '\r')
            stage_ = Stage::LastLineFeed;
        else
            expect(static_cast<char>(is(c, Token)), 1, Stage::TrailerName);
        return;
    case Stage::TrailerName:
        if (c == ':')
            stage_ = Stage::TrailerValue;
        else if (!is(c, Token))
            refuse();
        return;
    case Stage::TrailerValue:
        if (c == '\r')
            stage_ = Stage::TrailerLineFeed;
        else if (!is(c, Value))
            refuse();
        return;
    default: return expect(c, '\n', Stage::TrailerStart);
    }
}

} // namespace http
