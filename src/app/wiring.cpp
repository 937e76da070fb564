// Where everything meets: each route, job and subscription of the program is named here.

#include "app/access_log.h"
#include "app/console.h"
#include "app/instance.h"
#include "app/platform.h"
#include "app/search_feed.h"
#include "app/system_api.h"
#include "app/workbench.h"
#include "base/log.h"
#include "core/audit/api.h"
#include "core/identity/api.h"
#include "core/identity/guard.h"
#include "core/org/api.h"
#include "core/site/api.h"
#include "db/events.h"
#include "db/jobs.h"
#include "http/problem.h"
#include "http/server.h"
#include "portal/cache_rules.h"
#include "portal/portal.h"
#include "publish/library/api.h"
#include "publish/release/api.h"
#include "publish/release/jobs.h"
#include "publish/release/pages.h"
#include "publish/review/api.h"

#include <iterator>

namespace app {
namespace {

void append(http::Routes& all, http::Routes more)
{
    all.insert(
        all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool is_for_machines(std::string_view path)
{
    return path.starts_with("/api/") || path == "/api" || path.starts_with("/console");
}

/// What a breakdown of the storage means to the person at the screen.
std::optional<http::Breakdown> explain_failure(const std::exception& error)
{
    const auto* failure = dynamic_cast<const db::Failure*>(&error);
    if (failure == nullptr)
        return std::nullopt;
    switch (failure->kind) {
    case db::Failure::Kind::Full:
        return http::Breakdown{
            507, "db.full", "存储空间已满，这次的内容没有保存。请联系管理员清理空间后重试"};
    case db::Failure::Kind::Unavailable:
        return http::Breakdown{503, "db.unavailable", "数据库暂时连不上，请稍后重试"};
    case db::Failure::Kind::Other:
    case db::Failure::Kind::Constraint:
    case db::Failure::Kind::Corrupt: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

struct Platform::Parts {
    explicit Parts(Instance& opened)
        : instance(opened)
        , pages(opened.settings().page_cache_bytes)
        , face(
              {.themes = opened.settings().share + "/themes"}, opened.database(), &opened.index(),
              opened.files())
        , feed(opened.database(), opened.index())
        , pump(opened.database())
        , worker(opened.database(), opened.clock())
        , access_log(opened.settings().data + "/logs", opened.clock())
    {
    }

    http::Hooks hooks();
    void subscribe();

    Instance& instance;
    http::PageCache pages;
    portal::Portal face;
    SearchFeed feed;
    db::EventPump pump;
    db::JobWorker worker;
    AccessLog access_log;
    std::unique_ptr<http::Server> server;
};

http::Hooks Platform::Parts::hooks()
{
    return {
        .guard = identity::make_guard(instance.database(), instance.clock()),
        .cache_key = portal::cache_key,
        .error_page =
            [this](const http::Request& request, int status, const base::Error& error) {
                return is_for_machines(request.path)
                           ? http::problem(status, error, request.actor.request_id)
                           : face.error_page(request, status, error);
            },
        .failure = explain_failure,
        .finished =
            [this](
                const http::Request& request, int status, std::size_t bytes,
                std::chrono::microseconds took) { access_log.note(request, status, bytes, took); },
    };
}

void Platform::Parts::subscribe()
{
    pump.subscribe("page_cache", db::EventPump::From::Now, [this](const auto& batch) {
        pages.drop(face.take_events(batch));
    });
    // The index holds its own cursor; an event is only the sign to read on from there.
    pump.subscribe("search", db::EventPump::From::Now, [this](const auto&) { feed.catch_up(); });
    release::add_jobs(worker, instance.database(), instance.clock());
}

Platform::Platform(Instance& instance)
    : parts_(std::make_unique<Parts>(instance))
{
    for (const auto& fault : parts_->face.theme_faults())
        base::log_warning("A theme was left out: {}", fault);
    parts_->subscribe();
}

Platform::~Platform() { stop(); }

http::Routes Platform::routes()
{
    auto& database = parts_->instance.database();
    http::Routes all;
    append(all, identity::routes(database));
    append(all, org::routes(database, identity::may_manage_org));
    append(
        all, site::routes(
                 database,
                 [](db::Transaction& tx, base::ColumnId column) {
                     return release::count_publications_in(tx, column) > 0;
                 },
                 release::decorate_column));
    append(all, audit::routes(database, identity::visible_audit_orgs));
    append(all, library::routes(database, parts_->instance.files(), review::decorate_item));
    append(all, review::routes(database));
    append(all, release::routes(database));
    append(all, workbench_routes(database));
    append(all, system_routes(database));
    append(all, console_routes(parts_->instance.settings().console));
    append(all, parts_->face.preview_routes());
    append(all, parts_->face.routes());
    return all;
}

void Platform::start()
{
    parts_->feed.catch_up();
    parts_->pump.start();
    parts_->worker.start(parts_->instance.settings().job_threads);
    parts_->server = std::make_unique<http::Server>(
        parts_->instance.settings().http, http::Router(routes()), parts_->hooks(), parts_->pages,
        parts_->instance.clock());
    parts_->server->start();
    parts_->face.warm_up();
}

void Platform::start_working()
{
    parts_->feed.catch_up();
    parts_->pump.start();
    parts_->worker.start(parts_->instance.settings().job_threads);
}

void Platform::stop()
{
    if (parts_->server)
        parts_->server->stop();
    parts_->server.reset();
    parts_->worker.stop();
    parts_->pump.stop();
}

std::uint16_t Platform::port() const { return parts_->server ? parts_->server->port() : 0; }

http::PageCache& Platform::pages() { return parts_->pages; }

void Platform::settle() { parts_->pump.drain(); }

} // namespace app
