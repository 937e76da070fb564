#pragma once

// Every way this module says no. The codes are its contract with the console.

#include "base/result.h"

#include <string>
#include <string_view>

namespace identity {

using Kind = base::Error::Kind;

inline auto not_signed_in()
{
    return base::refuse(Kind::Unauthenticated, "identity.not_signed_in", "请先登录，或重新登录");
}
inline auto wrong_credentials()
{
    return base::refuse(
        Kind::Unauthenticated, "identity.wrong_credentials", "登录名、口令或动态口令不正确");
}
inline auto totp_needed()
{
    return base::refuse(Kind::Unauthenticated, "identity.totp_needed", "请输入动态口令");
}
inline auto account_disabled()
{
    return base::refuse(
        Kind::Unauthenticated, "identity.account_disabled", "账号已停用或已到期，请联系管理员");
}
inline auto locked(std::string until)
{
    return base::refuse(
        Kind::Limited, "identity.locked", "失败次数过多，账号已锁定，" + until + " 后可再试");
}
inline auto too_many_attempts()
{
    return base::refuse(
        Kind::Limited, "identity.too_many_attempts", "此地址登录失败次数过多，请稍后再试");
}
inline auto busy()
{
    return base::refuse(Kind::Limited, "identity.busy", "登录的人太多，请稍后再试");
}
inline auto forbidden(std::string_view ability)
{
    return base::refuse(
        Kind::Forbidden, "identity.forbidden",
        "没有此项权限（" + std::string(ability) + "），如有需要请联系安全管理员");
}
inline auto cross_site()
{
    return base::refuse(
        Kind::Forbidden, "identity.cross_site", "请求来自其他网站，为安全起见已拒绝");
}
inline auto csrf_mismatch()
{
    return base::refuse(Kind::Forbidden, "identity.csrf", "页面已过期，请刷新后再试");
}
inline auto password_change_required()
{
    return base::refuse(Kind::Forbidden, "identity.password_change_required", "请先修改口令");
}
inline auto user_not_found()
{
    return base::refuse(Kind::NotFound, "identity.user_not_found", "人员不存在");
}
inline auto login_taken()
{
    return tl::unexpected(base::Error{
        Kind::Conflict, "identity.login_taken", "登录名已被使用", {{"login", "登录名已被使用"}}});
}
inline auto weak_password(std::string field, std::string why)
{
    return base::refuse_fields("identity.weak_password", {{std::move(field), std::move(why)}});
}
inline auto password_used_before(std::string field, int history)
{
    return base::refuse_fields(
        "identity.password_used_before",
        {{std::move(field), "不能使用最近 " + std::to_string(history) + " 次用过的口令"}});
}
inline auto wrong_password(std::string field)
{
    return base::refuse_fields("identity.wrong_password", {{std::move(field), "口令不正确"}});
}
inline auto not_own_account()
{
    return base::refuse(Kind::Forbidden, "identity.not_own_account", "不能停用或重置自己的账号");
}
inline auto unknown_role()
{
    return base::refuse_fields("identity.unknown_role", {{"role", "没有这个角色"}});
}
inline auto not_own_role()
{
    return base::refuse(Kind::Forbidden, "identity.not_own_role", "不能给自己授予或收回角色");
}
inline auto roles_exclude_each_other(std::string_view role, std::string_view other)
{
    return base::refuse(
        Kind::Conflict, "identity.roles_exclude_each_other",
        "“" + std::string(role) + "”与此人已有的“" + std::string(other)
            + "”不能由同一人担任（三员分立）");
}
inline auto already_granted()
{
    return base::refuse(Kind::Conflict, "identity.already_granted", "此人已有相同范围的这个角色");
}
inline auto grant_not_found()
{
    return base::refuse(Kind::NotFound, "identity.grant_not_found", "没有这项授权");
}
inline auto session_not_found()
{
    return base::refuse(Kind::NotFound, "identity.session_not_found", "没有这个会话");
}
inline auto totp_enabled_already()
{
    return base::refuse(
        Kind::Conflict, "identity.totp_enabled", "已绑定动态口令；如需更换请先解除");
}
inline auto totp_not_started()
{
    return base::refuse(Kind::Conflict, "identity.totp_not_started", "请先开始绑定动态口令");
}
inline auto totp_wrong()
{
    return base::refuse_fields(
        "identity.totp_wrong", {{"code", "动态口令不正确，请核对手机时间后重试"}});
}

} // namespace identity
