#include "bench/town.h"

#include "app/demo.h"
#include "app/instance.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "search/bench/corpus.h"

#include <fmt/format.h>

namespace bench {
namespace {

constexpr auto publisher_login = "bench-publisher";
constexpr auto columns_per_site = 8;
constexpr std::size_t blocks_on_home = 5;

base::Actor system_actor() { return base::system_actor("测速"); }

std::string layout_of(const std::vector<site::Column>& columns)
{
    std::string blocks;
    for (std::size_t i = 0; i < blocks_on_home; ++i)
        blocks += fmt::format(
            R"({}{{"block":"{}","title":"{}","column":"{}","count":8}})", i == 0 ? "" : ",",
            i == 0 ? "lead" : "list", columns[i].name, columns[i].path);
    return fmt::format(R"({{"blocks":[{}],"services":[],"hot_words":["医保","预算"]}})", blocks);
}

/// A department of the city with its site.
void build_place(db::Transaction& tx, base::OrgId city, std::size_t number, base::Instant now)
{
    const auto department = must(org::create_org(
        tx, system_actor(),
        {.parent = city,
         .name = fmt::format("云岭市测试{}局", number),
         .short_name = fmt::format("测试{}局", number),
         .kind = org::OrgKind::Department,
         .level = org::OrgLevel::City,
         .position = static_cast<int>(1000 + number)},
        now));
    site::Site wanted{
        .code = fmt::format("bench{}", number),
        .name = fmt::format("云岭市测试{}局", number),
        .kind = site::SiteKind::Department,
        .sponsor_org = department.id,
        .domains = {fmt::format("bench{}.example.gov.cn", number)},
    };
    auto created = must(site::create_site(tx, system_actor(), wanted, now));
    std::vector<site::Column> columns;
    for (int i = 0; i < columns_per_site; ++i)
        columns.push_back(must(site::create_column(
            tx, system_actor(),
            {.site = created.id,
             .name = fmt::format("栏目{}", i + 1),
             .slug = fmt::format("lm{}", i + 1),
             .column_type = "信息",
             .description = "测速用的栏目",
             .keywords = "测速",
             .owner_org = department.id,
             .in_nav = true,
             .position = i},
            now)));
    created.layout = layout_of(columns);
    must(site::update_site(tx, system_actor(), created, now));
}

void add_publisher(db::Transaction& tx, base::OrgId city, base::Instant now)
{
    const identity::User wanted{.login = publisher_login, .name = "测速发布", .org = city};
    const auto user =
        must(identity::create_user(tx, system_actor(), wanted, "Huabiao-Bench-2019", now));
    must(identity::grant_role(tx, system_actor(), user.id, {.role = "publisher"}, now));
}

} // namespace

Town build_town(app::Instance& instance)
{
    must(app::load_demo(instance));
    const auto now = instance.clock().now();
    instance.database().write([&](db::Transaction& tx) {
        const auto city = site::list_sites(tx).front().sponsor_org;
        add_publisher(tx, city, now);
        for (auto number = site::list_sites(tx).size(); number < sites_total; ++number)
            build_place(tx, city, number, now);
    });
    return find_town(instance);
}

Town find_town(app::Instance& instance)
{
    return instance.database().read([&](db::Transaction& tx) {
        const auto user = identity::find_user_by_login(tx, publisher_login);
        if (!user)
            throw std::runtime_error("this directory was not filled by growth fill");
        Town town;
        town.publisher = {
            .user = user->id,
            .org = user->org,
            .name = user->name,
            .address = "127.0.0.1",
            .request_id = "bench"};
        town.authority = identity::Authority::load(tx, user->id, instance.clock().now());
        for (const auto& site : site::list_sites(tx)) {
            Place place{.site = site};
            for (const auto& column : site::list_columns(tx, site.id)) {
                if (column.kind == site::ColumnKind::List)
                    place.columns.push_back(column);
            }
            town.places.push_back(std::move(place));
        }
        return town;
    });
}

library::Content content_of(const search::Document& document, const Town& town)
{
    const auto index = static_cast<std::size_t>(document.id);
    const auto& place = town.places[index % town.places.size()];
    const auto& column = place.columns[index / town.places.size() % place.columns.size()];
    return {
        .title = document.title,
        .summary = document.title,
        .body_html = "<p>" + document.text + "</p>",
        .source = place.site.name,
        .author = "测速",
        .targets = {{place.site.id, column.id}},
    };
}

} // namespace bench
