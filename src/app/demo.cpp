#include "app/demo.h"

#include "app/demo_book.h"
#include "app/instance.h"
#include "base/log.h"

#include <fmt/format.h>

namespace app {

YAML::Node read_list(const DemoBook& book, const std::string& file, const std::string& list)
{
    const auto path = book.folder + "/" + file;
    try {
        auto root = YAML::LoadFile(path);
        if (root[list])
            return list == "items" ? root : root[list];
    } catch (const YAML::Exception& error) {
        throw DemoMistake(fmt::format("{}: {}", path, error.what()));
    }
    throw DemoMistake(fmt::format("{}: 缺少 {}", path, list));
}

std::string text_at(const YAML::Node& node, const char* name)
{
    return node[name] ? node[name].as<std::string>() : "";
}

int number_at(const YAML::Node& node, const char* name, int otherwise)
{
    return node[name] ? node[name].as<int>() : otherwise;
}

bool flag_at(const YAML::Node& node, const char* name, bool otherwise)
{
    return node[name] ? node[name].as<bool>() : otherwise;
}

std::vector<std::string> texts_at(const YAML::Node& node, const char* name)
{
    return node[name] ? node[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words)
        text += text.empty() ? word : "," + word;
    return text;
}

bool has_sites(Instance& instance)
{
    return instance.database().read(
        [](db::Transaction& tx) { return !site::list_sites(tx).empty(); });
}

base::Result<DemoCounts> load_demo(Instance& instance)
{
    if (has_sites(instance))
        return base::refuse(
            base::Error::Kind::Conflict, "app.not_empty",
            "数据目录里已有网站，演示数据只能装入空的数据目录");
    DemoBook book;
    book.folder = instance.settings().share + "/data/demo";
    book.now = instance.clock().now();
    auto& database = instance.database();
    try {
        load_demo_orgs(database, book);
        load_demo_staff(database, book);
        load_demo_sites(database, book);
        load_demo_columns(database, book);
        load_demo_layouts(database, book);
        load_demo_grants(database, book);
        base::log_info(
            "{} organisations, {} people, {} sites and {} columns are in", book.counts.orgs,
            book.counts.staff, book.counts.sites, book.counts.columns);
        load_demo_items(database, book);
        load_demo_documents(database, book);
    } catch (const DemoMistake& mistake) {
        return base::refuse(base::Error::Kind::Invalid, "app.bad_demo", mistake.what());
    } catch (const YAML::Exception& error) {
        return base::refuse(
            base::Error::Kind::Invalid, "app.bad_demo", fmt::format("data/demo: {}", error.what()));
    }
    return book.counts;
}

} // namespace app
