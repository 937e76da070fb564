// One connection: bytes in, requests in order, answers out. A state machine without coroutines:
// each turn goes on until it needs bytes, room to write, or a worker.

#include "base/log.h"
#include "base/random.h"
#include "http/head.h"
#include "http/server_loop.h"
#include "http/server_output.h"

#include <algorithm>
#include <array>
#include <limits>
#include <sys/epoll.h>
#include <unistd.h>

namespace http {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
/// How long, and how much, a refused client is listened to so that it sees its answer.
constexpr std::int64_t drain_ms = 2'000;
constexpr std::uint64_t drain_max = 16U << 20;

/// One turn, after which the other connections have theirs.
constexpr int reads_in_a_turn = 16;

constexpr std::size_t read_more_by = 16U << 10;
constexpr std::size_t kept_buffer_max = 2U << 10;

/// Below these rates, after the first time-out, a client is an attacker or gone (bytes a
/// millisecond: 16 KiB/s in, 1 KiB/s out).
constexpr std::int64_t body_rate_least = 16;
constexpr std::int64_t answer_rate_least = 1;

constexpr std::size_t request_id_length = 12;

std::int64_t ms(std::chrono::seconds duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

template <typename Transport>
class Session final : public Connection {
public:
    Session(
        Loop& loop, std::uint64_t id, int descriptor, const Peer& peer,
        const typename Transport::Shared& shared)
        : loop_(loop)
        , id_(id)
        , descriptor_(descriptor)
        , peer_(peer)
        , transport_(descriptor, shared)
    {
        peer_.secure = Transport::is_secure;
        deadline_ = loop_.now_ms() + ms(limits().header_timeout);
        ++house().connections;
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override
    {
        --house().connections;
        house().counts.give_back(peer_.address);
        ::close(descriptor_);
    }

    void on_ready(std::uint32_t events) override;
    void on_answer(std::unique_ptr<Exchange> exchange, Answer answer) override;
    void sweep() override;
    void on_stop() override;

private:
    enum class Stage { Handshake, Head, Body, Running, Draining };

    House& house() { return loop_.house(); }
    const Limits& limits() { return loop_.house().settings.limits; }

    void drive();
    bool step();
    bool shake();
    bool take_head();
    bool begin(const Head& head, std::size_t head_size);
    bool answer_from_cache(const Head& head, std::optional<std::string>& key);
    bool begin_exchange(
        const Head& head, std::size_t head_size, int refused, std::optional<std::string> key);
    void route(Exchange& exchange, const Head& head, int refused);
    bool take_body();
    bool drain();
    void dispatch();
    bool refuse_bare(int status);

    bool read_more();
    void consume(std::size_t count);
    void keep_rest();

    std::size_t push_page(
        const Request& request, const std::shared_ptr<const PageCache::Page>& page, bool closes,
        int& status);
    std::size_t push_answer(const Request& request, Answer answer, bool closes);
    bool flush();
    void rearm();
    void finished(
        const Request& request, int status, std::size_t bytes,
        std::chrono::steady_clock::time_point start);
    void close() { closed_ = true; }

    Loop& loop_;
    const std::uint64_t id_;
    const int descriptor_;
    Peer peer_;
    Transport transport_;

    Stage stage_ = Transport::is_secure ? Stage::Handshake : Stage::Head;
    bool readable_ = true; // As far as is known.
    bool hung_up_ = false;
    bool head_started_ = true; // A new connection is expected to ask at once.
    bool batching_ = false;    // More requests are in hand: their answers go out together.
    bool ends_ = false;        // No more requests after the output.
    int reads_left_ = 0;
    std::int64_t deadline_ = never;

    // Input not yet understood: in the loop's scratch during a turn, in `rest_` between turns.
    char* input_ = nullptr;
    std::size_t input_size_ = 0;
    std::string rest_;

    std::unique_ptr<Exchange> exchange_; // While its body comes in.
    std::unique_ptr<BodyIntake> body_;
    std::int64_t body_started_ms_ = 0;

    std::uint64_t drained_ = 0;

    Output<Transport> output_;
    std::int64_t stalled_since_ms_ = 0; // 0: the client takes what it is given.
    std::int64_t sent_since_ = 0;
};

template <typename Transport>
void Session<Transport>::on_ready(std::uint32_t events)
{
    hung_up_ = hung_up_ || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    readable_ = readable_ || hung_up_ || (events & EPOLLIN) != 0;
    drive();
}

template <typename Transport>
void Session<Transport>::drive()
{
    reads_left_ = reads_in_a_turn;
    while (!closed_ && step()) {
    }
    if (!closed_)
        keep_rest();
}

/// One step; false: wait.
template <typename Transport>
bool Session<Transport>::step()
{
    if (!output_.empty()
        && !(batching_ && output_.piece_count() < Output<Transport>::pieces_at_once))
        return flush();
    if (ends_ && stage_ != Stage::Draining) {
        transport_.end_writing();
        stage_ = Stage::Draining;
        deadline_ = loop_.now_ms() + drain_ms;
    }
    switch (stage_) {
    case Stage::Handshake: return shake();
    case Stage::Head: return take_head();
    case Stage::Body: return take_body();
    case Stage::Running: return false;
    case Stage::Draining: return drain();
    }
    return false;
}

template <typename Transport>
bool Session<Transport>::shake()
{
    const auto done = transport_.handshake();
    if (done == Transfer::Closed)
        close();
    if (done == Transfer::Done)
        stage_ = Stage::Head;
    return done == Transfer::Done;
}

template <typename Transport>
bool Session<Transport>::take_head()
{
    batching_ = false;
    if (input_size_ == 0) {
        // Before waiting for the next request, the answers to those before go out.
        return !output_.empty() || read_more();
    }
    auto& parser = loop_.parser();
    parser.reset();
    switch (parser.feed(input_, input_size_)) {
    case HeadParser::Status::Refused: return refuse_bare(parser.refusal());
    case HeadParser::Status::Done: return begin(parser.head(), parser.consumed());
    case HeadParser::Status::NeedMore: break;
    }
    if (!output_.empty())
        return true;
    if (!head_started_) {
        head_started_ = true;
        deadline_ = loop_.now_ms() + ms(limits().header_timeout);
    }
    return read_more();
}

template <typename Transport>
bool Session<Transport>::begin(const Head& head, std::size_t head_size)
{
    auto& request = loop_.request();
    request.now = loop_.now();
    const int refused = fill_request(head, peer_, house().proxies, request);
    head_started_ = false;
    std::optional<std::string> key;
    const bool read = request.method == Method::Get || request.method == Method::Head;
    if (refused == 0 && read && !head.has_body() && house().hooks.cache_key) {
        if (answer_from_cache(head, key)) {
            consume(head_size);
            batching_ = input_size_ > 0 && !ends_;
            rearm();
            return true;
        }
    }
    return begin_exchange(head, head_size, refused, std::move(key));
}

/// The short way: no worker, no copy.
template <typename Transport>
bool Session<Transport>::answer_from_cache(const Head& head, std::optional<std::string>& key)
{
    const auto& request = loop_.request();
    try {
        key = house().hooks.cache_key(request);
    } catch (const std::exception& e) {
        base::log_error("The cache key of {} can't be told: {}", request.path, e.what());
    }
    if (!key)
        return false;
    const auto page = house().cache.find(*key);
    if (!page)
        return false;
    ends_ = ends_ || !head.keep_alive || loop_.is_stopping();
    int status = 0;
    if (!house().hooks.finished) {
        push_page(request, page, ends_, status);
        return true;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto bytes = push_page(request, page, ends_, status);
    finished(request, status, bytes, start);
    return true;
}

template <typename Transport>
bool Session<Transport>::begin_exchange(
    const Head& head, std::size_t head_size, int refused, std::optional<std::string> key)
{
    exchange_ = std::make_unique<Exchange>();
    auto& exchange = *exchange_;
    exchange.request = std::move(loop_.request());
    exchange.request.actor.request_id = base::random_code(request_id_length);
    exchange.cache_key = std::move(key);
    exchange.closes = !head.keep_alive;
    route(exchange, head, refused);
    const bool takes_body = head.has_body() && !exchange.refusal;
    if (takes_body)
        body_ = std::make_unique<BodyIntake>(head, exchange, house().settings.spool_directory);
    const bool expected = head.expects_continue;
    // A body that nobody reads leaves the connection where no request can be found.
    exchange.closes = exchange.closes || (head.has_body() && exchange.refusal);
    consume(head_size);
    if (!takes_body || exchange.refusal) {
        body_.reset();
        dispatch();
        return false;
    }
    if (expected && input_size_ == 0)
        output_.push("HTTP/1.1 100 Continue\r\n\r\n", nullptr);
    stage_ = Stage::Body;
    body_started_ms_ = loop_.now_ms();
    rearm();
    return true;
}

template <typename Transport>
void Session<Transport>::route(Exchange& exchange, const Head& head, int refused)
{
    auto& request = exchange.request;
    auto found = house().router.find(request.method, request.path);
    if (refused == 405) {
        found.allowed = house().router.allowed(request.path);
        // The authority form and "*" are no paths: nothing is allowed there.
        found.other_method = !found.allowed.empty() || !head.target.starts_with('/');
        found.route = nullptr;
        exchange.closes = exchange.closes || head.method == "CONNECT";
    }
    if (refused == 400) {
        exchange.refuse(400, "http.bad_target", "网址的写法不正确");
        exchange.closes = true;
    } else if (refused == 501) {
        exchange.refuse(501, "http.unknown_method", "不支持这种请求方法");
    } else if (found.other_method) {
        exchange.refuse(405, "http.method_not_allowed", "这个网址不接受这种请求方法");
        exchange.allowed = found.allowed;
    } else if (found.route == nullptr) {
        exchange.refusal_status = 404;
        exchange.refusal =
            base::Error{base::Error::Kind::NotFound, "http.not_found", "没有这个网页", {}};
    } else {
        exchange.route = found.route;
        request.parameters = std::move(found.parameters);
    }
}

template <typename Transport>
bool Session<Transport>::take_body()
{
    if (input_size_ == 0 && !read_more())
        return false;
    std::string_view piece(input_, input_size_);
    const auto status = body_->feed(piece, *exchange_);
    consume(input_size_ - piece.size());
    if (status == BodyIntake::Status::NeedMore) {
        rearm();
        return true;
    }
    exchange_->closes = exchange_->closes || status == BodyIntake::Status::Refused;
    body_.reset();
    dispatch();
    return false;
}

template <typename Transport>
void Session<Transport>::dispatch()
{
    stage_ = Stage::Running;
    deadline_ = never;
    Work work;
    work.exchange = std::move(exchange_);
    work.connection = id_;
    work.deliver = &loop_.delivery();
    house().dispatcher.dispatch(std::move(work));
}

/// Reads on without listening, so that the client sees the answer and not a reset.
template <typename Transport>
bool Session<Transport>::drain()
{
    drained_ += input_size_;
    if (drained_ > drain_max) {
        close();
        return false;
    }
    consume(input_size_);
    return read_more();
}

template <typename Transport>
bool Session<Transport>::refuse_bare(int status)
{
    exchange_.reset();
    body_.reset();
    batching_ = false;
    ends_ = true;
    push_answer(Request(), Responder::bare(status), true);
    finished(Request(), status, 0, std::chrono::steady_clock::now());
    return true;
}

template <typename Transport>
void Session<Transport>::on_answer(std::unique_ptr<Exchange> exchange, Answer answer)
{
    stage_ = Stage::Head;
    ends_ = ends_ || exchange->closes || loop_.is_stopping();
    int status = answer.status;
    const auto bytes = answer.page ? push_page(exchange->request, answer.page, ends_, status)
                                   : push_answer(exchange->request, std::move(answer), ends_);
    finished(exchange->request, status, bytes, exchange->start);
    rearm();
    drive();
}

template <typename Transport>
void Session<Transport>::finished(
    const Request& request, int status, std::size_t bytes,
    std::chrono::steady_clock::time_point start)
{
    if (!house().hooks.finished)
        return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    house().hooks.finished(request, status, bytes, took);
}

template <typename Transport>
void Session<Transport>::on_stop()
{
    const bool idle = stage_ == Stage::Head && output_.empty() && input_size_ == 0;
    if (idle || stage_ == Stage::Handshake)
        close();
}

template <typename Transport>
void Session<Transport>::sweep()
{
    const auto now = loop_.now_ms();
    bool late = now >= deadline_;
    if (stalled_since_ms_ != 0) {
        const auto stalled = now - stalled_since_ms_;
        late =
            late
            || (stalled > ms(limits().write_timeout) && sent_since_ < stalled * answer_rate_least);
    } else if (stage_ == Stage::Body) {
        const auto size = static_cast<std::int64_t>(std::min<std::uint64_t>(
            std::max(body_->announced(), body_->received()), std::uint64_t{1} << 40));
        late = late || now - body_started_ms_ > ms(limits().body_timeout) + size / body_rate_least;
    }
    if (!late)
        return;
    const bool asking =
        (stage_ == Stage::Head && head_started_ && input_size_ > 0) || stage_ == Stage::Body;
    if (!asking || !output_.empty()) {
        close();
        return;
    }
    refuse_bare(408);
    drive();
}

/// The deadline of what is waited for now.
template <typename Transport>
void Session<Transport>::rearm()
{
    const auto now = loop_.now_ms();
    if (stage_ == Stage::Head)
        deadline_ = now + ms(limits().idle_timeout);
    else if (stage_ == Stage::Body)
        deadline_ = now + ms(limits().body_timeout);
}

// --- Input

template <typename Transport>
bool Session<Transport>::read_more()
{
    if (!readable_)
        return false;
    if (reads_left_-- == 0) {
        loop_.again(id_);
        return false;
    }
    char* into = loop_.scratch();
    std::size_t room = Loop::scratch_size;
    if (input_size_ > 0) {
        keep_rest();
        room = read_more_by;
        rest_.resize(input_size_ + room);
        input_ = rest_.data();
        into = input_ + input_size_;
    }
    const auto moved = transport_.read(into, room);
    if (input_size_ > 0)
        rest_.resize(input_size_ + moved.bytes);
    if (moved.transfer == Transfer::Closed) {
        close();
        return false;
    }
    if (moved.transfer != Transfer::Done) {
        readable_ = hung_up_ || moved.transfer == Transfer::WantWrite;
        return false;
    }
    if (moved.bytes < room && !hung_up_ && !transport_.may_have_more())
        readable_ = false;
    input_ = input_size_ > 0 ? rest_.data() : into;
    input_size_ += moved.bytes;
    return true;
}

template <typename Transport>
void Session<Transport>::consume(std::size_t count)
{
    input_ += count;
    input_size_ -= count;
}

/// Moves what is left of the input to `rest_`, from its first byte.
template <typename Transport>
void Session<Transport>::keep_rest()
{
    if (input_size_ == 0) {
        if (rest_.capacity() > kept_buffer_max)
            std::string().swap(rest_);
        input_ = rest_.data();
        return;
    }
    const bool inside = input_ >= rest_.data() && input_ < rest_.data() + rest_.size();
    if (inside)
        rest_.erase(0, static_cast<std::size_t>(input_ - rest_.data()));
    else
        rest_.assign(input_, input_size_);
    rest_.resize(input_size_);
    input_ = rest_.data();
}

// --- Output

template <typename Transport>
std::size_t Session<Transport>::push_page(
    const Request& request, const std::shared_ptr<const PageCache::Page>& page, bool closes,
    int& status)
{
    const auto chosen = choose(*page, request);
    const auto& variant = *chosen.variant;
    const bool with_body = !chosen.not_modified && request.method != Method::Head;
    const auto& head = chosen.not_modified ? variant.not_modified_head : variant.head;
    status = chosen.not_modified ? 304 : page->status;
    output_.push(head, page);
    output_.push(loop_.tail(closes, request.secure), nullptr);
    if (with_body)
        output_.push(variant.body, page);
    return head.size() + (with_body ? variant.body.size() : 0);
}

template <typename Transport>
std::size_t Session<Transport>::push_answer(const Request& request, Answer answer, bool closes)
{
    const bool with_body = request.method != Method::Head;
    auto size = answer.head.size();
    output_.push_copy(std::move(answer.head));
    output_.push(loop_.tail(closes, request.secure), nullptr);
    if (with_body && answer.file && answer.file_length > 0) {
        size += answer.file_length;
        output_.push_file(std::move(answer.file), answer.file_offset, answer.file_length);
    } else if (with_body && !answer.body.empty()) {
        size += answer.body.size();
        output_.push_copy(std::move(answer.body));
    }
    return size;
}

/// True: all is out.
template <typename Transport>
bool Session<Transport>::flush()
{
    using Flushed = typename Output<Transport>::Flushed;
    batching_ = false;
    const auto sent_before = sent_since_;
    const auto flushed = output_.flush(transport_, sent_since_);
    if (flushed == Flushed::Closed) {
        close();
        return false;
    }
    if (flushed == Flushed::All) {
        if (stalled_since_ms_ != 0) {
            stalled_since_ms_ = 0;
            rearm();
        }
        return true;
    }
    output_.own_borrowed();
    if (flushed == Flushed::TurnOver)
        loop_.again(id_);
    const auto now = loop_.now_ms();
    if (stalled_since_ms_ == 0) {
        stalled_since_ms_ = now;
        sent_since_ = 0;
        deadline_ = now + ms(limits().write_timeout);
    } else if (sent_since_ > sent_before) {
        deadline_ = now + ms(limits().write_timeout);
    }
    return false;
}

} // namespace

std::unique_ptr<Connection> make_connection(
    Loop& loop, std::uint64_t id, int descriptor, const Peer& peer)
{
    const auto& tls = loop.house().tls;
    if (tls)
        return std::make_unique<Session<TlsTransport>>(loop, id, descriptor, peer, *tls);
    return std::make_unique<Session<PlainTransport>>(
        loop, id, descriptor, peer, PlainTransport::Shared());
}

} // namespace http
