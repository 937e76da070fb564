#include "db/events.h"
#include "publish/library/town_fixture.h"
#include "publish/review/api.h"
#include "publish/review/defaults.h"
#include "publish/review/inbox.h"
#include "publish/review/pass.h"
#include "publish/review/schema.h"
#include "publish/review/submit.h"
#include "publish/review/trail_csv.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <thread>

namespace review {
namespace {

using http::Method;
using library::ItemState;
using library::Town;

Decision good_decision(const base::Actor& who, int level)
{
    return {
        .reviewer = who.user,
        .level = level,
        .gates = {true, true, true, true, true},
        .proof = Proof{}};
}

class Reviews : public db::testing::OnEveryBackend {
protected:
    Town town{GetParam(), migrations()};
    base::Actor first = town.person("first", town.county, "first_reviewer");
    base::Actor second = town.person("second", town.county, "second_reviewer");
    base::Actor final = town.person("final", town.county, "final_reviewer");
    library::Item item = town.draft();

    base::Result<Flow> send(const library::Item& of, const base::Actor& who)
    {
        return town.write(
            [&](db::Transaction& tx) { return submit(tx, who, of.id, of.revision, town.now); });
    }
    Flow sent() { return send(town.load(item.id), town.writer).value(); }
    base::Result<Flow> decide(const base::Actor& who, const Flow& flow, const Decision& decision)
    {
        return town.write([&](db::Transaction& tx) {
            const auto authority = identity::Authority::load(tx, who.user, town.now);
            return pass(tx, who, authority, flow.id, decision, town.now);
        });
    }
    base::Result<Flow> approve(const base::Actor& who, const Flow& flow, int level)
    {
        return decide(who, flow, good_decision(who, level));
    }
    base::Result<Flow> turn_down(const base::Actor& who, const Flow& flow, int level)
    {
        auto decision = good_decision(who, level);
        decision.verdict = Verdict::Return;
        decision.comments = {{"压实责任", "请写明责任单位"}};
        return decide(who, flow, decision);
    }
    base::Result<Flow> rush(const base::Actor& who, const std::string& reason = "山火预警")
    {
        return town.write([&](db::Transaction& tx) {
            const auto authority = identity::Authority::load(tx, who.user, town.now);
            const auto now_item = library::load_item(tx, item.id).value();
            return submit_emergency(
                tx, who, authority, item.id, now_item.revision, reason, town.now);
        });
    }
    std::int64_t waiting(const base::Actor& who, Inbox inbox = Inbox::Waiting)
    {
        return town.read([&](db::Transaction& tx) {
            const auto authority = identity::Authority::load(tx, who.user, town.now);
            const InboxFilter filter{inbox, ""};
            const auto count = count_inbox(tx, who.user, authority, filter);
            EXPECT_EQ(
                static_cast<std::size_t>(count),
                list_inbox(tx, who.user, authority, filter, 0, 100).size());
            return count;
        });
    }
    Chain chain_for_item(base::OrgId org, std::vector<library::Target> targets)
    {
        return town.read([&](db::Transaction& tx) { return chain_for(tx, org, targets); });
    }
    base::Result<Chain> set_chain(const std::string& name, base::OrgId org, base::ColumnId column)
    {
        const Chain chain{
            .name = name, .org = org, .column = column, .levels = {{name, "review.final", 0}}};
        return town.write(
            [&](db::Transaction& tx) { return save_chain(tx, town.root, chain, town.now); });
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, Reviews, ::testing::ValuesIn(db::testing::backends()), db::testing::backend_name);

TEST_P(Reviews, PassThreePeopleAndThenTheItemMayBeReleased)
{
    auto flow = sent();
    EXPECT_EQ(town.load(item.id).state, ItemState::InReview);
    EXPECT_EQ(flow.levels.size(), 3U);
    flow = approve(first, flow, 1).value();
    EXPECT_EQ(flow.due_at, town.now + std::chrono::hours(default_levels().at(1).due_hours));
    flow = approve(second, flow, 2).value();
    EXPECT_FALSE(town.load(item.id).approved) << "先审后发";
    flow = approve(final, flow, 3).value();
    EXPECT_EQ(flow.state, FlowState::Approved);
    EXPECT_EQ(flow.passes.size(), 3U);
    EXPECT_EQ(town.load(item.id).state, ItemState::Approved);
    EXPECT_EQ(town.load(item.id).approved, flow.version);
    EXPECT_EQ(town.audited("review.submit"), 1);
    EXPECT_EQ(town.audited("review.approve"), 3);
}

TEST_P(Reviews, ComeBackWithCommentsAndGoInAgain)
{
    auto flow = sent();
    flow = approve(first, flow, 1).value();
    flow = turn_down(second, flow, 2).value();
    EXPECT_EQ(flow.state, FlowState::Returned);
    EXPECT_EQ(flow.passes.back().comments.at(0).quote, "压实责任");
    EXPECT_EQ(town.load(item.id).state, ItemState::Returned);
    EXPECT_EQ(waiting(town.writer, Inbox::Returned), 1);
    boost::json::object answer;
    const auto returned = town.load(item.id);
    town.read([&](db::Transaction& tx) { decorate_item(tx, returned, answer); });
    EXPECT_TRUE(answer.contains("returned_comments"));
    const auto again = sent();
    EXPECT_NE(again.id, flow.id);
    EXPECT_EQ(waiting(town.writer, Inbox::Returned), 0) << "it is not the author's to mend now";
    EXPECT_EQ(Town::code_of(approve(first, again, 1)), "ok") << "a new flow begins anew";
}

TEST_P(Reviews, AreSentOnceAndWithTheRevisionThatWasRead)
{
    const auto flow = sent();
    EXPECT_EQ(Town::code_of(send(town.load(item.id), town.writer)), "review.already_open");
    auto other = town.draft();
    other.revision -= 1;
    EXPECT_EQ(Town::code_of(send(other, town.writer)), "library.changed");
    EXPECT_EQ(Town::code_of(send(town.draft({.title = "空"}), town.writer)), "library.invalid");
    town.write(
            [&](db::Transaction& tx) { return take_back(tx, town.writer, flow.id, "", town.now); })
        .value();
    EXPECT_EQ(town.load(item.id).state, ItemState::Draft);
    EXPECT_EQ(Town::code_of(approve(first, flow, 1)), "review.obstructed");
    const auto twice = town.write(
        [&](db::Transaction& tx) { return take_back(tx, town.writer, flow.id, "", town.now); });
    EXPECT_EQ(Town::code_of(twice), "review.flow_closed");
}

TEST_P(Reviews, OfOneLevelArePassedOnceWhenTwoPassAtTheSameTime)
{
    const auto rival = town.person("rival", town.county, "first_reviewer");
    const auto flow = sent();
    std::vector<std::string> answers(2);
    std::thread other([&] { answers[0] = Town::code_of(approve(first, flow, 1)); });
    const auto mine = approve(rival, flow, 1);
    answers[1] = Town::code_of(mine);
    other.join();
    std::sort(answers.begin(), answers.end());
    EXPECT_EQ(answers, (std::vector<std::string>{"ok", "review.obstructed"}));
    const auto after = town.read([&](db::Transaction& tx) { return load_flow(tx, flow.id); });
    EXPECT_EQ(after->level, 2);
    EXPECT_EQ(after->passes.size(), 1U);
    const auto late = approve(rival, flow, 1);
    ASSERT_FALSE(late);
    const auto& reasons = late.error().fields;
    EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(), [](const auto& reason) {
        return reason.field == "review.not_this_level";
    }));
}

TEST_P(Reviews, WaitForThoseWhoMayPassThem)
{
    const auto stranger = town.person("stranger", town.other_county, "first_reviewer");
    town.write([&](db::Transaction& tx) {
            return identity::grant_role(
                tx, town.root, town.writer.user,
                {.role = "first_reviewer", .scope = {.org = town.county}}, town.now);
        })
        .value();
    const auto flow = sent();
    EXPECT_EQ(waiting(first), 1);
    EXPECT_EQ(waiting(second), 0);
    EXPECT_EQ(waiting(town.writer), 0) << "not one's own";
    EXPECT_EQ(waiting(stranger), 0);
    approve(first, flow, 1).value();
    EXPECT_EQ(waiting(first), 0);
    EXPECT_EQ(waiting(first, Inbox::Done), 1);
    EXPECT_EQ(waiting(second), 1);
}

TEST_P(Reviews, FollowAnEmergencyReleaseAndMayStillTurnItDown)
{
    EXPECT_EQ(Town::code_of(rush(first)), "identity.forbidden");
    EXPECT_EQ(Town::code_of(rush(final, " ")), "review.invalid");
    auto flow = rush(final).value();
    EXPECT_EQ(town.load(item.id).state, ItemState::Approved);
    EXPECT_EQ(flow.due_at, town.now + std::chrono::hours(later_review_due_hours()));
    EXPECT_EQ(waiting(first, Inbox::LaterReview), 1);
    flow = approve(first, flow, 1).value();
    EXPECT_TRUE(flow.later_review_due);
    flow = turn_down(second, flow, 2).value();
    EXPECT_FALSE(flow.later_review_due);
    EXPECT_EQ(town.load(item.id).state, ItemState::Returned);
    EXPECT_FALSE(town.load(item.id).approved) << "it can be released nowhere else";
}

TEST_P(Reviews, FollowAnEmergencyReleaseThroughTheWholeChain)
{
    auto flow = rush(final).value();
    flow = approve(first, flow, 1).value();
    flow = approve(second, flow, 2).value();
    flow = approve(final, flow, 3).value();
    EXPECT_FALSE(flow.later_review_due);
    EXPECT_EQ(town.load(item.id).approved, flow.version);
    EXPECT_EQ(waiting(first, Inbox::LaterReview), 0);
}

TEST_P(Reviews, LeaveALaterTextAloneWhenTheRushedOneFails)
{
    auto flow = rush(final).value();
    auto content = town.good_content("改过的");
    auto saved = town.load(item.id);
    saved = town.write([&](db::Transaction& tx) {
                    return library::save_item(
                        tx, town.writer, item.id, saved.revision, content,
                        library::SaveKind::ByHand, town.now);
                })
                .value();
    sent();
    EXPECT_EQ(Town::code_of(turn_down(first, flow, 1)), "ok");
    EXPECT_EQ(town.load(item.id).state, ItemState::InReview);
    EXPECT_FALSE(town.load(item.id).approved);
}

TEST_P(Reviews, FollowTheNearestChain)
{
    const std::vector<library::Target> news = {{town.site, town.news}};
    EXPECT_EQ(chain_for_item(town.bureau, news).levels.size(), 3U);
    set_chain("市", town.city, {}).value();
    EXPECT_EQ(chain_for_item(town.bureau, news).name, "市");
    set_chain("县", town.county, {}).value();
    EXPECT_EQ(chain_for_item(town.bureau, news).name, "县");
    EXPECT_EQ(chain_for_item(town.other_county, news).name, "市");
    set_chain("栏目", {}, town.news).value();
    EXPECT_EQ(chain_for_item(town.bureau, news).name, "栏目");
    EXPECT_EQ(Town::code_of(set_chain("又一", town.county, {})), "review.chain_taken");
    const auto two = town.column(town.site, "two", site::ColumnKind::List, 2);
    const auto levels = chain_for_item(town.bureau, {{town.site, two}}).levels;
    ASSERT_EQ(levels.size(), 2U);
    EXPECT_EQ(levels.at(1).ability, "review.final");
    EXPECT_EQ(
        chain_for_item(town.bureau, {{town.site, town.news}, {town.site, two}}).levels.size(), 2U)
        << "of several columns the longest";
}

TEST_P(Reviews, AreExportedAsTextThatNoSpreadsheetRuns)
{
    auto content = town.good_content("=HYPERLINK(1)");
    item = town.draft(content);
    turn_down(first, sent(), 1).value();
    const auto csv =
        to_csv(town.read([&](db::Transaction& tx) { return list_flows_of(tx, item.id); }));
    EXPECT_NE(csv.find("\"'=HYPERLINK(1)\""), std::string::npos);
    EXPECT_NE(csv.find("送审"), std::string::npos);
    EXPECT_NE(csv.find("退回"), std::string::npos);
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = csv.find("\r\n", at)) != std::string::npos; ++at, ++lines) {
    }
    EXPECT_EQ(lines, 3U) << "head, submission, return";
}

