// Sites, columns and home pages of the demonstration.

#include "app/demo_book.h"

#include "db/database.h"

#include <boost/json.hpp>

namespace app {
namespace {

namespace json = boost::json;

void add_person(
    site::Site& site, const YAML::Node& persons, const char* name, const char* duty,
    const DemoBook& book)
{
    if (persons[name])
        site.responsible.push_back(
            {duty, DemoBook::look_up(book.staff, text_at(persons, name), "人员").name, ""});
}

std::string link_address(const YAML::Node& link, const YAML::Node& sites)
{
    if (link["url"])
        return text_at(link, "url");
    for (const auto& other : sites) {
        if (text_at(other, "code") == text_at(link, "site"))
            return "https://" + texts_at(other, "domains").at(0) + "/";
    }
    throw DemoMistake("data/demo/sites.yaml: 友情链接指向不存在的网站 " + text_at(link, "site"));
}

site::Site site_from(const YAML::Node& node, const YAML::Node& sites, const DemoBook& book)
{
    const auto org = [&](const char* name) {
        return DemoBook::look_up(book.orgs, text_at(node, name), "机构").id;
    };
    site::Site site{
        .code = text_at(node, "code"),
        .name = text_at(node, "name"),
        .english_name = text_at(node, "english_name"),
        .kind = site::site_kind_from(text_at(node, "kind")).value_or(site::SiteKind::Portal),
        .supervising_org = org("supervising_org"),
        .sponsor_org = org("sponsor_org"),
        .operator_org = org("operator_org"),
        .domains = texts_at(node, "domains"),
        .site_code = text_at(node, "site_code"),
        .icp_number = text_at(node, "icp_number"),
        .police_filing_number = text_at(node, "police_filing_number"),
        .badge_id = text_at(node, "badge_id"),
        .contact_phone = text_at(node["contact"], "phone"),
        .contact_email = text_at(node["contact"], "email"),
        .contact_address = text_at(node["contact"], "address"),
        .description = text_at(node, "description"),
        .theme = text_at(node, "theme"),
    };
    site.primary_domain = site.domains.at(0);
    const auto persons = node["persons"];
    add_person(site, persons, "principal", "principal", book);
    add_person(site, persons, "deputy", "deputy", book);
    add_person(site, persons, "security", "security", book);
    add_person(site, persons, "content", "content", book);
    add_person(site, persons, "operations", "ops", book);
    for (const auto& link : node["friendly_links"]) {
        site.links.push_back(
            {text_at(link, "group"), text_at(link, "name"), link_address(link, sites)});
    }
    return site;
}

/// The variant of the theme that the file names by its colour.
std::string theme_of(const YAML::Node& node)
{
    const auto colour = text_at(node, "colour");
    if (colour == "松绿")
        return "pine";
    if (colour == "朱红")
        return "cinnabar";
    return colour == "墨灰" ? "slate" : "base";
}

site::Column column_from(const YAML::Node& node, const DemoBook& book)
{
    const auto kind = site::column_kind_from(text_at(node, "kind"));
    if (!kind)
        throw DemoMistake("data/demo/columns.yaml: " + text_at(node, "key") + " 的 kind 不对");
    site::Column column{
        .site = DemoBook::look_up(book.sites, text_at(node, "site"), "网站").id,
        .name = text_at(node, "name"),
        .slug = text_at(node, "slug"),
        .kind = *kind,
        .column_type = text_at(node, "column_type"),
        .description = text_at(node, "description"),
        .keywords = joined(texts_at(node, "keywords")),
        .owner_org = DemoBook::look_up(book.orgs, text_at(node, "owner"), "机构").id,
        .update_cycle_days = number_at(node, "update_cycle_days", 0),
        .in_nav = flag_at(node, "in_nav", false),
        .position = number_at(node, "position", 0),
    };
    if (node["parent"])
        column.parent = DemoBook::look_up(book.columns, text_at(node, "parent"), "栏目").id;
    return column;
}

std::string column_path(const YAML::Node& node, const DemoBook& book)
{
    return DemoBook::look_up(book.columns, text_at(node, "column"), "栏目").path;
}

json::object layout_from(const YAML::Node& node, const DemoBook& book)
{
    json::array blocks;
    for (const auto& block : node["home"]) {
        json::object out{{"block", text_at(block, "block")}, {"title", text_at(block, "title")}};
        if (block["column"])
            out["column"] = column_path(block, book);
        out["count"] = number_at(block, "count", 7);
        blocks.push_back(std::move(out));
    }
    json::array services;
    for (const auto& service : node["services"]) {
        services.push_back(json::object{
            {"name", text_at(service, "name")},
            {"icon", text_at(service, "icon")},
            {"url", column_path(service, book)},
        });
    }
    json::array hot_words;
    for (const auto& word : texts_at(node, "hot_words"))
        hot_words.emplace_back(word);
    return {
        {"blocks", std::move(blocks)},
        {"services", std::move(services)},
        {"hot_words", std::move(hot_words)},
        {"keywords", joined(texts_at(node, "keywords"))},
        {"ipv6", true},
        {"upper_links",
         json::array{json::object{{"name", "中国政府网"}, {"url", "https://www.gov.cn/"}}}},
    };
}

} // namespace

void load_demo_sites(db::Database& database, DemoBook& book)
{
    const auto sites = read_list(book, "sites.yaml", "sites");
    for (const auto& node : sites) {
        const auto code = text_at(node, "code");
        auto wanted = site_from(node, sites, book);
        wanted.theme = theme_of(node);
        book.sites[code] = must(
            database.write([&](db::Transaction& tx) {
                return site::create_site(tx, base::system_actor("演示"), wanted, book.now);
            }),
            "网站 " + code);
        ++book.counts.sites;
    }
}

void load_demo_columns(db::Database& database, DemoBook& book)
{
    for (const auto& node : read_list(book, "columns.yaml", "columns")) {
        const auto key = text_at(node, "key");
        const auto wanted = column_from(node, book);
        book.columns[key] = must(
            database.write([&](db::Transaction& tx) {
                return site::create_column(tx, base::system_actor("演示"), wanted, book.now);
            }),
            "栏目 " + key);
        ++book.counts.columns;
    }
}

void load_demo_layouts(db::Database& database, DemoBook& book)
{
    for (const auto& node : read_list(book, "sites.yaml", "sites")) {
        const auto code = text_at(node, "code");
        auto wanted = book.sites.at(code);
        wanted.layout = json::serialize(layout_from(node, book));
        book.sites[code] = must(
            database.write([&](db::Transaction& tx) {
                return site::update_site(tx, base::system_actor("演示"), wanted, book.now);
            }),
            "网站 " + code + " 的首页");
    }
}

} // namespace app
