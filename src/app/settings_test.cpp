#include "app/settings.h"

#include "db/testing/temporary_database.h"

#include <fstream>
#include <gtest/gtest.h>

namespace app {
namespace {

class ReadingSettings : public testing::Test {
protected:
    void write_file(const std::string& text) const
    {
        std::ofstream(folder_.path() + "/huabiao.toml") << text;
    }
    base::Result<Settings> load(
        const std::map<std::string, std::string>& environment = {},
        const std::vector<std::string>& overrides = {}) const
    {
        return load_settings(folder_.path(), environment, overrides);
    }

private:
    db::testing::TemporaryFolder folder_;
};

TEST_F(ReadingSettings, HasDefaultsForAll)
{
    const auto settings = load();
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->http.port, 8080);
    EXPECT_EQ(settings->http.address, "127.0.0.1");
}

TEST_F(ReadingSettings, LetsTheCommandLineWinOverEnvironmentAndFile)
{
    write_file("[http]\nport = 8001\nio_threads = 3\n");
    EXPECT_EQ(load()->http.port, 8001);
    EXPECT_EQ(load({{"HUABIAO_HTTP_PORT", "8002"}})->http.port, 8002);
    EXPECT_EQ(load({{"HUABIAO_HTTP_PORT", "8002"}}, {"http.port=8003"})->http.port, 8003);
    EXPECT_EQ(load()->http.io_threads, 3);
}

TEST_F(ReadingSettings, RefusesWhatItDoesNotKnow)
{
    EXPECT_EQ(load({{"HUABIAO_HTTP_PROT", "1"}}).error().code, "app.bad_setting");
    EXPECT_EQ(load({}, {"http.prot=1"}).error().code, "app.bad_setting");
    write_file("[http]\nprot = 1\n");
    EXPECT_EQ(load().error().code, "app.bad_setting");
}

TEST_F(ReadingSettings, SaysWhatWouldFit)
{
    const auto refused = load({}, {"http.port=eighty"});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("http.port"), std::string::npos);
    EXPECT_NE(refused.error().message.find("65535"), std::string::npos);
    EXPECT_FALSE(load({}, {"log.level=loud"}));
    EXPECT_FALSE(load({}, {"http.port"}));
    write_file("[http\n");
    EXPECT_EQ(load().error().code, "app.bad_settings_file");
}

TEST_F(ReadingSettings, ReadsTheCommentedFileThatItWrites)
{
    auto text = commented_settings();
    for (auto at = text.find("\n# "); at != std::string::npos; at = text.find("\n# ", at + 1)) {
        // Uncomment the assignments; the explanations stay comments.
        const auto end = text.find('\n', at + 1);
        if (text.substr(at, end - at).find(" = ") != std::string::npos)
            text.erase(at + 1, 2);
    }
    write_file(text);
    const auto settings = load();
    ASSERT_TRUE(settings) << settings.error().message << "\n" << text;
    EXPECT_EQ(settings->http.port, 8080);
}

} // namespace
} // namespace app