TEST_P(Reviews, OverHttpAreOpenToTheOwnCountyOnly)
{
    const auto all = routes(*town.database);
    const auto ask = [&](const base::Actor& who, Method method, const char* pattern,
                         std::int64_t id, const std::string& json = "") {
        return Town::answer_of(
            all, method, pattern, town.request(who, {{"id", std::to_string(id)}}, json));
    };
    const auto& stranger = town.other_writer;
    const auto revision = fmt::format(R"({{"revision":{},"reason":"急"}})", item.revision);
    const auto id = item.id.value;
    for (const auto* deed : {"/api/items/{id}/submit", "/api/items/{id}/emergency"})
        EXPECT_EQ(ask(stranger, Method::Post, deed, id, revision), "library.item_not_found");
    for (const auto* view : {"/api/items/{id}/trail", "/api/items/{id}/trail.csv"}) {
        EXPECT_EQ(ask(stranger, Method::Get, view, id), "library.item_not_found");
        EXPECT_EQ(ask(town.writer, Method::Get, view, id), "200");
    }
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/items/{id}/submit", id, "{}"), "review.invalid");
    EXPECT_EQ(
        ask(town.writer, Method::Post, "/api/items/{id}/emergency", id, revision),
        "identity.forbidden");
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/items/{id}/submit", id, revision), "200");
    EXPECT_EQ(ask(first, Method::Get, "/api/flows", 1), "200");
    EXPECT_EQ(ask(first, Method::Get, "/api/flows/{id}", 1), "200");
    EXPECT_EQ(ask(stranger, Method::Get, "/api/flows/{id}", 1), "review.flow_not_found");
    const auto* pass_it = "/api/flows/{id}/pass";
    EXPECT_EQ(ask(first, Method::Post, pass_it, 1, "{}"), "review.invalid");
    EXPECT_EQ(
        ask(first, Method::Post, pass_it, 1,
            R"({"level":1,"verdict":"return","comments":[{"quote":"","text":" "}]})"),
        "review.invalid");
    const auto approval =
        R"({"level":1,"verdict":"approve","gates":{"political":true,"legal":true,"policy":true,
           "secrecy":true,"wording":true},"proof":{"findings_open":0,"findings_fixed":1}})";
    EXPECT_EQ(ask(stranger, Method::Post, pass_it, 1, approval), "review.flow_not_found");
    EXPECT_EQ(ask(second, Method::Post, pass_it, 1, approval), "review.obstructed");
    EXPECT_EQ(ask(first, Method::Post, pass_it, 1, approval), "200");
    const auto* back = "/api/flows/{id}/take-back";
    EXPECT_EQ(ask(stranger, Method::Post, back, 1, "{}"), "review.flow_not_found");
    EXPECT_EQ(ask(first, Method::Post, back, 1, "{}"), "identity.forbidden");
    EXPECT_EQ(ask(town.writer, Method::Post, back, 1, "{}"), "200");
}

