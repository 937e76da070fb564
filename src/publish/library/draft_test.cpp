#include "publish/library/draft.h"

#include "publish/library/submission.h"
#include "publish/library/town_fixture.h"

namespace library {
namespace {

class Drafts : public db::testing::OnEveryBackend {
protected:
    Town town{GetParam(), {}};

    base::Result<Item> save(
        const base::Actor& actor, const Item& item, const std::string& title,
        SaveKind kind = SaveKind::ByHand)
    {
        return town.write([&](db::Transaction& tx) {
            return save_item(
                tx, actor, item.id, item.revision, town.good_content(title), kind, town.now);
        });
    }
    base::Result<Item> move(const Item& item, ItemState to, VersionId approved = {})
    {
        return town.write(
            [&](db::Transaction& tx) { return move_state(tx, item.id, to, approved, town.now); });
    }
    std::size_t versions(const Item& item)
    {
        return town.read([&](db::Transaction& tx) { return list_versions(tx, item.id).size(); });
    }
    std::vector<std::string> titles(const ItemFilter& filter, int offset = 0, int limit = 100)
    {
        return town.read([&](db::Transaction& tx) {
            std::vector<std::string> found;
            for (const auto& item : list_items(tx, filter, offset, limit))
                found.push_back(item.title);
            return found;
        });
    }
    std::int64_t count(const ItemFilter& filter)
    {
        return town.read([&](db::Transaction& tx) { return count_items(tx, filter); });
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Drafts, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Drafts, BeginWithOneVersionAndOneRecord)
{
    const auto item = town.draft();
    EXPECT_EQ(item.state, ItemState::Draft);
    EXPECT_EQ(item.newest_number, 1);
    EXPECT_EQ(town.load(item.id).revision, item.revision);
    EXPECT_EQ(town.newest(item.id).content.title, item.title);
    EXPECT_EQ(town.audited("library.create"), 1);
    const auto refused = town.write([&](db::Transaction& tx) {
        return create_item(tx, town.writer, ItemKind::Article, {99}, town.good_content(), town.now);
    });
    EXPECT_EQ(Town::code_of(refused), "org.not_found");
}

TEST_P(Drafts, OfTwoWritersLoseNothing)
{
    const auto read_by_both = town.draft();
    ASSERT_TRUE(save(town.writer, read_by_both, "甲的文字"));
    const auto refused = save(town.other_writer, read_by_both, "乙的文字");
    EXPECT_EQ(Town::code_of(refused), "library.changed");
    EXPECT_EQ(town.newest(read_by_both.id).content.title, "甲的文字");
    // Having seen both, the second keeps his own: the first's stays a version.
    ASSERT_TRUE(save(town.other_writer, town.load(read_by_both.id), "乙的文字"));
    EXPECT_EQ(versions(read_by_both), 3U);
}

TEST_P(Drafts, AutosavedTakeThePlaceOfTheSameWritersAutosaveOnly)
{
    auto item = town.draft();
    item = save(town.writer, item, "一", SaveKind::Autosave).value();
    item = save(town.writer, item, "二", SaveKind::Autosave).value();
    EXPECT_EQ(versions(item), 2U) << "the hand-saved first and one autosave";
    item = save(town.other_writer, item, "三", SaveKind::Autosave).value();
    EXPECT_EQ(versions(item), 3U) << "another person's autosave stays";
    item = save(town.other_writer, item, "四").value();
    EXPECT_EQ(versions(item), 3U) << "saving by hand ends one's own autosave";
    item = save(town.other_writer, item, "五", SaveKind::Autosave).value();
    EXPECT_EQ(versions(item), 4U) << "a hand-saved text stays";
}

TEST_P(Drafts, SavedUnchangedMakeNoVersion)
{
    const auto item = town.draft();
    const auto saved = save(town.writer, item, item.title).value();
    EXPECT_EQ(saved.revision, item.revision);
    EXPECT_EQ(versions(item), 1U);
}

TEST_P(Drafts, ThatReviewHasSeenAreNeverReplaced)
{
    auto item = save(town.writer, town.draft(), "自动保存的", SaveKind::Autosave).value();
    const auto seen = item.newest;
    item = move(item, ItemState::InReview).value();
    item = move(item, ItemState::Approved, seen).value();
    item = save(town.writer, item, "再改", SaveKind::Autosave).value();
    EXPECT_EQ(item.approved, seen);
    EXPECT_EQ(item.state, ItemState::Draft);
    const auto old = town.read([&](db::Transaction& tx) { return load_version(tx, seen); });
    ASSERT_TRUE(old);
    EXPECT_EQ(old->content.title, "自动保存的");
}

TEST_P(Drafts, AreFrozenWhileInReview)
{
    const auto item = move(town.draft(), ItemState::InReview).value();
    EXPECT_EQ(Town::code_of(save(town.writer, item, "改")), "library.in_review");
    const auto restored = town.write([&](db::Transaction& tx) {
        return restore_version(tx, town.writer, item.id, 1, item.revision, town.now);
    });
    EXPECT_EQ(Town::code_of(restored), "library.in_review");
}

TEST_P(Drafts, MoveOnlyToTheStatesThatMayFollow)
{
    const auto item = town.draft();
    for (const auto to :
         {ItemState::Draft, ItemState::Returned, ItemState::Released, ItemState::Withdrawn})
        EXPECT_EQ(Town::code_of(move(item, to)), "library.changed") << to_string(to);
    for (const auto to :
         {ItemState::InReview, ItemState::Approved, ItemState::Released, ItemState::Withdrawn,
          ItemState::Released})
        EXPECT_EQ(Town::code_of(move(item, to, item.newest)), "ok") << to_string(to);
    EXPECT_EQ(Town::code_of(move(item, ItemState::InReview)), "library.changed");
}

TEST_P(Drafts, OnTopOfAReleasedTextLeaveItApproved)
{
    auto item = town.draft();
    const auto first = item.newest;
    for (const auto to : {ItemState::InReview, ItemState::Approved, ItemState::Released})
        item = move(item, to, first).value();
    item = save(town.writer, item, "新的一版").value();
    EXPECT_EQ(item.state, ItemState::Draft);
    EXPECT_EQ(item.approved, first);
    EXPECT_NE(item.newest, first);
}

TEST_P(Drafts, AreRestoredAsANewVersion)
{
    auto item = save(town.writer, town.draft(), "第二版").value();
    item = town.write([&](db::Transaction& tx) {
                   return restore_version(tx, town.writer, item.id, 1, item.revision, town.now);
               })
               .value();
    EXPECT_EQ(item.newest_number, 3);
    EXPECT_EQ(town.newest(item.id).content.title, town.good_content().title);
    EXPECT_EQ(town.newest(item.id).note, "恢复自第1版");
    const auto none = town.write([&](db::Transaction& tx) {
        return restore_version(tx, town.writer, item.id, 9, item.revision, town.now);
    });
    EXPECT_EQ(Town::code_of(none), "library.version_not_found");
}

TEST_P(Drafts, TakeTypesOfFilesFromTheLibraryAndNotFromTheWriter)
{
    auto content = town.good_content();
    const auto hash = town.file('a', "申请表.txt", "text/plain; charset=utf-8");
    content.attachments = {{hash, "表.html", 1, "text/html"}};
    const auto kept = town.newest(town.draft(content).id).content.attachments.at(0);
    EXPECT_EQ(kept.media_type, "text/plain; charset=utf-8");
    EXPECT_EQ(kept.size, 10U);
    EXPECT_EQ(kept.name, "表.html.txt");
}

TEST_P(Drafts, MayNotNameWhatIsNotThere)
{
    const auto refused_for = [&](const Content& content, ItemKind kind = ItemKind::Article) {
        const auto made = town.write([&](db::Transaction& tx) {
            return create_item(tx, town.writer, kind, town.county, content, town.now);
        });
        return made ? "ok" : made.error().fields.at(0).field;
    };
    auto attached = town.good_content();
    attached.attachments = {{std::string(64, 'f'), "x.pdf", 1, "application/pdf"}};
    EXPECT_EQ(refused_for(attached), "attachments");
    auto covered = town.good_content();
    covered.cover_hash = town.file('b', "x.pdf", "application/pdf");
    EXPECT_EQ(refused_for(covered), "cover_hash");
    auto reading = town.good_content();
    reading.interprets = {town.draft().id};
    EXPECT_EQ(refused_for(reading, ItemKind::Interpretation), "interprets");
    reading.interprets = {town.draft(town.good_content(), ItemKind::Policy).id};
    EXPECT_EQ(refused_for(reading, ItemKind::Interpretation), "ok");
}

TEST_P(Drafts, AreListedByEveryFilter)
{
    const auto a = town.draft(town.good_content("防火100%落实"));
    const auto b = town.draft(town.good_content("防火100条"), ItemKind::Notice);
    town.write([&](db::Transaction& tx) {
        return create_item(
            tx, town.other_writer, ItemKind::Article, town.other_county,
            town.good_content("白石县的稿件"), town.now + std::chrono::hours(1));
    });
    const ItemFilter own{.orgs = {town.county}};
    EXPECT_EQ(count(own), 2);
    EXPECT_EQ(count({.all_orgs = true}), 3);
    EXPECT_EQ(count({}), 0);
    EXPECT_EQ(count({.text = "0%", .all_orgs = true}), 1) << "a wildcard is a character";
    EXPECT_EQ(count({.text = "0_", .all_orgs = true}), 0);
    EXPECT_EQ(count({.kinds = {ItemKind::Notice}, .all_orgs = true}), 1);
    EXPECT_EQ(count({.states = {ItemState::Released}, .all_orgs = true}), 0);
    EXPECT_EQ(count({.all_orgs = true, .author = town.writer.user}), 2);
    EXPECT_EQ(count({.all_orgs = true, .target_site = town.site}), 3);
    EXPECT_EQ(count({.all_orgs = true, .target_column = town.policies}), 0);
    EXPECT_EQ(count({.all_orgs = true, .updated_from = town.now + std::chrono::minutes(1)}), 1);
    EXPECT_EQ(count({.all_orgs = true, .updated_until = town.now}), 0);
    EXPECT_EQ(
        titles({.all_orgs = true}), (std::vector<std::string>{"白石县的稿件", b.title, a.title}));
    EXPECT_EQ(titles({.all_orgs = true}, 1, 1), std::vector<std::string>{b.title});
    EXPECT_EQ(titles({.all_orgs = true, .order = ItemOrder::UpdatedOldest}).front(), a.title);
    town.write(
            [&](db::Transaction& tx) { return set_shared(tx, town.writer, a.id, true, town.now); })
        .value();
    const ItemFilter others{.orgs = {town.other_county}, .with_shared = true};
    EXPECT_EQ(count(others), 2);
}

class Contributions : public Drafts {
protected:
    base::Actor informant = town.person("informant", town.bureau, "contributor");
    Item handed = town.write([&](db::Transaction& tx) {
                          auto content = town.good_content();
                          content.source.clear();
                          return create_item(
                              tx, informant, ItemKind::Article, town.bureau, content, town.now);
                      })
                      .value();

