#pragma once

// Every way this module says no.

#include "base/result.h"

namespace audit {

inline auto bad_filter(std::string field, std::string message)
{
    return base::refuse_fields("audit.invalid", {{std::move(field), std::move(message)}});
}

inline auto too_many_records(std::int64_t total, int most)
{
    return base::refuse(
        base::Error::Kind::Invalid, "audit.too_many",
        "符合条件的记录有 " + std::to_string(total) + " 条，一次最多导出 " + std::to_string(most)
            + " 条，请缩小时间范围");
}

inline auto only_for_all()
{
    return base::refuse(
        base::Error::Kind::Forbidden, "audit.only_for_all",
        "校验涉及全部记录，需要全平台范围的审计权限");
}

} // namespace audit
