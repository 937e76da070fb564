// `huabiao import`: finished documents into the library as drafts, with what was recognised and
// what a person should look at printed for each.

#include "app/commands.h"
#include "app/instance.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "publish/intake/recognise.h"
#include "publish/library/draft.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace app {
namespace {

auto not_found(const std::string& what)
{
    return base::refuse(base::Error::Kind::NotFound, "app.not_found", "没有" + what);
}

/// Where imported drafts go and who drafts them.
struct Desk {
    base::Actor actor;
    base::OrgId org;
    std::vector<library::Target> targets;
};

base::Result<Desk> find_desk(db::Transaction& tx, const ImportOrder& order)
{
    Desk desk{.actor = base::system_actor("导入")};
    if (!order.user.empty()) {
        const auto user = identity::find_user_by_login(tx, order.user);
        if (!user)
            return not_found("账号 " + order.user);
        desk.actor.user = user->id;
        desk.actor.name = user->name;
        desk.org = user->org;
    }
    if (!order.org.empty()) {
        const auto orgs = org::list_orgs(tx);
        const auto org = std::find_if(orgs.begin(), orgs.end(), [&](const org::Org& one) {
            return one.name == order.org || one.short_name == order.org;
        });
        if (org == orgs.end())
            return not_found("机构 " + order.org);
        desk.org = org->id;
    }
    if (!desk.org)
        return not_found("归属机构：请用 --org 或 --user 指明");
    if (order.site.empty())
        return desk;
    const auto site = site::find_site_by_code(tx, order.site);
    if (!site)
        return not_found("网站 " + order.site);
    const auto column = site::find_column_by_path(tx, site->id, order.column);
    if (!column)
        return not_found("栏目 " + order.column);
    desk.targets.push_back({site->id, column->id});
    return desk;
}

library::Content content_of(
    const intake::RecognisedDocument& document, const Desk& desk, const std::string& file)
{
    library::Content content{
        .title = document.title.empty() ? "（标题待补）" + file : document.title,
        .body_html = document.body_html,
        .source = document.issuing_organ,
        .author = desk.actor.name,
        .targets = desk.targets,
    };
    content.policy.issuing_organ = document.issuing_organ;
    content.policy.document_number = document.document_number;
    content.policy.issued_on = document.issued_on;
    return content;
}

void print_document(const intake::RecognisedDocument& document)
{
    const auto or_none = [](const std::string& text) { return text.empty() ? "（未识别）" : text; };
    fmt::print("  标题    {}\n", or_none(document.title));
    fmt::print("  发文机关 {}\n", or_none(document.issuing_organ));
    fmt::print("  发文字号 {}\n", or_none(document.document_number));
    fmt::print(
        "  成文日期 {}\n",
        document.issued_on ? base::to_date_text(*document.issued_on) : "（未识别）");
    constexpr std::size_t shown_max = 10;
    for (std::size_t i = 0; i < std::min(document.concerns.size(), shown_max); ++i)
        fmt::print(
            "  请核对  {}：{}\n", document.concerns[i].message, document.concerns[i].excerpt);
    if (document.concerns.size() > shown_max)
        fmt::print("  ……另有 {} 处请核对\n", document.concerns.size() - shown_max);
}

base::Result<> keep(
    Instance& instance, const Desk& desk, const intake::Recognition& recognised,
    const std::string& file)
{
    const auto now = instance.clock().now();
    return instance.database().write([&](db::Transaction& tx) -> base::Result<> {
        const auto& document = recognised.document;
        const auto kind = document.document_number.empty() ? library::ItemKind::Article
                                                           : library::ItemKind::Policy;
        const bool has_reading = recognised.interpretation.has_value();
        const auto item = TRY(library::create_item(
            tx, desk.actor, has_reading ? library::ItemKind::Policy : kind, desk.org,
            content_of(document, desk, file), now));
        fmt::print("  → 草稿 {}\n", item.id.value);
        if (!has_reading)
            return {};
        auto reading = content_of(*recognised.interpretation, desk, file);
        reading.policy = {};
        reading.interprets = {item.id};
        reading.interpretation.provider = document.issuing_organ;
        const auto second = TRY(library::create_item(
            tx, desk.actor, library::ItemKind::Interpretation, desk.org, reading, now));
        fmt::print("  → 所附解读：草稿 {}，已与文件互相关联\n", second.id.value);
        return {};
    });
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

base::Result<intake::Recognition> recognise_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file || !std::filesystem::is_regular_file(path))
        return not_found("这个文件，或读不出来。请检查文件名");
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return intake::recognise(bytes, file_name(path));
}

/// Only looks: needs no data directory, so it can be tried beside a running server.
int run_dry(const ImportOrder& order)
{
    int faults = 0;
    for (const auto& path : order.files) {
        fmt::print("{}\n", path);
        const auto recognised = recognise_file(path);
        if (recognised) {
            print_document(recognised->document);
            continue;
        }
        fmt::print("  不能识别：{}\n", recognised.error().message);
        ++faults;
    }
    return faults == 0 ? 0 : 1;
}

} // namespace

int run_import(const Settings& settings, const ImportOrder& order)
{
    if (order.dry_run)
        return run_dry(order);
    const auto instance = Instance::open(settings, Instance::Use::Exclusive);
    if (!instance) {
        fmt::print(stderr, "{}\n", instance.error().message);
        return 1;
    }
    const auto desk =
        (*instance)->database().read([&](db::Transaction& tx) { return find_desk(tx, order); });
    if (!desk) {
        fmt::print(stderr, "{}\n", desk.error().message);
        return 1;
    }
    int faults = 0;
    for (const auto& path : order.files) {
        fmt::print("{}\n", path);
        const auto name = file_name(path);
        const auto recognised = recognise_file(path);
        if (!recognised) {
            fmt::print("  没有导入：{}\n", recognised.error().message);
            ++faults;
            continue;
        }
        print_document(recognised->document);
        if (const auto kept = keep(**instance, *desk, *recognised, name); !kept) {
            fmt::print("  没有导入：{}\n", kept.error().message);
            ++faults;
        }
    }
    return faults == 0 ? 0 : 1;
}

} // namespace app
