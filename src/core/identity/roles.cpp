#include "core/identity/ability.h"

#include <algorithm>
#include <array>

namespace identity {
namespace {

using namespace ability;

std::vector<std::string> bundle(std::initializer_list<std::string_view> abilities)
{
    return {abilities.begin(), abilities.end()};
}

// Reading a site and the organisations comes with every role: they are what everything hangs on.
const std::vector<Role>& built_in_roles()
{
    static const std::vector<Role> roles = {
        {"system_admin", "系统管理员",
         bundle({staff_manage, org_read, org_manage, site_read, site_manage})},
        {"security_admin", "安全管理员", bundle({staff_grant, org_read, site_read})},
        {"audit_admin", "审计管理员", bundle({audit_read, org_read, site_read})},
        {"editor", "编辑",
         bundle({library_read, library_write, library_accept, site_read, org_read})},
        {"contributor", "信息员", bundle({library_read, library_contribute, site_read, org_read})},
        {"proofreader", "校对", bundle({library_read, review_proofread, site_read, org_read})},
        {"first_reviewer", "初审", bundle({library_read, review_first, site_read, org_read})},
        {"second_reviewer", "复审", bundle({library_read, review_second, site_read, org_read})},
        {"final_reviewer", "终审",
         bundle({library_read, review_final, review_emergency, site_read, org_read})},
        {"publisher", "发布员",
         bundle({library_read, release_publish, release_withdraw, site_read, org_read})},
        {"site_admin", "网站管理员",
         bundle({library_read, review_chains, site_read, site_manage, org_read})},
        {"supervisor", "监管员", bundle({supervise_read, site_read, org_read})},
    };
    return roles;
}

constexpr std::array<std::string_view, 3> three_administrators = {
    "system_admin", "security_admin", "audit_admin"};

bool is_one_of_three(std::string_view role)
{
    return std::find(three_administrators.begin(), three_administrators.end(), role)
           != three_administrators.end();
}

/// A supervisor reads figures and touches no content.
bool is_content_role(std::string_view role)
{
    return !is_one_of_three(role) && role != "supervisor";
}

} // namespace

const std::vector<Role>& list_roles() { return built_in_roles(); }

const Role* find_role(std::string_view key)
{
    const auto& roles = built_in_roles();
    const auto found =
        std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.key == key; });
    return found == roles.end() ? nullptr : &*found;
}

bool exclude_each_other(std::string_view role, std::string_view other_role)
{
    if (role == other_role)
        return false;
    if (is_one_of_three(role) && is_one_of_three(other_role))
        return true;
    return (is_one_of_three(role) && is_content_role(other_role))
           || (is_one_of_three(other_role) && is_content_role(role));
}

} // namespace identity
