#pragma once

// Every way this module says no. The codes are its contract with the console.

#include "base/result.h"

#include <string>

namespace site {

using Kind = base::Error::Kind;

inline auto site_not_found()
{
    return base::refuse(Kind::NotFound, "site.not_found", "网站不存在");
}
inline auto site_changed()
{
    return base::refuse(Kind::Conflict, "site.changed", "网站设置已被他人修改，请刷新后再改");
}
inline auto code_taken()
{
    return tl::unexpected(base::Error{
        Kind::Conflict, "site.code_taken", "网站代号已被使用", {{"code", "网站代号已被使用"}}});
}
inline auto domain_taken(const std::string& domain)
{
    const auto message = "域名 " + domain + " 已属于另一个网站";
    return tl::unexpected(
        base::Error{Kind::Conflict, "site.domain_taken", message, {{"domains", message}}});
}
inline auto unit_may_not_have_site()
{
    // 国办发〔2017〕47号 二（一）1:
    // 县级政府部门、乡镇（街道）原则上不开设政府网站，通过县级政府门户网站开展政务公开.
    return base::refuse(
        Kind::Forbidden, "site.unit_may_not_have_site",
        "县级政府部门和乡镇（街道）不开设网站，请在县级政府门户网站为其开设栏目（国办发〔2017〕47号"
        "）");
}
inline auto unit_has_site(const std::string& name)
{
    return base::refuse(
        Kind::Conflict, "site.unit_has_site",
        "一个单位最多开设一个网站，该单位已有“" + name + "”（国办发〔2017〕47号）");
}
inline auto portal_may_not_close()
{
    return base::refuse(
        Kind::Forbidden, "site.portal_may_not_close", "政府门户网站不得关停（国办发〔2017〕47号）");
}
inline auto column_not_found()
{
    return base::refuse(Kind::NotFound, "site.column_not_found", "栏目不存在");
}
inline auto slug_taken()
{
    return tl::unexpected(base::Error{
        Kind::Conflict,
        "site.slug_taken",
        "同级栏目已使用此地址",
        {{"slug", "同级栏目已使用此地址"}}});
}
inline auto column_depth(int levels_max)
{
    return base::refuse(
        Kind::Invalid, "site.column_depth", "栏目不能超过 " + std::to_string(levels_max) + " 级");
}
inline auto column_not_empty()
{
    return base::refuse(
        Kind::Conflict, "site.column_not_empty", "栏目下有子栏目或发布过稿件，不能删除，可以隐藏");
}

} // namespace site
