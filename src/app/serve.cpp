#include "app/commands.h"
#include "app/demo.h"
#include "app/instance.h"
#include "app/platform.h"
#include "base/assert.h"
#include "base/log.h"
#include "core/site/site.h"

#include <csignal>
#include <cstdio>
#include <fmt/format.h>

namespace app {
namespace {

/// Ctrl-C and systemd's stop, taken by waiting, not by a handler. Block before any thread starts.
class StopSignals {
public:
    StopSignals()
    {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }
    void wait() const
    {
        int received = 0;
        sigwait(&signals_, &received);
    }

private:
    sigset_t signals_{};
};

std::string shown_host(const Settings& settings)
{
    const auto& address = settings.http.address;
    return address == "0.0.0.0" || address == "::" || address == "127.0.0.1" ? "localhost"
                                                                             : address;
}

void print_addresses(Instance& instance, std::uint16_t port, bool demo_password_holds)
{
    const auto scheme = instance.settings().http.certificate_file.empty() ? "http" : "https";
    const auto host = shown_host(instance.settings());
    const auto sites =
        instance.database().read([](db::Transaction& tx) { return site::list_sites(tx); });
    fmt::print("\n华表已启动\n");
    for (const auto& site : sites)
        fmt::print("  {}  {}://{}.localhost:{}/\n", site.name, scheme, site.code, port);
    fmt::print("  门户（缺省）  {}://{}:{}/\n", scheme, host, port);
    fmt::print("  控制台        {}://{}:{}/console/\n", scheme, host, port);
    if (demo_password_holds)
        fmt::print(
            "  演示账号（口令都是 {}）：\n"
            "    yl-bj 编辑    yl-cs 初审    yl-fs 复审    yl-zs 终审    yl-fb 发布\n"
            "    sysadmin 系统管理员    secadmin 安全管理员    auditor 审计管理员    supervisor "
            "监管\n"
            "  其他人员见 data/demo/staff.yaml\n",
            demo_password);
    fmt::print("按 Ctrl-C 停止\n\n");
    std::fflush(stdout);
}

/// Is this the demonstration's government? Then its documented password is no secret.
bool is_demo(Instance& instance)
{
    return instance.database().read(
        [](db::Transaction& tx) { return site::find_site_by_code(tx, "yunling").has_value(); });
}

int refused(const base::Error& error)
{
    fmt::print(stderr, "{}\n", error.message);
    return 1;
}

} // namespace

int run_serve(const Settings& settings, bool with_demo)
{
    const StopSignals signals;
    base::on_broken_invariant(base::OnBrokenInvariant::Throw);
    const auto instance = Instance::open(settings, Instance::Use::Exclusive);
    if (!instance)
        return refused(instance.error());
    if (with_demo && !has_sites(**instance)) {
        fmt::print("正在装入演示数据……\n");
        std::fflush(stdout);
        if (const auto loaded = load_demo(**instance); !loaded)
            return refused(loaded.error());
    }
    Platform platform(**instance);
    platform.start();
    print_addresses(**instance, platform.port(), is_demo(**instance));
    signals.wait();
    fmt::print("正在停止……\n");
    platform.stop();
    return 0;
}

int run_work(const Settings& settings)
{
    const StopSignals signals;
    base::on_broken_invariant(base::OnBrokenInvariant::Throw);
    if (settings.database.empty()) {
        fmt::print(
            stderr, "使用 SQLite 时定时任务由 serve 一并运行；work 用于 PostgreSQL 多节点部署\n");
        return 1;
    }
    const auto instance = Instance::open(settings, Instance::Use::Exclusive);
    if (!instance)
        return refused(instance.error());
    Platform platform(**instance);
    platform.start_working();
    base::log_info("Working");
    signals.wait();
    platform.stop();
    return 0;
}

} // namespace app
