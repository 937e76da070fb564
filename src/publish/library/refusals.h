#pragma once

// Every way this module says no. The codes are its contract with the console.

#include "base/result.h"

namespace library {

using Kind = base::Error::Kind;

inline auto item_not_found()
{
    return base::refuse(
        Kind::NotFound, "library.item_not_found", "稿件不存在，或不在您的管理范围内");
}
inline auto version_not_found()
{
    return base::refuse(Kind::NotFound, "library.version_not_found", "没有这个版本");
}
inline auto submission_not_found()
{
    return base::refuse(Kind::NotFound, "library.submission_not_found", "投稿不存在");
}
inline auto in_review()
{
    return base::refuse(
        Kind::Conflict, "library.in_review", "稿件正在审核，不能修改。如需修改，请先撤回送审");
}
inline auto changed()
{
    return base::refuse(
        Kind::Conflict, "library.changed",
        "在您打开之后，稿件已被他人修改。您的内容没有丢失：请对照两个版本后再保存");
}
inline auto not_in_that_state(std::string_view needed)
{
    return base::refuse(
        Kind::Conflict, "library.wrong_state",
        "稿件当前的状态不允许这样做（" + std::string(needed) + "）");
}
inline auto already_submitted()
{
    return base::refuse(
        Kind::Conflict, "library.already_submitted", "已向该单位投过此稿，正在等待处理");
}
inline auto submission_answered()
{
    return base::refuse(Kind::Conflict, "library.submission_answered", "这份投稿已经处理过了");
}
inline auto file_refused(std::string_view code, std::string message)
{
    return base::refuse(Kind::Invalid, std::string(code), std::move(message));
}

inline auto file_damaged()
{
    return file_refused(
        "library.file_damaged", "文件打不开，可能没有保存完整。请在原来的软件里另存一份再上传");
}

} // namespace library
