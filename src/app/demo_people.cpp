// Organisations, people and their grants of the demonstration.

#include "app/demo_book.h"

#include "db/database.h"

namespace app {
namespace {

org::Org org_from(const YAML::Node& node, const DemoBook& book)
{
    const auto kind = org::org_kind_from(text_at(node, "kind"));
    const auto level = org::org_level_from(text_at(node, "level"));
    if (!kind || !level)
        throw DemoMistake("data/demo/org.yaml: " + text_at(node, "key") + " 的 kind 或 level 不对");
    org::Org org{
        .name = text_at(node, "name"),
        .short_name = text_at(node, "short_name"),
        .kind = *kind,
        .level = *level,
        .region_code = text_at(node, "region_code"),
        .credit_code = text_at(node, "credit_code"),
        .issuer_abbr = text_at(node, "issuer_abbr"),
        .phone = text_at(node, "phone"),
        .address = text_at(node, "address"),
        .duties = text_at(node, "duties"),
        .position = static_cast<int>(book.orgs.size()),
    };
    if (node["parent"])
        org.parent = DemoBook::look_up(book.orgs, text_at(node, "parent"), "机构").id;
    return org;
}

identity::Grant grant_from(const YAML::Node& node, const DemoBook& book)
{
    identity::Grant grant{.role = text_at(node, "role")};
    if (node["org"])
        grant.scope.org = DemoBook::look_up(book.orgs, text_at(node, "org"), "机构").id;
    if (node["site"])
        grant.scope.site = DemoBook::look_up(book.sites, text_at(node, "site"), "网站").id;
    if (node["column"])
        grant.scope.column = DemoBook::look_up(book.columns, text_at(node, "column"), "栏目").id;
    return grant;
}

} // namespace

void load_demo_orgs(db::Database& database, DemoBook& book)
{
    for (const auto& node : read_list(book, "org.yaml", "orgs")) {
        const auto key = text_at(node, "key");
        const auto wanted = org_from(node, book);
        book.orgs[key] = must(
            database.write([&](db::Transaction& tx) {
                return org::create_org(tx, base::system_actor("演示"), wanted, book.now);
            }),
            "机构 " + key);
        ++book.counts.orgs;
    }
}

void load_demo_staff(db::Database& database, DemoBook& book)
{
    for (const auto& node : read_list(book, "staff.yaml", "staff")) {
        const auto login = text_at(node, "login");
        const identity::User wanted{
            .login = login,
            .name = text_at(node, "name"),
            .org = DemoBook::look_up(book.orgs, text_at(node, "org"), "机构").id,
        };
        book.staff[login] = must(
            database.write([&](db::Transaction& tx) {
                return identity::create_user(
                    tx, base::system_actor("演示"), wanted, demo_password, book.now);
            }),
            "人员 " + login);
        ++book.counts.staff;
    }
}

void load_demo_grants(db::Database& database, DemoBook& book)
{
    for (const auto& node : read_list(book, "staff.yaml", "staff")) {
        const auto login = text_at(node, "login");
        const auto user = book.staff.at(login).id;
        for (const auto& role : node["roles"]) {
            const auto wanted = grant_from(role, book);
            if (wanted.role == "editor" && wanted.scope.org)
                book.editing_orgs.push_back(wanted.scope.org);
            must(
                database.write([&](db::Transaction& tx) {
                    return identity::grant_role(
                        tx, base::system_actor("演示"), user, wanted, book.now);
                }),
                "人员 " + login + " 的角色 " + wanted.role);
        }
    }
}

} // namespace app
