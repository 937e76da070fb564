// Serves one cached page, for bench/http_vs_nginx.py: the HTTP server and nothing else.
// Usage: cached_page PORT IO_THREADS FILE

#include "base/clock.h"
#include "http/server.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

namespace {

http::Routes routes(std::string page)
{
    http::Routes all;
    all.push_back(
        {.method = http::Method::Get,
         .pattern = "/page.html",
         .access = http::public_access,
         .handler = [page = std::move(page)](const http::Request&) -> http::Reply {
             auto response = http::html(page);
             response.caching = http::Caching{{"item:1"}};
             return response;
         }});
    return all;
}

/// The same work as the portal's key: the host and the path.
http::Hooks hooks()
{
    http::Hooks all;
    all.cache_key = [](const http::Request& request) -> std::optional<std::string> {
        if (request.header("cookie") || !request.query.empty())
            return std::nullopt;
        return request.host + request.path;
    };
    return all;
}

int serve(int port, int io_threads, const char* file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string page(std::istreambuf_iterator<char>(stream), {});
    const base::SystemClock clock;
    http::PageCache cache(64U << 20);
    http::ServerSettings settings;
    settings.port = static_cast<std::uint16_t>(port);
    settings.io_threads = io_threads;
    settings.workers = 1;
    http::Server server(settings, http::Router(routes(std::move(page))), hooks(), cache, clock);

    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    server.start();
    int received = 0;
    sigwait(&ending, &received);
    server.stop();
    return 0;
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 4) {
        std::fputs("Usage: cached_page PORT IO_THREADS FILE\n", stderr);
        return 2;
    }
    try {
        return serve(std::atoi(arguments[1]), std::atoi(arguments[2]), arguments[3]);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
