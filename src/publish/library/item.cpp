#include "publish/library/item.h"

#include "base/assert.h"
#include "publish/library/submission.h"

namespace library {
namespace {

/// The value of an enumerator's name, by asking each for its name.
template <typename Enum, std::size_t N>
std::optional<Enum> by_name(const std::array<Enum, N>& all, std::string_view name)
{
    for (const auto value : all) {
        if (to_string(value) == name)
            return value;
    }
    return std::nullopt;
}

constexpr std::array validities = {
    Validity::Valid, Validity::Expired, Validity::Repealed, Validity::Amended};
constexpr std::array submission_states = {
    SubmissionState::Pending, SubmissionState::Accepted, SubmissionState::Returned};

} // namespace

std::string_view to_string(ItemKind kind)
{
    switch (kind) {
    case ItemKind::Article: return "article";
    case ItemKind::Notice: return "notice";
    case ItemKind::Policy: return "policy";
    case ItemKind::Interpretation: return "interpretation";
    case ItemKind::Leader: return "leader";
    case ItemKind::Institution: return "institution";
    case ItemKind::Page: return "page";
    }
    base::verification_failed("a named ItemKind", __FILE__, __LINE__);
}

std::string_view to_chinese(ItemKind kind)
{
    switch (kind) {
    case ItemKind::Article: return "信息";
    case ItemKind::Notice: return "通知公告";
    case ItemKind::Policy: return "政策文件";
    case ItemKind::Interpretation: return "政策解读";
    case ItemKind::Leader: return "领导信息";
    case ItemKind::Institution: return "机构职能";
    case ItemKind::Page: return "单页";
    }
    base::verification_failed("a named ItemKind", __FILE__, __LINE__);
}

std::optional<ItemKind> item_kind_from(std::string_view name) { return by_name(item_kinds, name); }

std::string_view to_string(ItemState state)
{
    switch (state) {
    case ItemState::Draft: return "draft";
    case ItemState::InReview: return "in_review";
    case ItemState::Returned: return "returned";
    case ItemState::Approved: return "approved";
    case ItemState::Released: return "released";
    case ItemState::Withdrawn: return "withdrawn";
    }
    base::verification_failed("a named ItemState", __FILE__, __LINE__);
}

std::string_view to_chinese(ItemState state)
{
    switch (state) {
    case ItemState::Draft: return "草稿";
    case ItemState::InReview: return "审核中";
    case ItemState::Returned: return "已退回";
    case ItemState::Approved: return "待发布";
    case ItemState::Released: return "已发布";
    case ItemState::Withdrawn: return "已撤下";
    }
    base::verification_failed("a named ItemState", __FILE__, __LINE__);
}

std::optional<ItemState> item_state_from(std::string_view name)
{
    return by_name(item_states, name);
}

bool may_edit(ItemState state) { return state != ItemState::InReview; }

std::string_view to_string(Validity validity)
{
    switch (validity) {
    case Validity::Valid: return "valid";
    case Validity::Expired: return "expired";
    case Validity::Repealed: return "repealed";
    case Validity::Amended: return "amended";
    }
    base::verification_failed("a named Validity", __FILE__, __LINE__);
}

std::string_view to_chinese(Validity validity)
{
    switch (validity) {
    case Validity::Valid: return "有效";
    case Validity::Expired: return "失效";
    case Validity::Repealed: return "废止";
    case Validity::Amended: return "已修改";
    }
    base::verification_failed("a named Validity", __FILE__, __LINE__);
}

std::optional<Validity> validity_from(std::string_view name) { return by_name(validities, name); }

std::string_view to_string(SubmissionState state)
{
    switch (state) {
    case SubmissionState::Pending: return "pending";
    case SubmissionState::Accepted: return "accepted";
    case SubmissionState::Returned: return "returned";
    }
    base::verification_failed("a named SubmissionState", __FILE__, __LINE__);
}

std::optional<SubmissionState> submission_state_from(std::string_view name)
{
    return by_name(submission_states, name);
}

} // namespace library
