#pragma once

// Shared by the parts of the demonstration's loader: keys of the files → ids of the platform.

#include "app/demo.h"
#include "base/clock.h"
#include "core/identity/staff.h"
#include "core/org/org.h"
#include "core/site/column.h"
#include "core/site/site.h"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace db {
class Database;
}

namespace app {

/// A mistake in a file of data/demo: which, and what to mend.
struct DemoMistake : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct DemoBook {
    std::string folder; // <share>/data/demo
    base::Instant now;
    std::map<std::string, org::Org> orgs;
    std::map<std::string, site::Site> sites;
    std::map<std::string, site::Column> columns;
    std::map<std::string, identity::User> staff; // By login.
    std::vector<base::OrgId> editing_orgs;       // Those with editors of their own.
    std::map<std::string, base::ItemId> items;
    DemoCounts counts;

    template <typename T>
    static const T& look_up(
        const std::map<std::string, T>& all, const std::string& key, const std::string& what)
    {
        const auto found = all.find(key);
        if (found == all.end())
            throw DemoMistake("data/demo: 没有" + what + " " + key);
        return found->second;
    }
};

/// The file's list under `list`; a DemoMistake names the file when it can't be read.
YAML::Node read_list(const DemoBook&, const std::string& file, const std::string& list);

std::string text_at(const YAML::Node&, const char* name);
int number_at(const YAML::Node&, const char* name, int otherwise);
bool flag_at(const YAML::Node&, const char* name, bool otherwise);
std::vector<std::string> texts_at(const YAML::Node&, const char* name);
std::string joined(const std::vector<std::string>&);

/// Throws DemoMistake with the refusal's words when a verb says no.
template <typename T>
T must(base::Result<T> result, const std::string& what)
{
    if (!result)
        throw DemoMistake("data/demo: " + what + "：" + result.error().message);
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void load_demo_orgs(db::Database&, DemoBook&);
void load_demo_staff(db::Database&, DemoBook&);
void load_demo_sites(db::Database&, DemoBook&);
void load_demo_columns(db::Database&, DemoBook&);
void load_demo_layouts(db::Database&, DemoBook&);
void load_demo_grants(db::Database&, DemoBook&);
void load_demo_items(db::Database&, DemoBook&);
void load_demo_documents(db::Database&, DemoBook&);

} // namespace app
