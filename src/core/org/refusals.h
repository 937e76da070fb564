#pragma once

// Every way this module says no.

#include "base/result.h"

namespace org {

inline auto org_not_found()
{
    return base::refuse(base::Error::Kind::NotFound, "org.not_found", "机构不存在");
}

inline auto parent_not_found()
{
    return base::refuse(base::Error::Kind::Invalid, "org.parent_not_found", "上级机构不存在");
}

inline auto would_be_its_own_ancestor()
{
    return base::refuse(
        base::Error::Kind::Invalid, "org.would_be_its_own_ancestor",
        "不能把机构移到它自己或它的下级机构之下");
}

inline auto too_deep(int levels_max)
{
    return base::refuse(
        base::Error::Kind::Invalid, "org.too_deep",
        "机构层级不能超过 " + std::to_string(levels_max) + " 级");
}

} // namespace org
