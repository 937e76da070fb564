#include "publish/review/flow.h"

#include "base/assert.h"

namespace review {

std::string_view to_string(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Approve: return "approve";
    case Verdict::Return: return "return";
    case Verdict::TakeBack: return "take_back";
    case Verdict::LaterReview: return "later_review";
    }
    base::verification_failed("a named Verdict", __FILE__, __LINE__);
}

std::string_view to_chinese(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Approve: return "通过";
    case Verdict::Return: return "退回";
    case Verdict::TakeBack: return "撤回";
    case Verdict::LaterReview: return "补审";
    }
    base::verification_failed("a named Verdict", __FILE__, __LINE__);
}

std::optional<Verdict> verdict_from(std::string_view name)
{
    for (const auto verdict :
         {Verdict::Approve, Verdict::Return, Verdict::TakeBack, Verdict::LaterReview}) {
        if (to_string(verdict) == name)
            return verdict;
    }
    return std::nullopt;
}

std::string_view to_string(FlowState state)
{
    switch (state) {
    case FlowState::Open: return "open";
    case FlowState::Approved: return "approved";
    case FlowState::Returned: return "returned";
    case FlowState::TakenBack: return "taken_back";
    }
    base::verification_failed("a named FlowState", __FILE__, __LINE__);
}

std::optional<FlowState> flow_state_from(std::string_view name)
{
    for (const auto state :
         {FlowState::Open, FlowState::Approved, FlowState::Returned, FlowState::TakenBack}) {
        if (to_string(state) == name)
            return state;
    }
    return std::nullopt;
}

std::string_view waiting_ability(const Flow& flow)
{
    const auto index = static_cast<std::size_t>(flow.level) - 1;
    const bool waits = flow.state == FlowState::Open || flow.later_review_due;
    return waits && index < flow.levels.size() ? std::string_view(flow.levels[index].ability) : "";
}

} // namespace review
