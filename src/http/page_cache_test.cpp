#include "http/page_cache.h"

#include <gtest/gtest.h>
#include <thread>

namespace http {
namespace {

Response page(std::string body, std::vector<std::string> tags = {"item:1"})
{
    auto response = html(std::move(body));
    response.caching = Caching{std::move(tags)};
    return response;
}

TEST(PageCache, GivesBackWhatWasPut)
{
    PageCache cache(1 << 20);
    EXPECT_EQ(cache.find("a"), nullptr);
    cache.put("a", page("body"), cache.take_ticket());
    const auto found = cache.find("a");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->plain.body, "body");
    EXPECT_NE(found->plain.head.find("HTTP/1.1 200 OK\r\n"), std::string::npos);
    EXPECT_NE(found->plain.head.find("Content-Length: 4\r\n"), std::string::npos);
    EXPECT_NE(found->plain.head.find("Content-Security-Policy: "), std::string::npos);
    EXPECT_NE(found->plain.head.find("ETag: " + found->plain.etag), std::string::npos);
    EXPECT_EQ(found->plain.not_modified_head.find("HTTP/1.1 304 "), 0U);
    EXPECT_EQ(cache.counters().hits, 1U);
    EXPECT_EQ(cache.counters().misses, 1U);
}

TEST(PageCache, CompressesWhatShrinks)
{
    PageCache cache(1 << 20);
    const auto large = cache.put("a", page(std::string(20'000, 'x')), cache.take_ticket());
    EXPECT_FALSE(large->gzip.body.empty());
    EXPECT_FALSE(large->brotli.body.empty());
    EXPECT_NE(large->gzip.etag, large->brotli.etag);
    EXPECT_NE(large->plain.head.find("Vary: Accept-Encoding\r\n"), std::string::npos);
    const auto small = cache.put("b", page("short"), cache.take_ticket());
    EXPECT_TRUE(small->gzip.body.empty());
    EXPECT_EQ(small->plain.head.find("Vary:"), std::string::npos);
    auto picture = page(std::string(20'000, 'x'));
    picture.headers = {{"Content-Type", "image/png"}};
    EXPECT_TRUE(cache.put("c", picture, cache.take_ticket())->gzip.body.empty());
}

TEST(PageCache, DropsEveryPageWithTheTag)
{
    PageCache cache(1 << 20);
    cache.put("a", page("a", {"item:1", "site:1"}), cache.take_ticket());
    cache.put("b", page("b", {"item:2", "site:1"}), cache.take_ticket());
    cache.put("c", page("c", {"item:3", "site:2"}), cache.take_ticket());
    cache.drop({"site:1", "nothing:9"});
    EXPECT_EQ(cache.find("a"), nullptr);
    EXPECT_EQ(cache.find("b"), nullptr);
    EXPECT_NE(cache.find("c"), nullptr);
    EXPECT_EQ(cache.counters().dropped, 2U);
    cache.drop_all();
    EXPECT_EQ(cache.find("c"), nullptr);
    EXPECT_EQ(cache.counters().pages, 0U);
    EXPECT_EQ(cache.counters().bytes, 0U);
}

TEST(PageCache, DoesNotKeepAPageWhoseTagWasDroppedMeanwhile)
{
    PageCache cache(1 << 20);
    const auto ticket = cache.take_ticket();
    cache.drop({"item:1"});
    const auto stale = cache.put("a", page("old"), ticket);
    EXPECT_EQ(stale->plain.body, "old");
    EXPECT_FALSE(cache.holds("a", *stale));
    EXPECT_EQ(cache.find("a"), nullptr);
    cache.put("b", page("other", {"item:2"}), ticket);
    EXPECT_NE(cache.find("b"), nullptr);
    const auto before_all = cache.take_ticket();
    cache.drop_all();
    cache.put("c", page("old", {"item:3"}), before_all);
    EXPECT_EQ(cache.find("c"), nullptr);
    cache.put("a", page("new"), cache.take_ticket());
    EXPECT_NE(cache.find("a"), nullptr);
}

TEST(PageCache, ForgetsManyDropsOnTheSafeSide)
{
    PageCache cache(1 << 20);
    const auto ticket = cache.take_ticket();
    for (int i = 0; i < 70'000; ++i)
        cache.drop({"item:" + std::to_string(i)});
    cache.put("a", page("old", {"item:1"}), ticket);
    EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(PageCache, PushesOutTheLeastRecentlyUsed)
{
    // Room for two: an entry is its body, its heads and the bookkeeping.
    PageCache measured(1 << 20);
    measured.put("a", page(std::string(200, 'a')), measured.take_ticket());
    PageCache cache(measured.counters().bytes * 5 / 2);
    cache.put("a", page(std::string(200, 'a')), cache.take_ticket());
    cache.put("b", page(std::string(200, 'b')), cache.take_ticket());
    EXPECT_NE(cache.find("a"), nullptr);
    cache.put("c", page(std::string(200, 'c')), cache.take_ticket());
    EXPECT_NE(cache.find("a"), nullptr);
    EXPECT_EQ(cache.find("b"), nullptr);
    EXPECT_NE(cache.find("c"), nullptr);
}

TEST(PageCache, APageLargerThanAllIsAnsweredNotKept)
{
    PageCache cache(100);
    EXPECT_NE(cache.put("a", page("body"), cache.take_ticket()), nullptr);
    EXPECT_EQ(cache.find("a"), nullptr);
    EXPECT_EQ(cache.counters().bytes, 0U);
}

TEST(PageCache, NeverShowsTheStateBeforeADropThatIsOver)
{
    // A writer raises a number and drops; readers render what they read before their ticket ran
    // out.
    PageCache cache(1 << 20);
    std::atomic<int> state{0};
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    const auto read = [&] {
        while (!done) {
            const auto ticket = cache.take_ticket();
            const int seen = state;
            cache.put("k", page(std::to_string(seen)), ticket);
        }
    };
    std::thread first(read);
    std::thread second(read);
    for (int i = 1; i <= 2'000; ++i) {
        state = i;
        cache.drop({"item:1"});
        const auto found = cache.find("k");
        if (found && std::stoi(found->plain.body) < i)
            ++wrong;
    }
    done = true;
    first.join();
    second.join();
    EXPECT_EQ(wrong, 0);
}

} // namespace
} // namespace http
