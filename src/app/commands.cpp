#include "app/commands.h"

#include "app/backup.h"
#include "app/demo.h"
#include "app/instance.h"
#include "core/audit/verify.h"
#include "core/identity/staff.h"
#include "core/org/org.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <fmt/format.h>

namespace app {
namespace {

int refused(const base::Error& error)
{
    fmt::print(stderr, "{}\n", error.message);
    return 1;
}

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

void print_set(const BackupSet& set)
{
    fmt::print(
        "{}  {}  稿件 {}  已发布 {}  审计 {} 条\n", set.path, base::to_minute_text(set.taken_at),
        set.items, set.publications, set.audit_sequence);
}

std::string read_line_of_input()
{
    std::string line;
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar())
        line += static_cast<char>(c);
    return line;
}

/// The organisation of that name; the very first account may found the top of the tree.
base::Result<org::Org> org_named(db::Transaction& tx, const std::string& name, base::Instant now)
{
    const auto orgs = org::list_orgs(tx);
    const auto found = std::find_if(
        orgs.begin(), orgs.end(), [&](const org::Org& org) { return org.name == name; });
    if (found != orgs.end())
        return *found;
    if (!orgs.empty())
        return base::refuse(
            base::Error::Kind::NotFound, "app.org_not_found", "没有名为“" + name + "”的机构");
    const org::Org top{
        .name = name,
        .short_name = name,
        .kind = org::OrgKind::Government,
        .level = org::OrgLevel::City};
    return org::create_org(tx, base::system_actor("命令行"), top, now);
}

} // namespace

int run_demo(const Settings& settings)
{
    const auto instance = Instance::open(settings, Instance::Use::Exclusive);
    if (!instance)
        return refused(instance.error());
    const auto counts = load_demo(**instance);
    if (!counts)
        return refused(counts.error());
    fmt::print(
        "演示数据已装入 {}：机构 {}，人员 {}，网站 {}，栏目 {}，稿件 {}，发布 {} 处\n",
        settings.data, counts->orgs, counts->staff, counts->sites, counts->columns, counts->items,
        counts->publications);
    return 0;
}

int run_audit_verify(
    const Settings& settings, std::int64_t anchor_sequence, const std::string& anchor_hash,
    bool as_json)
{
    const auto instance = Instance::open(settings, Instance::Use::Reading);
    if (!instance)
        return refused(instance.error());
    const auto anchor = anchor_hash.empty()
                            ? std::nullopt
                            : std::optional(audit::Anchor{anchor_sequence, anchor_hash});
    const auto found = audit::verify((*instance)->database(), anchor);
    if (as_json) {
        boost::json::object out{
            {"records", found.records},
            {"intact", !found.breach},
            {"head_sequence", found.head.sequence},
            {"head_hash", found.head.hash},
        };
        if (found.breach)
            out["breach"] = {
                {"kind", audit::to_string(found.breach->kind)},
                {"sequence", found.breach->sequence},
                {"explanation", found.breach->explanation},
            };
        fmt::print("{}\n", boost::json::serialize(out));
    } else if (found.breach) {
        fmt::print("审计链在第 {} 条断开：{}\n", found.breach->sequence, found.breach->explanation);
    } else {
        fmt::print(
            "审计链完整：{} 条。链头：{} {}（请抄录到别处，日后用 --anchor 核对）\n", found.records,
            found.head.sequence, found.head.hash);
    }
    return found.breach ? 1 : 0;
}

int run_backup(const Settings& settings, const std::string& folder)
{
    const auto instance = Instance::open(settings, Instance::Use::Reading);
    if (!instance)
        return refused(instance.error());
    const auto set = take_backup(**instance, folder);
    if (!set)
        return refused(set.error());
    print_set(*set);
    fmt::print("共 {} 个文件，{:.1f} MB\n", set->files, megabytes(set->bytes));
    return 0;
}

int run_backup_list(const std::string& folder)
{
    const auto sets = list_backups(folder);
    if (sets.empty())
        fmt::print("{} 里没有备份\n", folder);
    for (const auto& set : sets)
        print_set(set);
    return 0;
}

int run_backup_verify(const std::string& set)
{
    const auto verified = verify_backup(set);
    if (!verified)
        return refused(verified.error());
    print_set(*verified);
    fmt::print("备份完好\n");
    return 0;
}

int run_restore(const std::string& set, const std::string& target)
{
    const auto restored = restore_backup(set, target);
    if (!restored)
        return refused(restored.error());
    print_set(*restored);
    fmt::print("已恢复到 {}，可用 huabiao serve --data {} 启动\n", target, target);
    return 0;
}

int run_drill(const Settings& settings, std::string set, const std::string& folder)
{
    if (set.empty()) {
        const auto sets = list_backups(folder);
        if (sets.empty()) {
            fmt::print(stderr, "{} 里没有备份，请先执行 huabiao backup\n", folder);
            return 1;
        }
        set = sets.front().path;
    }
    const auto report = drill_backup(set, settings);
    if (!report)
        return refused(report.error());
    fmt::print(
        "演练 {}：恢复用时 {:.1f} 秒，数据截至 {:.0f} 秒前；审计 {} 条，抽查页面 {} 个\n",
        report->set.path, static_cast<double>(report->recovery_time.count()) / 1000,
        static_cast<double>(report->recovery_point.count()) / 1000, report->audit_records,
        report->pages_checked);
    for (const auto& fault : report->faults)
        fmt::print("  问题：{}\n", fault);
    fmt::print("{}\n", report->faults.empty() ? "通过" : "未通过");
    return report->faults.empty() ? 0 : 1;
}

int run_user_add(const Settings& settings, const UserOrder& order)
{
    const auto instance = Instance::open(settings, Instance::Use::Exclusive);
    if (!instance)
        return refused(instance.error());
    fmt::print(
        stderr, "请输入 {} 的口令（不少于 10 位，含大小写字母、数字、符号中的三种）：\n",
        order.login);
    const auto password = read_line_of_input();
    const auto now = (*instance)->clock().now();
    const auto actor = base::system_actor("命令行");
    const auto user =
        (*instance)->database().write([&](db::Transaction& tx) -> base::Result<identity::User> {
            const auto org = TRY(org_named(tx, order.org, now));
            const identity::User wanted{
                .login = order.login,
                .name = order.name,
                .org = org.id,
                .must_change_password = true};
            auto created = TRY(identity::create_user(tx, actor, wanted, password, now));
            if (!order.role.empty()) {
                const identity::Grant grant{.role = order.role};
                TRY(identity::grant_role(tx, actor, created.id, grant, now));
            }
            return created;
        });
    if (!user)
        return refused(user.error());
    fmt::print("已新建账号 {}（{}），首次登录须修改口令\n", user->login, user->name);
    return 0;
}

} // namespace app
