#include "portal/contrast.h"
#include "portal/theme.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using portal::Theme;

const fs::path themes = fs::path(HUABIAO_SOURCE_DIR) / "themes";

/// A folder with a copy of the base theme, to be spoiled.
class SpoilingATheme : public testing::Test {
protected:
    SpoilingATheme()
    {
        fs::remove_all(root);
        fs::create_directories(root);
        fs::copy(themes / "base", root / "base", fs::copy_options::recursive);
        fs::create_directories(root / "mine");
        write("mine/theme.json", R"({"name":"mine","title":"我的","parent":"base"})");
    }
    ~SpoilingATheme() override { fs::remove_all(root); }

    void write(const std::string& file, const std::string& text)
    {
        fs::create_directories((root / file).parent_path());
        std::ofstream(root / file) << text;
    }
    std::string code() const
    {
        const auto theme = Theme::load(root, "mine");
        return theme ? "" : theme.error().code;
    }

    fs::path root = fs::temp_directory_path() / ("huabiao-theme-test-" + std::to_string(getpid()));
};

TEST(Themes, EveryThemeOfTheHouseLoads)
{
    const portal::ThemeShelf shelf(themes);
    EXPECT_EQ(shelf.faults(), std::vector<std::string>());
    for (const auto* name : {"base", "pine", "cinnabar", "slate"})
        EXPECT_EQ(shelf.find(name).name(), name);
    EXPECT_EQ(shelf.find("none").name(), "base");
}

TEST(Themes, VariantsChangeFiveTokensOnly)
{
    for (const auto* name : {"pine", "cinnabar", "slate"}) {
        std::ifstream file(themes / name / "tokens.css");
        const std::string css((std::istreambuf_iterator<char>(file)), {});
        portal::Tokens tokens;
        portal::read_tokens(tokens, css, ":root");
        EXPECT_EQ(tokens.size(), 5U) << name;
    }
}

TEST(Themes, StaticFilesCarryTheHashOfTheirBytes)
{
    const auto theme = Theme::load(themes, "pine");
    ASSERT_TRUE(theme);
    const auto address = theme->address_of("site.css");
    ASSERT_TRUE(address.starts_with("/static/pine/site.")) << address;
    const auto* file = theme->find_static(address.substr(std::string("/static/pine/").size()));
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->media_type, "text/css; charset=utf-8");
    EXPECT_NE(file->bytes.find("#1f5a4a"), std::string::npos);
    EXPECT_NE(file->bytes.find("url(/static/pine/hills."), std::string::npos);
    EXPECT_EQ(theme->find_static("site.css"), nullptr);
    EXPECT_EQ(theme->find_static("../theme.json"), nullptr);
}

TEST(Themes, TheScriptStaysUnderThreeKilobytes)
{
    const auto theme = Theme::load(themes, "base");
    ASSERT_TRUE(theme);
    const auto address = theme->address_of("site.js");
    const auto* script = theme->find_static(address.substr(std::string("/static/base/").size()));
    ASSERT_NE(script, nullptr);
    EXPECT_LE(script->bytes.size(), 3U << 10U);
}

TEST_F(SpoilingATheme, AnUnspoiledChildLoads) { EXPECT_EQ(code(), ""); }

TEST_F(SpoilingATheme, FaintColoursDoNotLoad)
{
    write("mine/tokens.css", ":root { --c-brand: #8ab; }");
    EXPECT_EQ(code(), "portal.theme_contrast");
}

TEST_F(SpoilingATheme, AFooterWithoutTheErrorReportEntryDoesNotLoad)
{
    write("mine/layout/footer.html", "<footer>{{site.name}}</footer>");
    EXPECT_EQ(code(), "portal.theme_invalid");
}

TEST_F(SpoilingATheme, AFrameWithoutPageTagsDoesNotLoad)
{
    write("mine/layout/frame.html", "<!doctype html><html><body>{{content}}</body></html>");
    EXPECT_EQ(code(), "portal.theme_invalid");
}

TEST_F(SpoilingATheme, InlineScriptsAndStylesDoNotLoad)
{
    write("mine/part/blank.html", "<script>alert(1)</script>");
    EXPECT_EQ(code(), "portal.template_invalid");
    write("mine/part/blank.html", "<p style=\"color:red\">x</p>");
    EXPECT_EQ(code(), "portal.template_invalid");
}

TEST_F(SpoilingATheme, FilesOutsideTheThemesAreOutOfReach)
{
    write("mine/part/blank.html", "{{>../../etc/passwd}}");
    EXPECT_EQ(code(), "portal.template_invalid");
    write("mine/theme.json", R"({"name":"mine","parent":"../base"})");
    EXPECT_EQ(code(), "portal.theme_not_found");
}

TEST_F(SpoilingATheme, ThemesThatAreParentsOfEachOtherDoNotLoad)
{
    write("mine/theme.json", R"({"name":"mine","parent":"mine"})");
    EXPECT_EQ(code(), "portal.theme_invalid");
}

TEST_F(SpoilingATheme, OneBadThemeDoesNotHoldUpTheOthers)
{
    write("mine/tokens.css", ":root { --c-ink: #ccc; }");
    const portal::ThemeShelf shelf(root);
    EXPECT_EQ(shelf.faults().size(), 1U);
    EXPECT_EQ(shelf.find("mine").name(), "base");
}

TEST(Contrast, FollowsTheFormulaOfWcag)
{
    EXPECT_NEAR(portal::contrast_ratio("#000", "#ffffff").value(), 21.0, 0.01);
    EXPECT_NEAR(portal::contrast_ratio("#777777", "#fff").value(), 4.48, 0.01);
    EXPECT_FALSE(portal::contrast_ratio("red", "#fff"));
}

} // namespace