    base::Result<Submission> submit(base::OrgId to)
    {
        return town.write([&](db::Transaction& tx) {
            return submit_item(tx, informant, handed.id, to, "请采用", town.now);
        });
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Contributions, ::testing::ValuesIn(db::testing::backends()),
    db::testing::backend_name);

TEST_P(Contributions, AreAcceptedAsADraftWithTheirSource)
{
    const auto pending = submit(town.county).value();
    EXPECT_EQ(Town::code_of(submit(town.county)), "library.already_submitted");
    EXPECT_EQ(Town::code_of(submit(town.bureau)), "library.invalid");
    const auto accepted =
        town.write([&](db::Transaction& tx) {
                return accept_submission(tx, town.writer, pending.id, "采用", town.now);
            })
            .value();
    const auto adopted = town.load(accepted.accepted_as);
    EXPECT_EQ(adopted.org, town.county);
    EXPECT_EQ(adopted.origin, handed.id);
    EXPECT_EQ(town.newest(adopted.id).content.source, "青溪县财政局");
    EXPECT_TRUE(town.newest(adopted.id).content.targets.empty());
    const auto again = town.write([&](db::Transaction& tx) {
        return accept_submission(tx, town.writer, pending.id, "", town.now);
    });
    EXPECT_EQ(Town::code_of(again), "library.submission_answered");
    EXPECT_EQ(town.audited("library.accept"), 1);
}

TEST_P(Contributions, AreReturnedWithAReason)
{
    const auto pending = submit(town.county).value();
    const auto answer = [&](const std::string& words) {
        return town.write([&](db::Transaction& tx) {
            return return_submission(tx, town.writer, pending.id, words, town.now);
        });
    };
    EXPECT_EQ(Town::code_of(answer(" 　")), "library.invalid");
    EXPECT_EQ(answer("请补充数据").value().state, SubmissionState::Returned);
    EXPECT_EQ(Town::code_of(submit(town.county)), "ok") << "it may be handed in again";
    const auto sent = town.read([&](db::Transaction& tx) {
        return std::pair(
            count_submissions(tx, {.from_orgs = {town.bureau}}),
            count_submissions(tx, {.everywhere = true, .state = SubmissionState::Pending}));
    });
    EXPECT_EQ(sent, std::pair(std::int64_t{2}, std::int64_t{1}));
}

} // namespace
} // namespace library
