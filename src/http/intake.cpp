#include "http/intake.h"

#include "http/url.h"

#include <algorithm>
#include <fmt/format.h>

namespace http {

namespace {

constexpr std::size_t query_pairs_max = 256;
constexpr std::size_t form_pairs_max = 2'000;

/// Of files in one multipart form; more come in several requests.
constexpr std::uint64_t uploads_at_once = 16;

/// Part heads and delimiters of a multipart form.
constexpr std::uint64_t multipart_framing_max = 64U << 10;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_type(std::string_view content_type, std::string_view type)
{
    return content_type.size() >= type.size()
           && std::equal(
               type.begin(), type.end(), content_type.begin(),
               [](char a, char b) { return a == lower(b); })
           && (content_type.size() == type.size() || content_type[type.size()] == ';'
               || content_type[type.size()] == ' ');
}

int read_method(std::string_view name, Method& method)
{
    for (const auto known :
         {Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete}) {
        if (name == to_string(known)) {
            method = known;
            return 0;
        }
    }
    return name == "OPTIONS" || name == "TRACE" || name == "CONNECT" ? 405 : 501;
}

/// X-Forwarded-Proto, of the proxy nearest to us.
bool says_https(std::string_view forwarded_proto)
{
    const auto comma = forwarded_proto.rfind(',');
    auto last = forwarded_proto.substr(comma == std::string_view::npos ? 0 : comma + 1);
    while (last.starts_with(' '))
        last.remove_prefix(1);
    return last == "https";
}

void fill_peer(const Peer& peer, const TrustedProxies& proxies, Request& request)
{
    request.secure = peer.secure;
    request.loopback = peer.loopback;
    request.actor.address = peer.address_text;
    if (!peer.trusted)
        return;
    std::string forwarded;
    for (const auto& [name, value] : request.headers) {
        if (name == "x-forwarded-for")
            forwarded += (forwarded.empty() ? "" : ",") + value;
    }
    request.actor.address = to_string(proxies.client_of(peer.address, forwarded));
    if (const auto proto = request.header("x-forwarded-proto"))
        request.secure = says_https(*proto);
}

} // namespace

int fill_request(
    const Head& head, const Peer& peer, const TrustedProxies& proxies, Request& request)
{
    request.headers.resize(head.fields.size());
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
        request.headers[i].first.assign(head.fields[i].name);
        request.headers[i].second.assign(head.fields[i].value);
    }
    request.host.assign(head.host);
    std::transform(request.host.begin(), request.host.end(), request.host.begin(), lower);
    request.port = head.port;
    request.target.assign(head.target);
    request.path.clear();
    request.query.clear();
    request.body.clear();
    request.form.clear();
    request.uploads.clear();
    request.parameters.clear();
    request.actor.user = {};
    request.actor.org = {};
    request.actor.name.clear();
    request.actor.request_id.clear();
    fill_peer(peer, proxies, request);
    request.method = Method::Get;
    const int status = read_method(head.method, request.method);
    if (!head.target.starts_with('/')) {
        request.path = "/";
        return status != 0 ? status : 400;
    }
    const auto question = std::min(head.target.find('?'), head.target.size());
    if (!decode_path(head.target.substr(0, question), request.path))
        return 400;
    if (question < head.target.size()
        && !decode_pairs(head.target.substr(question + 1), query_pairs_max, request.query))
        return 400;
    return status;
}

BodyIntake::BodyIntake(const Head& head, Exchange& exchange, const std::string& spool_directory)
    : chunked_(head.chunked)
    , announced_(head.content_length)
{
    const auto& route = *exchange.route;
    const auto type = exchange.request.header("content-type").value_or("");
    bytes_max_ = route.body_max;
    urlencoded_ = starts_with_type(type, "application/x-www-form-urlencoded");
    if (starts_with_type(type, "multipart/form-data")) {
        const auto boundary = multipart_boundary(type);
        if (!boundary) {
            exchange.refuse(400, "http.bad_multipart", "上传的表单没有正确的 boundary");
            return;
        }
        bytes_max_ =
            2 * route.body_max + uploads_at_once * route.upload_max + multipart_framing_max;
        MultipartLimits limits;
        limits.field_bytes_max = route.body_max;
        limits.file_bytes_max = route.upload_max;
        multipart_ = std::make_unique<MultipartReader>(*boundary, spool_directory, limits);
    }
    if (announced_ > bytes_max_)
        refuse_length(exchange);
}

BodyIntake::Status BodyIntake::refuse_length(Exchange& exchange)
{
    exchange.refuse(
        413, "http.body_too_large", fmt::format("请求的内容超过了 {} 字节的上限", bytes_max_));
    return Status::Refused;
}

BodyIntake::Status BodyIntake::refuse(Exchange& exchange, const base::Error& error)
{
    const bool too_large =
        error.code == "http.file_too_large" || error.code == "http.field_too_large";
    exchange.refusal_status = too_large ? 413 : 400;
    exchange.refusal = error;
    return Status::Refused;
}

BodyIntake::Status BodyIntake::feed(std::string_view& input, Exchange& exchange)
{
    if (!chunked_) {
        const auto piece =
            input.substr(0, std::min<std::uint64_t>(announced_ - received_, input.size()));
        input.remove_prefix(piece.size());
        if (take(piece, exchange) == Status::Refused)
            return Status::Refused;
        return received_ == announced_ ? finish(exchange) : Status::NeedMore;
    }
    while (!input.empty() && chunks_.status() == ChunkReader::Status::NeedMore) {
        if (take(chunks_.next(input), exchange) == Status::Refused)
            return Status::Refused;
    }
    if (chunks_.status() == ChunkReader::Status::Refused) {
        exchange.refuse(400, "http.bad_chunks", "请求的分块编码不正确");
        return Status::Refused;
    }
    return chunks_.status() == ChunkReader::Status::Done ? finish(exchange) : Status::NeedMore;
}

BodyIntake::Status BodyIntake::take(std::string_view piece, Exchange& exchange)
{
    if (piece.empty())
        return Status::NeedMore;
    received_ += piece.size();
    if (received_ > bytes_max_)
        return refuse_length(exchange);
    if (!multipart_) {
        exchange.request.body += piece;
        return Status::NeedMore;
    }
    try {
        const auto fed = multipart_->feed(piece);
        return fed ? Status::NeedMore : refuse(exchange, fed.error());
    } catch (const std::exception&) {
        exchange.broken = std::current_exception();
        return Status::Refused;
    }
}

BodyIntake::Status BodyIntake::finish(Exchange& exchange)
{
    auto& request = exchange.request;
    if (multipart_) {
        const auto finished = multipart_->finish();
        if (!finished)
            return refuse(exchange, finished.error());
        request.form = multipart_->take_fields();
        request.uploads = multipart_->take_uploads();
        return Status::Done;
    }
    if (urlencoded_ && !decode_pairs(request.body, form_pairs_max, request.form)) {
        exchange.refuse(400, "http.bad_form", "表单的编码不正确：必须是 UTF-8");
        return Status::Refused;
    }
    return Status::Done;
}

} // namespace http
