#pragma once

// The access log (访问日志): one line a request, one file a day under <data>/logs, written behind
// the requests' backs once a second. 网络安全法: 留存不少于六个月; older files are the
// administrator's to archive, the program deletes none. No query strings: people type names into
// search boxes.

#include "base/clock.h"
#include "http/request.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace app {

class AccessLog {
public:
    AccessLog(std::string directory, const base::Clock& clock);
    ~AccessLog(); // Writes what is waiting.

    /// Thread-safe, does not wait for the disk. Past 8 MiB waiting, lines are dropped and counted.
    void note(
        const http::Request& request, int status, std::size_t bytes,
        std::chrono::microseconds took);

private:
    void write_out();
    void run();

    std::string directory_;
    const base::Clock& clock_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string waiting_;
    std::size_t dropped_ = 0;
    bool stopping_ = false;
    std::thread writer_;
};

} // namespace app
