#pragma once

// Organisations (机构): governments, their offices, departments, townships, institutions, as a tree
// by territory and subordination. Each has one supervising unit (主管单位) for its websites: by
// default the office of the next government above. An organ that is renamed or
// merged keeps its row with valid_until and a successor.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace org {

enum class OrgKind { Government, Office, Department, Township, Institution };
enum class OrgLevel { Province, City, County, Township };

std::string_view to_string(OrgKind); // "government", …
std::string_view to_string(OrgLevel);
std::optional<OrgKind> org_kind_from(std::string_view);
std::optional<OrgLevel> org_level_from(std::string_view);

struct Org {
    base::OrgId id;
    base::OrgId parent;     // 0: the top of this platform.
    std::string path;       // "/1/5/17/": the ids from the top down to this one.
    std::string name;       // 青溪县财政局
    std::string short_name; // 县财政局
    OrgKind kind = OrgKind::Department;
    OrgLevel level = OrgLevel::County;
    std::string region_code; // 6 digits, GB/T 2260.
    std::string credit_code; // 18 characters, GB 32100; a wrong check digit is warned about only.
    std::string issuer_abbr; // 发文机关代字: 青政发
    base::OrgId supervising_org; // 0: by rule.
    std::string phone;
    std::string address;
    std::string duties; // 机构职能, plain text.
    int position = 0;   // Among its siblings.
    std::optional<base::Instant> valid_until;
    base::OrgId successor;
};

/// Refuses with org.invalid (fields), org.parent_not_found, org.would_be_its_own_ancestor,
/// org.too_deep, org.not_found. Who may do it is asked by the caller (api.h): this room stands
/// below core/identity. Moving an organisation moves everything below it.
base::Result<Org> create_org(
    db::Transaction&, const base::Actor&, const Org& wanted, base::Instant now);
base::Result<Org> update_org(
    db::Transaction&, const base::Actor&, const Org& wanted, base::Instant now);

/// Refuses with org.not_found.
base::Result<Org> load_org(db::Transaction&, base::OrgId);
std::vector<Org> list_orgs(db::Transaction&); // The whole tree, parents before children.
bool is_within(db::Transaction&, base::OrgId org, base::OrgId ancestor); // An org is within itself.
std::vector<base::OrgId> list_subtree(db::Transaction&, base::OrgId ancestor);

/// The unit that supervises its websites: the one named, else by rule the office of the next
/// government above (that government itself when it has none; 0 at the top).
base::OrgId supervising_org_of(db::Transaction&, const Org&);

/// What is doubtful about an organisation, for the screen: a credit code whose check digit is
/// wrong.
std::vector<std::string> list_warnings(const Org&);

/// Check digits of GB 32100-2015 (charset, length, check) and the form of GB/T 2260.
bool is_valid_credit_code(std::string_view);
bool has_form_of_credit_code(std::string_view); // Without the check digits.
bool is_valid_region_code(std::string_view);

} // namespace org
