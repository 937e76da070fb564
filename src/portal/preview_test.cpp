// Writes every page, in every mode and theme, where a browser can open it: to the folder named by
// HUABIAO_PREVIEW, else to a temporary one. Serve that folder at the root of a host and look.

#include "portal/fixtures.h"
#include "portal/pages.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

fs::path preview_folder()
{
    const auto* wanted = std::getenv("HUABIAO_PREVIEW");
    return wanted ? fs::path(wanted) : fs::path(testing::TempDir()) / "huabiao-preview";
}

void write(const fs::path& file, const std::string& bytes)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

TEST(Preview, EveryPageIsWrittenInEveryModeAndFitsItsBudget)
{
    const auto root = preview_folder();
    const portal::ThemeShelf shelf(std::string(HUABIAO_SOURCE_DIR) + "/themes");
    for (const auto& [name, theme] : shelf.all()) {
        for (const auto* file :
             {"site.css", "site.js", "icons.svg", "hills.svg", "wave.svg", "landscape.svg",
              "favicon.svg"}) {
            const auto address = theme.address_of(file);
            write(
                root / address.substr(1),
                theme.find_static(fs::path(address).filename().string())->bytes);
        }
        write(
            root / (name + "-home.html"),
            portal::testing::every_page(theme, portal::testing::good_visit()).front().second);
    }
    for (const std::string mode : {"normal", "large", "contrast"}) {
        auto visit = portal::testing::good_visit();
        visit.large = mode == "large";
        visit.contrast = mode == "contrast";
        for (const auto& [name, bytes] :
             portal::testing::every_page(portal::testing::base_theme(), visit)) {
            write(root / mode / (name + ".html"), bytes);
            EXPECT_LE(bytes.size(), 48U << 10U) << name; // 15 KB compressed, frontend.md §7.8.
        }
    }
    EXPECT_TRUE(fs::exists(root / "normal" / "home.html"));
}

} // namespace
