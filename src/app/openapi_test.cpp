#include "app/openapi.h"

#include "app/instance.h"
#include "app/platform.h"
#include "db/testing/temporary_database.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <gtest/gtest.h>
#include <map>
#include <string>

namespace app {
namespace {

namespace json = boost::json;

/// "GET /api/items" → "library.read"
using Operations = std::map<std::string, std::string>;

Operations contract()
{
    Operations operations;
    const auto document = json::parse(openapi_json());
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            std::string name(method);
            std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
                return static_cast<char>(std::toupper(c));
            });
            operations[name + " " + std::string(path)] =
                std::string(operation.at("x-access").as_string());
        }
    }
    return operations;
}

std::string access_name(const http::Access& access)
{
    if (access.kind == http::Access::Kind::Public)
        return "public";
    return access.kind == http::Access::Kind::SignedIn ? "signed-in" : std::string(access.ability);
}

Operations served()
{
    const db::testing::TemporaryFolder folder;
    Settings settings;
    settings.data = folder.path() + "/data";
    settings.share = HUABIAO_SOURCE_DIR;
    auto instance = Instance::open(settings, Instance::Use::Exclusive);
    EXPECT_TRUE(instance) << instance.error().message;
    Platform platform(**instance);
    Operations operations;
    for (const auto& route : platform.routes()) {
        if (route.pattern.starts_with("/api/"))
            operations
                [std::string(http::to_string(route.method)) + " " + std::string(route.pattern)] =
                    access_name(route.access);
    }
    return operations;
}

TEST(OpenApi, NamesEveryRouteOfTheServerAndNoOther)
{
    const auto promised = contract();
    const auto routes = served();
    for (const auto& [operation, access] : promised)
        EXPECT_TRUE(routes.contains(operation)) << "promised, not served: " << operation;
    for (const auto& [operation, access] : routes)
        EXPECT_TRUE(promised.contains(operation)) << "served, not in openapi.yaml: " << operation;
}

/// What the contract says of access may be narrower than the gate where the verb decides; it is
/// never wider.
TEST(OpenApi, SaysWhoMayCall)
{
    const auto promised = contract();
    for (const auto& [operation, access] : served()) {
        const auto found = promised.find(operation);
        if (found == promised.end())
            continue;
        if (access == "public") {
            EXPECT_EQ(found->second, "public") << operation;
        }
        if (found->second == "public" || found->second == "signed-in") {
            EXPECT_EQ(access, found->second) << operation;
        }
    }
}

} // namespace
} // namespace app
