#include "core/org/json.h"

namespace org {

boost::json::object to_json(const Org& org)
{
    boost::json::object object{
        {"id", org.id.value},
        {"parent_id", org.parent.value},
        {"name", org.name},
        {"short_name", org.short_name},
        {"kind", to_string(org.kind)},
        {"level", to_string(org.level)},
        {"region_code", org.region_code},
        {"credit_code", org.credit_code},
        {"issuer_abbr", org.issuer_abbr},
        {"supervising_org_id", org.supervising_org.value},
        {"phone", org.phone},
        {"address", org.address},
        {"duties", org.duties},
        {"position", org.position},
        {"successor_id", org.successor.value}};
    if (org.valid_until)
        object["valid_until"] = base::to_iso_text(*org.valid_until);
    boost::json::array warnings;
    for (auto& warning : list_warnings(org))
        warnings.emplace_back(warning);
    object["warnings"] = std::move(warnings);
    return object;
}

} // namespace org
