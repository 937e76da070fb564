#include "http/exchange.h"

#include "base/log.h"
#include "base/random.h"
#include "http/head.h"
#include "http/problem.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace http {

namespace {

constexpr std::size_t incident_length = 10;
constexpr std::string_view retry_after_seconds = "5";

bool is_read(const Request& request)
{
    return request.method == Method::Get || request.method == Method::Head;
}

} // namespace

Exchange::~Exchange()
{
    for (const auto& upload : request.uploads)
        ::unlink(upload.path.c_str());
}

void Exchange::refuse(int status, std::string code, std::string message)
{
    refusal_status = status;
    refusal = base::Error{base::Error::Kind::Invalid, std::move(code), std::move(message), {}};
}

OpenFile::OpenFile(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
{
    if (descriptor_ < 0)
        throw std::system_error(errno, std::generic_category(), "Can't open " + path);
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        ::close(descriptor_);
        throw std::system_error(EINVAL, std::generic_category(), "Not a file: " + path);
    }
    size_ = static_cast<std::uint64_t>(facts.st_size);
    modified_ = base::instant_from_millis(facts.st_mtim.tv_sec * 1000);
    modified_nanos_ = facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

OpenFile::~OpenFile() { ::close(descriptor_); }

std::string OpenFile::etag() const { return fmt::format("\"{:x}-{:x}\"", modified_nanos_, size_); }

Chosen choose(const PageCache::Page& page, const Request& request)
{
    Chosen chosen;
    chosen.variant = &page.plain;
    const auto encodings = request.header("accept-encoding");
    if (encodings && (!page.brotli.body.empty() || !page.gzip.body.empty())) {
        const auto accepted = accepted_encodings(*encodings);
        if (accepted.brotli && !page.brotli.body.empty())
            chosen.variant = &page.brotli;
        else if (accepted.gzip && !page.gzip.body.empty())
            chosen.variant = &page.gzip;
    }
    const auto known = request.header("if-none-match");
    if (known && page.status == 200)
        chosen.not_modified =
            names_etag(*known, chosen.variant->etag) || names_etag(*known, page.plain.etag)
            || names_etag(*known, page.gzip.etag) || names_etag(*known, page.brotli.etag);
    return chosen;
}

Answer Responder::bare(int status)
{
    const auto* const advice = status == 408 ? "等待请求的时间太长，连接已关闭。\n"
                               : status == 503 ? "访问的人太多，请稍后再试。\n"
                               : status >= 500 ? "系统出了故障，请稍后再试。\n"
                                               : "请求不符合 HTTP 协议，无法处理。\n";
    auto response = text(advice, status);
    if (status == 503)
        response.with_header("Retry-After", std::string(retry_after_seconds));
    HeadFacts facts;
    facts.content_length = response.body.size();
    facts.cache_control = "no-store";
    Answer answer;
    answer.status = status;
    answer.head = head_of(response, facts);
    answer.body = std::move(response.body);
    return answer;
}

Answer Responder::answer(Exchange& exchange) const
{
    const auto ticket = cache_.take_ticket();
    try {
        return finish(exchange, respond(exchange), ticket);
    } catch (const std::exception& e) {
        return unsendable(exchange, &e);
    } catch (...) {
        return unsendable(exchange, nullptr);
    }
}

/// The file is gone, or a header can't be sent: an incident like one of the handler.
Answer Responder::unsendable(const Exchange& exchange, const std::exception* what) const
{
    try {
        return wrapped(exchange.request, incident(exchange, what));
    } catch (const std::exception& e) {
        base::log_error("The error page itself could not be sent: {}", e.what());
    }
    return bare(500);
}

Response Responder::respond(Exchange& exchange) const
{
    try {
        if (exchange.broken)
            std::rethrow_exception(exchange.broken);
        return handled(exchange);
    } catch (const std::exception& e) {
        return incident(exchange, &e);
    } catch (...) {
        return incident(exchange, nullptr);
    }
}

Response Responder::handled(Exchange& exchange) const
{
    if (exchange.refusal)
        return error_page(exchange, exchange.refusal_status, *exchange.refusal);
    auto& request = exchange.request;
    const bool is_public = exchange.route->access.kind == Access::Kind::Public;
    // What the cache may give to everybody looks the same with and without a session.
    const bool guarded =
        !is_public || (!exchange.cache_key && request.header("cookie").has_value());
    if (hooks_.guard && guarded) {
        const auto allowed = hooks_.guard(request, *exchange.route);
        if (!allowed)
            return error_page(exchange, status_of(allowed.error().kind), allowed.error());
    }
    auto reply = exchange.route->handler(request);
    if (!reply)
        return error_page(exchange, status_of(reply.error().kind), reply.error());
    return std::move(*reply);
}

Response Responder::error_page(const Exchange& exchange, int status, const base::Error& error) const
{
    const auto& request = exchange.request;
    auto response = hooks_.error_page ? hooks_.error_page(request, status, error)
                                      : problem(status, error, request.actor.request_id);
    response.caching.reset();
    if (status == 405)
        response.with_header("Allow", exchange.allowed);
    const bool later = status == 503 || status == 429 || status == 507;
    if (later && header_of(response, "retry-after").empty())
        response.with_header("Retry-After", std::string(retry_after_seconds));
    return response;
}

Response Responder::incident(const Exchange& exchange, const std::exception* what) const
{
    const auto number = base::random_code(incident_length);
    const auto& request = exchange.request;
    base::log_error(
        "Incident {}: {} {}: {}", number, to_string(request.method), request.path,
        what != nullptr ? what->what() : "unknown exception");
    Breakdown told;
    told.message = "系统出了故障，请稍后再试";
    if (what != nullptr && hooks_.failure) {
        if (auto mapped = hooks_.failure(*what))
            told = std::move(*mapped);
    }
    const base::Error error{
        base::Error::Kind::Conflict,
        told.code,
        fmt::format("{}。事件编号：{}", told.message, number),
        {}};
    return error_page(exchange, told.status, error);
}

Answer Responder::finish(
    const Exchange& exchange, Response response, PageCache::Ticket ticket) const
{
    const auto& request = exchange.request;
    const bool everybodys = exchange.cache_key && response.caching && !response.file
                            && is_read(request) && exchange.route != nullptr
                            && exchange.route->access.kind == Access::Kind::Public
                            && response.status == 200 && header_of(response, "set-cookie").empty();
    if (!everybodys)
        return wrapped(request, std::move(response));
    Answer answer;
    answer.page = cache_.put(*exchange.cache_key, response, ticket);
    answer.kept = cache_.holds(*exchange.cache_key, *answer.page);
    answer.status = answer.page->status;
    return answer;
}

} // namespace http
