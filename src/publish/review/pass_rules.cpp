#include "publish/review/pass_rules.h"

#include "base/assert.h"
#include "text/utf8.h"

#include <algorithm>

namespace review {
namespace {

bool waits(const Flow& flow) { return flow.state == FlowState::Open || flow.later_review_due; }

bool passed_earlier_level(const Flow& flow, base::UserId reviewer)
{
    return std::any_of(flow.passes.begin(), flow.passes.end(), [&](const Pass& pass) {
        return pass.reviewer == reviewer && pass.verdict != Verdict::TakeBack;
    });
}

bool has_words(std::string_view text) { return !text::trim(text).empty(); }

bool says_why(const Decision& decision)
{
    return has_words(decision.note)
           || std::any_of(
               decision.comments.begin(), decision.comments.end(),
               [](const Comment& comment) { return has_words(comment.text); });
}

void add_approval_obstacles(std::vector<Obstacle>& found, const Decision& decision)
{
    // S004 三(三)3: 严把政治关、法律关、政策关、保密关、文字关。
    if (!decision.gates.all())
        found.push_back(Obstacle::GateOpen);
    // S004 D19.3 三审三校: every level records its own proofread.
    if (!decision.proof)
        found.push_back(Obstacle::ProofMissing);
    else if (decision.proof->findings_open > 0 && !has_words(decision.proof->note))
        found.push_back(Obstacle::ProofOpen);
}

} // namespace

std::string_view to_code(Obstacle obstacle)
{
    switch (obstacle) {
    case Obstacle::FlowClosed: return "review.flow_closed";
    case Obstacle::NotThisLevel: return "review.not_this_level";
    case Obstacle::AbilityMissing: return "review.ability_missing";
    case Obstacle::ReviewerIsAuthor: return "review.reviewer_is_author";
    case Obstacle::ReviewerIsSubmitter: return "review.reviewer_is_submitter";
    case Obstacle::ReviewerPassedEarlierLevel: return "review.reviewer_passed_earlier_level";
    case Obstacle::GateOpen: return "review.gate_open";
    case Obstacle::ProofMissing: return "review.proof_missing";
    case Obstacle::ProofOpen: return "review.proof_open";
    case Obstacle::ReasonMissing: return "review.reason_missing";
    }
    base::verification_failed("a named Obstacle", __FILE__, __LINE__);
}

std::string_view explain(Obstacle obstacle)
{
    switch (obstacle) {
    case Obstacle::FlowClosed: return "审核已经结束";
    case Obstacle::NotThisLevel: return "稿件已不在这一级，请刷新后查看最新进展";
    case Obstacle::AbilityMissing: return "您没有这一级的审核权限";
    case Obstacle::ReviewerIsAuthor: return "撰稿人不能审核自己的稿件";
    case Obstacle::ReviewerIsSubmitter: return "送审人不能审核自己送审的稿件";
    case Obstacle::ReviewerPassedEarlierLevel: return "同一人不能审核两级，请由其他人审核";
    case Obstacle::GateOpen: return "五关（政治、法律、政策、保密、文字）须逐项确认";
    case Obstacle::ProofMissing: return "请填写本级校对记录";
    case Obstacle::ProofOpen: return "校对问题尚未改完；如确需保留，请在校对说明中写明理由";
    case Obstacle::ReasonMissing: return "退回时请写明原因，或在原文上批注";
    }
    base::verification_failed("a named Obstacle", __FILE__, __LINE__);
}

std::vector<Obstacle> reviewer_obstacles(const Flow& flow, base::UserId reviewer, bool has_ability)
{
    std::vector<Obstacle> found;
    if (!waits(flow))
        found.push_back(Obstacle::FlowClosed);
    if (!has_ability)
        found.push_back(Obstacle::AbilityMissing);
    if (reviewer == flow.author)
        found.push_back(Obstacle::ReviewerIsAuthor);
    else if (reviewer == flow.submitted_by && !flow.emergency)
        found.push_back(Obstacle::ReviewerIsSubmitter);
    if (passed_earlier_level(flow, reviewer))
        found.push_back(Obstacle::ReviewerPassedEarlierLevel);
    return found;
}

std::vector<Obstacle> pass_obstacles(const Flow& flow, const Decision& decision, bool has_ability)
{
    auto found = reviewer_obstacles(flow, decision.reviewer, has_ability);
    if (waits(flow) && decision.level != flow.level)
        found.push_back(Obstacle::NotThisLevel);
    if (decision.verdict == Verdict::Approve)
        add_approval_obstacles(found, decision);
    if (decision.verdict == Verdict::Return && !says_why(decision))
        found.push_back(Obstacle::ReasonMissing);
    return found;
}

} // namespace review
