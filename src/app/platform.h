#pragma once

// The running program: everything wired together over one instance. Routes, jobs and subscriptions
// are all listed in wiring.cpp.

#include "http/page_cache.h"
#include "http/route.h"

#include <cstdint>
#include <memory>
#include <string>

namespace app {

class Instance;

class Platform {
public:
    /// Throws std::runtime_error with a sentence for the administrator when a theme, the index or
    /// the port can't be had.
    explicit Platform(Instance&);
    ~Platform();

    /// Every route of the program; for the server and for the test that compares them with the
    /// contract.
    http::Routes routes();

    /// Serves, runs jobs, follows the event log, until stop().
    void start();
    /// Jobs and index only.
    void start_working();
    void stop();

    std::uint16_t port() const;
    http::PageCache& pages();

    /// Waits until cache and index show all that was committed before. For tests and benchmarks.
    void settle();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace app