TEST_P(Reviews, ChainsAreSetByWhoAnswersForThem)
{
    const auto all = routes(*town.database);
    const auto admin = town.person("admin", town.county, "site_admin");
    const auto stranger = town.person("stranger", town.other_county, "site_admin");
    const auto chain = [](base::OrgId org, base::ColumnId column, int revision = 0) {
        return fmt::format(
            R"({{"name":"一级","org_id":{},"column_id":{},"revision":{},
                "levels":[{{"name":"终审","ability":"review.final"}}]}})",
            org.value, column.value, revision);
    };
    const auto ask = [&](const base::Actor& who, Method method, const std::string& json) {
        const auto* pattern = method == Method::Post ? "/api/chains" : "/api/chains/{id}";
        return Town::answer_of(all, method, pattern, town.request(who, {{"id", "1"}}, json));
    };
    EXPECT_EQ(ask(stranger, Method::Post, chain(town.county, {})), "identity.forbidden");
    EXPECT_EQ(ask(stranger, Method::Post, chain({}, town.news)), "identity.forbidden");
    EXPECT_EQ(
        ask(stranger, Method::Post, chain(town.other_county, town.news)), "identity.forbidden")
        << "a neighbour's column is not made laxer under one's own name";
    EXPECT_EQ(ask(admin, Method::Post, R"({"name":"空","levels":[]})"), "review.invalid");
    EXPECT_EQ(ask(admin, Method::Post, chain(town.county, {})), "201");
    EXPECT_EQ(ask(stranger, Method::Put, chain(town.other_county, {})), "identity.forbidden")
        << "nor is his chain taken over";
    EXPECT_EQ(ask(stranger, Method::Delete, ""), "identity.forbidden");
    EXPECT_EQ(ask(admin, Method::Put, chain(town.county, {}, 7)), "review.chain_changed");
    EXPECT_EQ(ask(admin, Method::Put, chain(town.county, {})), "200");
    EXPECT_EQ(Town::answer_of(all, Method::Get, "/api/chains", town.request(admin)), "200");
    EXPECT_EQ(ask(admin, Method::Delete, ""), "204");
    EXPECT_EQ(ask(admin, Method::Delete, ""), "review.chain_not_found");
}

} // namespace
} // namespace review
