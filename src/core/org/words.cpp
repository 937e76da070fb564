#include "core/org/org.h"

#include "base/assert.h"

namespace org {

std::string_view to_string(OrgKind kind)
{
    switch (kind) {
    case OrgKind::Government: return "government";
    case OrgKind::Office: return "office";
    case OrgKind::Department: return "department";
    case OrgKind::Township: return "township";
    case OrgKind::Institution: return "institution";
    }
    VERIFY(false);
}

std::string_view to_string(OrgLevel level)
{
    switch (level) {
    case OrgLevel::Province: return "province";
    case OrgLevel::City: return "city";
    case OrgLevel::County: return "county";
    case OrgLevel::Township: return "township";
    }
    VERIFY(false);
}

std::optional<OrgKind> org_kind_from(std::string_view text)
{
    for (const auto kind :
         {OrgKind::Government, OrgKind::Office, OrgKind::Department, OrgKind::Township,
          OrgKind::Institution})
        if (to_string(kind) == text)
            return kind;
    return std::nullopt;
}

std::optional<OrgLevel> org_level_from(std::string_view text)
{
    for (const auto level :
         {OrgLevel::Province, OrgLevel::City, OrgLevel::County, OrgLevel::Township})
        if (to_string(level) == text)
            return level;
    return std::nullopt;
}

} // namespace org
