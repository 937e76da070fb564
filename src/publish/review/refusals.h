#pragma once

// Every way this module says no. The codes are its contract with the console.

#include "base/result.h"

namespace review {

using Kind = base::Error::Kind;

inline auto flow_not_found()
{
    return base::refuse(
        Kind::NotFound, "review.flow_not_found", "审核流程不存在，或不在您的范围内");
}
inline auto already_open()
{
    return base::refuse(Kind::Conflict, "review.already_open", "稿件已在审核中，不必重复送审");
}
inline auto not_a_draft()
{
    return base::refuse(Kind::Conflict, "review.not_a_draft", "只有草稿或被退回的稿件可以送审");
}
inline auto flow_closed()
{
    return base::refuse(Kind::Conflict, "review.flow_closed", "审核已经结束，不能再撤回");
}
/// Every obstacle under its own code: {"review.gate_open": 五关须逐项确认}.
inline auto obstructed(std::vector<base::FieldError> reasons)
{
    auto refusal = base::refuse_fields("review.obstructed", std::move(reasons));
    refusal.value().kind = Kind::Conflict;
    return refusal;
}
inline auto chain_not_found()
{
    return base::refuse(Kind::NotFound, "review.chain_not_found", "审核流程设置不存在");
}
inline auto chain_changed()
{
    return base::refuse(Kind::Conflict, "review.chain_changed", "该设置已被他人修改，请刷新后再改");
}
inline auto chain_taken()
{
    return base::refuse(
        Kind::Conflict, "review.chain_taken",
        "这个机构（栏目）已经设置了审核流程，请修改原有的那一条");
}
inline auto author_may_not_rush()
{
    return base::refuse(
        Kind::Forbidden, "review.author_may_not_rush", "应急发布须由撰稿人以外的人批准");
}

} // namespace review
