#include "db/commit_news.h"

#include "base/log.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace db {
namespace {

constexpr std::chrono::milliseconds gathering_time(5);
constexpr std::chrono::milliseconds reconnect_pause(1'000);
constexpr int poll_timeout_ms = 10'000;

} // namespace

CommitNews::CommitNews(std::string uri, std::function<void()> heard)
    : uri_(std::move(uri))
    , heard_(std::move(heard))
    , bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (bell_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
    connect();
    thread_ = std::thread([this] { follow(); });
}

CommitNews::~CommitNews()
{
    closing_.stop();
    wake();
    thread_.join();
    ::close(bell_);
}

void CommitNews::tell()
{
    if (!has_news_.exchange(true))
        wake();
}

void CommitNews::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(bell_, &one, sizeof one);
}

void CommitNews::connect()
{
    connection_ = std::make_unique<PostgresqlConnection>(uri_);
    connection_->command("LISTEN huabiao_commit");
}

void CommitNews::follow()
{
    while (!closing_.is_stopped() || has_news_) {
        try {
            if (!connection_) {
                connect();
                heard_(); // Something may have happened meanwhile.
            }
            exchange();
        } catch (const Failure& failure) {
            base::log_warning("与 PostgreSQL 的通知连接中断，将自动重连：{}", failure.what());
            connection_.reset();
            if (closing_.is_stopped())
                return;
            closing_.rest(reconnect_pause);
        }
    }
}

// Waits for news of either side and passes them on.
void CommitNews::exchange()
{
    if (!has_news_) {
        std::array<pollfd, 2> sources = {
            {{.fd = PQsocket(connection_->handle()), .events = POLLIN},
             {.fd = bell_, .events = POLLIN}}};
        ::poll(sources.data(), sources.size(), poll_timeout_ms);
    }
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto read = ::read(bell_, &rings, sizeof rings);
    if (has_news_.exchange(false)) {
        connection_->command("NOTIFY huabiao_commit");
        closing_.rest(gathering_time);
    }
    if (PQconsumeInput(connection_->handle()) == 0)
        throw Failure(Failure::Kind::Unavailable, PQerrorMessage(connection_->handle()));
    bool of_others = false;
    while (auto* const notice = PQnotifies(connection_->handle())) {
        of_others = of_others || notice->be_pid != PQbackendPID(connection_->handle());
        PQfreemem(notice);
    }
    if (of_others)
        heard_();
}

} // namespace db
