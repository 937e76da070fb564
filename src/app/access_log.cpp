#include "app/access_log.h"

#include "base/log.h"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

namespace app {
namespace {

constexpr std::size_t waiting_max = 8U << 20;

} // namespace

AccessLog::AccessLog(std::string directory, const base::Clock& clock)
    : directory_(std::move(directory))
    , clock_(clock)
    , writer_([this] { run(); })
{
    std::filesystem::create_directories(directory_);
}

AccessLog::~AccessLog()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    writer_.join();
}

void AccessLog::note(
    const http::Request& request, int status, std::size_t bytes, std::chrono::microseconds took)
{
    const std::string_view target = request.target;
    const auto path = target.substr(0, target.find('?'));
    const auto line = fmt::format(
        "{} {} {} {} {} {} {} {} {}\n", base::to_iso_text(request.now), request.actor.address,
        request.actor.user.value, http::to_string(request.method), request.host,
        path.substr(0, 512), status, bytes, took.count());
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + line.size() > waiting_max)
        ++dropped_;
    else
        waiting_ += line;
}

void AccessLog::write_out()
{
    std::string lines;
    std::size_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        lines.swap(waiting_);
        std::swap(dropped, dropped_);
    }
    if (dropped > 0)
        base::log_warning("{} lines of the access log were dropped: the disk is too slow", dropped);
    if (lines.empty())
        return;
    const auto path = fmt::format("{}/access-{}.log", directory_, base::to_date_text(clock_.now()));
    std::FILE* file = std::fopen(path.c_str(), "ab");
    const bool written =
        file != nullptr && std::fwrite(lines.data(), 1, lines.size(), file) == lines.size();
    if (file != nullptr)
        std::fclose(file);
    if (!written)
        base::log_warning("The access log {} can't be written", path);
}

void AccessLog::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
        lock.unlock();
        write_out();
        lock.lock();
    }
}

} // namespace app
