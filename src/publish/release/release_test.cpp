#include "publish/release/release.h"

#include "db/jobs.h"
#include "publish/release/jobs.h"
#include "publish/release/release_fixture.h"

namespace release {
namespace {

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Releases, ::testing::ValuesIn(db::testing::backends()),
    db::testing::backend_name);

TEST_P(Releases, ToTwoSitesInOneOrderSayTheSameAtTheSameTime)
{
    const auto item = approved();
    const auto outcomes = carry_out(order(item.id, {news, other_news})).value();
    ASSERT_EQ(outcomes.size(), 2U);
    const auto& one = outcomes[0].result.value();
    const auto& two = outcomes[1].result.value();
    EXPECT_EQ(one.version, two.version);
    EXPECT_EQ(one.publish_at, two.publish_at);
    const auto digest = [&](const Publication& publication) {
        return town.read(
            [&](db::Transaction& tx) { return find_live(tx, publication.id)->version.digest; });
    };
    EXPECT_EQ(digest(one), digest(two));
    EXPECT_EQ(one.url, fmt::format("/xwzx/2026/1122/{}.html", one.id.value));
    EXPECT_EQ(found(news, one.url), item.title);
    EXPECT_EQ(found(other_news, one.url), one.id == two.id ? item.title : "nothing");
    EXPECT_EQ(town.load(item.id).state, ItemState::Released);
    EXPECT_EQ(town.audited("release.publish"), 2) << "one record for each column";
}

TEST_P(Releases, AreRefusedWithoutReviewTargetsOrKey)
{
    EXPECT_EQ(Town::code_of(carry_out(order(town.draft().id, {news}))), "release.not_approved");
    const auto item = approved();
    EXPECT_EQ(Town::code_of(carry_out(order(item.id, {}))), "release.no_targets");
    auto keyless = order(item.id, {news});
    keyless.key.clear();
    EXPECT_EQ(Town::code_of(carry_out(keyless)), "release.key_missing");
    EXPECT_EQ(Town::code_of(carry_out(order({999}, {news}))), "library.item_not_found");
}

TEST_P(Releases, FailForSomeColumnsWithoutHarmToTheOthers)
{
    const auto channel = town.column(town.site, "pd", site::ColumnKind::Channel);
    const auto item = approved();
    const auto outcomes = carry_out(
                              order(
                                  item.id, {news,
                                            other_news,
                                            {town.site, town.other_news},
                                            {town.site, {999}},
                                            {town.site, channel}}),
                              publisher)
                              .value();
    std::vector<std::string> codes;
    for (const auto& outcome : outcomes)
        codes.push_back(Town::code_of(outcome.result));
    EXPECT_EQ(
        codes, (std::vector<std::string>{
                   "ok", "release.forbidden", "release.wrong_site", "site.column_not_found",
                   "release.channel_holds_nothing"}));
}

TEST_P(Releases, OfADoubleClickAreOne)
{
    const auto item = approved();
    const auto wanted = order(item.id, {news, {town.site, {999}}});
    const auto one = carry_out(wanted).value();
    const auto cursor = last_event();
    const auto two = carry_out(wanted).value();
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(one[0].result->id, two[0].result->id);
    EXPECT_EQ(Town::code_of(one[1].result), Town::code_of(two[1].result));
    EXPECT_TRUE(events_after(cursor).empty());
    EXPECT_EQ(town.audited("release.publish"), 1);
    auto corrected = wanted;
    corrected.targets[1] = other_news;
    EXPECT_EQ(Town::code_of(carry_out(corrected).value()[1].result), "ok")
        << "a changed order under the same key is another one";
}

TEST_P(Releases, OfAnotherUnitsItemNeedItShared)
{
    const auto item = approved();
    EXPECT_EQ(
        Town::code_of(carry_out(order(item.id, {other_news}), stranger).value()[0].result),
        "release.not_shared");
    town.write([&](db::Transaction& tx) {
            return library::set_shared(tx, town.writer, item.id, true, now);
        })
        .value();
    EXPECT_EQ(
        Town::code_of(carry_out(order(item.id, {other_news}), stranger).value()[0].result), "ok");
}

TEST_P(Releases, BeginAtTheVeryMillisecondAndEndAtTheirs)
{
    const auto item = approved();
    auto wanted = order(item.id, {news});
    wanted.publish_at = now + std::chrono::hours(1);
    wanted.expire_at = now + std::chrono::hours(2);
    const auto publication = carry_out(wanted).value()[0].result.value();
    EXPECT_EQ(publication.state, PublicationState::Scheduled);
    EXPECT_EQ(town.load(item.id).state, ItemState::Approved) << "nobody sees it yet";
    EXPECT_EQ(found(news, publication.url), "nothing");
    now = *wanted.publish_at - base::Millis(1);
    EXPECT_EQ(settle(), 0);
    now += base::Millis(1);
    const auto cursor = last_event();
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(settle(), 0) << "safe to run twice";
    EXPECT_EQ(
        events_after(cursor),
        std::vector<std::string>{fmt::format("release.published {}", publication.id.value)});
    EXPECT_EQ(found(news, publication.url), item.title);
    EXPECT_EQ(town.load(item.id).state, ItemState::Released);
    now = *wanted.expire_at - base::Millis(1);
    EXPECT_EQ(settle(), 0);
    now += base::Millis(1);
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(found(news, publication.url), "gone");
    EXPECT_EQ(town.load(item.id).state, ItemState::Withdrawn);
}

TEST_P(Releases, AreBegunByTheJobWorker)
{
    auto wanted = order(approved().id, {news});
    wanted.publish_at = now + std::chrono::hours(1);
    const auto url = carry_out(wanted).value()[0].result->url;
    base::HeldClock clock(now);
    db::JobWorker worker(*town.database, clock);
    add_jobs(worker, *town.database, clock);
    worker.run_due();
    EXPECT_EQ(found(news, url), "nothing");
    clock.advance(std::chrono::hours(1));
    worker.run_due();
    EXPECT_EQ(found(news, url), town.good_content().title);
}

TEST_P(Releases, HaveSensibleTimes)
{
    const auto item = approved();
    auto ends_first = order(item.id, {news});
    ends_first.expire_at = now;
    EXPECT_EQ(Town::code_of(carry_out(ends_first).value()[0].result), "release.bad_times");
    auto too_far = order(item.id, {news});
    too_far.publish_at = now + std::chrono::days(400);
    EXPECT_EQ(Town::code_of(carry_out(too_far).value()[0].result), "release.bad_times");
    put(item.id, news);
    auto live_already = order(item.id, {news});
    live_already.publish_at = now + std::chrono::hours(1);
    EXPECT_EQ(Town::code_of(carry_out(live_already).value()[0].result), "release.already_live");
}

TEST_P(Releases, KeepTheirAddressWhenANewVersionFollows)
{
    const auto item = approved();
    const auto before = put(item.id, news);
    next_version(item.id, town.good_content("第二版"));
    EXPECT_EQ(found(news, before.url), item.title) << "until it is released too";
    now += std::chrono::days(3);
    const auto after = put(item.id, news);
    EXPECT_EQ(after.url, before.url);
    EXPECT_EQ(after.publish_at, before.publish_at);
    EXPECT_EQ(found(news, after.url), "第二版");
}

TEST_P(Releases, AreWithdrawnOnceOrEverywhereAndRevived)
{
    const auto item = approved();
    const auto here = put(item.id, news);
    const auto there = put(item.id, other_news);
    EXPECT_EQ(
        Town::code_of(act(publisher, withdraw, there.id, std::string("错"))),
        "release.publication_not_found");
    EXPECT_EQ(
        Town::code_of(act(publisher, withdraw, here.id, std::string(" "))),
        "release.reason_missing");
    EXPECT_EQ(Town::code_of(act(publisher, withdraw, here.id, std::string("错"))), "ok");
    EXPECT_EQ(Town::code_of(act(publisher, withdraw, here.id, std::string("错"))), "ok");
    EXPECT_EQ(town.audited("release.withdraw"), 1) << "the second click does nothing";
    EXPECT_EQ(found(news, here.url), "gone");
    EXPECT_EQ(town.load(item.id).state, ItemState::Released);
    put(item.id, news);
    EXPECT_EQ(found(news, here.url), item.title) << "at its old address";
    EXPECT_EQ(
        Town::code_of(act(stranger, withdraw_everywhere, item.id, std::string("错"))),
        "release.forbidden");
    EXPECT_EQ(found(other_news, there.url), item.title) << "all or nothing";
    const auto owner = act(publisher, withdraw_everywhere, item.id, std::string("错"));
    EXPECT_EQ(owner.value().size(), 2U) << "the owner calls it back from anywhere";
    EXPECT_EQ(found(other_news, there.url), "gone");
    EXPECT_EQ(town.load(item.id).state, ItemState::Withdrawn);
}

TEST_P(Releases, RedirectForEverWhenMoved)
{
    const auto item = approved();
    const auto publication = put(item.id, news);
    const auto third = town.column(town.site, "third");
    const auto cursor = last_event();
    const auto once = act(publisher, move, publication.id, town.policies).value();
    EXPECT_EQ(
        events_after(cursor),
        std::vector<std::string>{fmt::format("release.moved {}", publication.id.value)});
    EXPECT_EQ(found(news, publication.url), once.url);
    const auto twice = act(publisher, move, publication.id, third).value();
    EXPECT_EQ(found(news, publication.url), twice.url);
    EXPECT_EQ(found(news, once.url), twice.url);
    EXPECT_EQ(found(news, twice.url), item.title);
    EXPECT_EQ(act(publisher, move, publication.id, town.news).value().url, publication.url);
    EXPECT_EQ(found(news, publication.url), item.title);
    EXPECT_EQ(
        Town::code_of(act(city_desk, move, publication.id, town.other_news)), "release.wrong_site");
    EXPECT_EQ(
        Town::code_of(act(stranger, move, publication.id, third)), "release.publication_not_found");
    put(item.id, {town.site, third});
    EXPECT_EQ(Town::code_of(act(publisher, move, publication.id, third)), "release.already_there");
}

} // namespace
} // namespace release
