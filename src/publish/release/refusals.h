#pragma once

// Every way this module says no. The codes are its contract with the console.

#include "base/result.h"

namespace release {

using Kind = base::Error::Kind;

inline auto not_approved()
{
    return base::refuse(
        Kind::Conflict, "release.not_approved", "稿件还没有通过审核，不能发布（先审后发）");
}
inline auto no_targets()
{
    return base::refuse_fields("release.no_targets", {{"targets", "请至少选择一个网站的栏目"}});
}
inline auto key_missing()
{
    return base::refuse_fields("release.key_missing", {{"key", "页面已过期，请刷新后再发布"}});
}
inline auto forbidden()
{
    return base::refuse(Kind::Forbidden, "release.forbidden", "您没有在这个栏目发布的权限");
}
inline auto may_not_withdraw()
{
    return base::refuse(Kind::Forbidden, "release.forbidden", "您没有在这个栏目撤稿的权限");
}
inline auto not_shared()
{
    return base::refuse(
        Kind::Forbidden, "release.not_shared", "这篇稿件属于其他单位且未共享，请先请对方共享");
}
inline auto wrong_site()
{
    return base::refuse(Kind::Invalid, "release.wrong_site", "所选栏目不属于所选网站");
}
inline auto channel_holds_nothing()
{
    return base::refuse(
        Kind::Invalid, "release.channel_holds_nothing", "频道只显示下级栏目，请选择其中一个栏目");
}
inline auto bad_times(std::string message)
{
    return base::refuse(Kind::Invalid, "release.bad_times", std::move(message));
}
inline auto already_live()
{
    return base::refuse(
        Kind::Conflict, "release.already_live",
        "稿件已在这个栏目发布，不能再定时；要更新内容，请选择立即发布");
}
inline auto publication_not_found()
{
    return base::refuse(
        Kind::NotFound, "release.publication_not_found", "没有这条发布记录，或不在您的范围内");
}
inline auto not_public()
{
    return base::refuse(Kind::Conflict, "release.not_public", "这篇稿件目前没有公开，不能这样操作");
}
inline auto reason_missing()
{
    return base::refuse_fields("release.reason_missing", {{"reason", "请写明撤稿的原因"}});
}

} // namespace release
