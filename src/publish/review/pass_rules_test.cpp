#include "publish/review/pass_rules.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

namespace review {
namespace {

constexpr base::UserId author{1};
constexpr base::UserId submitter{2};
constexpr base::UserId earlier{3};
constexpr base::UserId reviewer{4};

Flow good_flow()
{
    Flow flow;
    flow.author = author;
    flow.submitted_by = submitter;
    flow.levels = {{"初审", "review.first", 0}, {"复审", "review.second", 0}};
    flow.level = 2;
    flow.passes = {{.level = 1, .reviewer = earlier, .verdict = Verdict::Approve}};
    return flow;
}

Decision good_decision()
{
    return {
        .reviewer = reviewer,
        .level = 2,
        .gates = {true, true, true, true, true},
        .proof = Proof{}};
}

using Found = std::vector<Obstacle>;

/// One good case, spoilt so that exactly this obstacle stands.
Found found_when_spoilt_for(Obstacle obstacle)
{
    auto flow = good_flow();
    auto decision = good_decision();
    switch (obstacle) {
    case Obstacle::FlowClosed: flow.state = FlowState::Approved; break;
    case Obstacle::NotThisLevel: decision.level = 1; break;
    case Obstacle::AbilityMissing: return pass_obstacles(flow, decision, false);
    case Obstacle::ReviewerIsAuthor: decision.reviewer = author; break;
    case Obstacle::ReviewerIsSubmitter: decision.reviewer = submitter; break;
    case Obstacle::ReviewerPassedEarlierLevel: decision.reviewer = earlier; break;
    case Obstacle::GateOpen: decision.gates.secrecy = false; break;
    case Obstacle::ProofMissing: decision.proof.reset(); break;
    case Obstacle::ProofOpen: decision.proof->findings_open = 1; break;
    case Obstacle::ReasonMissing: decision.verdict = Verdict::Return; break;
    }
    return pass_obstacles(flow, decision, true);
}

TEST(Passing, IsOpenInTheGoodCase)
{
    EXPECT_TRUE(pass_obstacles(good_flow(), good_decision(), true).empty());
}

TEST(Passing, MeetsEachObstacleAlone)
{
    std::map<std::string_view, int> codes;
    for (const auto obstacle : obstacles) {
        EXPECT_EQ(found_when_spoilt_for(obstacle), Found{obstacle}) << to_code(obstacle);
        EXPECT_FALSE(explain(obstacle).empty());
        ++codes[to_code(obstacle)];
    }
    EXPECT_EQ(codes.size(), obstacles.size()) << "every obstacle has a code of its own";
}

TEST(Passing, AsksForEachOfTheFiveGates)
{
    for (auto gate :
         {&Gates::political, &Gates::legal, &Gates::policy, &Gates::secrecy, &Gates::wording}) {
        auto decision = good_decision();
        decision.gates.*gate = false;
        EXPECT_EQ(pass_obstacles(good_flow(), decision, true), Found{Obstacle::GateOpen});
    }
}

TEST(Passing, GoesUpChainsOfOneToFiveLevelsAndNoFurther)
{
    for (int levels = 1; levels <= 5; ++levels) {
        auto flow = good_flow();
        flow.passes.clear();
        flow.levels.assign(static_cast<std::size_t>(levels), {"审", "review.final", 0});
        for (int at = 1; at <= levels; ++at) {
            flow.level = at;
            EXPECT_EQ(waiting_ability(flow), "review.final");
            for (int asked = 0; asked <= 6; ++asked) {
                auto decision = good_decision();
                decision.level = asked;
                EXPECT_EQ(pass_obstacles(flow, decision, true).empty(), asked == at);
            }
        }
        flow.level = levels + 1;
        EXPECT_EQ(waiting_ability(flow), "");
    }
}

TEST(Passing, TakesNoBlankForAReason)
{
    auto decision = good_decision();
    decision.verdict = Verdict::Return;
    decision.note = " \u3000\n";
    decision.comments = {{"词", " "}};
    EXPECT_EQ(pass_obstacles(good_flow(), decision, true), Found{Obstacle::ReasonMissing});
    decision.comments = {{"词", "错字"}};
    EXPECT_TRUE(pass_obstacles(good_flow(), decision, true).empty());
    decision = good_decision();
    decision.proof->findings_open = 1;
    decision.proof->note = "\u3000";
    EXPECT_EQ(pass_obstacles(good_flow(), decision, true), Found{Obstacle::ProofOpen});
    decision.proof->note = "专名，保留";
    EXPECT_TRUE(pass_obstacles(good_flow(), decision, true).empty());
}

TEST(Passing, AfterAnEmergencyIsOpenAlsoToWhoLetItOut)
{
    auto flow = good_flow();
    flow.state = FlowState::Approved;
    flow.emergency = true;
    flow.later_review_due = true;
    auto decision = good_decision();
    decision.reviewer = submitter;
    EXPECT_TRUE(pass_obstacles(flow, decision, true).empty());
    decision.reviewer = author;
    EXPECT_EQ(pass_obstacles(flow, decision, true), Found{Obstacle::ReviewerIsAuthor});
}

TEST(Words, ComeBackFromTheirNames)
{
    for (const auto verdict :
         {Verdict::Approve, Verdict::Return, Verdict::TakeBack, Verdict::LaterReview}) {
        EXPECT_EQ(verdict_from(to_string(verdict)), verdict);
        EXPECT_FALSE(to_chinese(verdict).empty());
    }
    for (const auto state :
         {FlowState::Open, FlowState::Approved, FlowState::Returned, FlowState::TakenBack})
        EXPECT_EQ(flow_state_from(to_string(state)), state);
    EXPECT_FALSE(verdict_from("ok"));
}

} // namespace
} // namespace review
