#include "core/org/org.h"

#include "base/assert.h"
#include "core/audit/audit.h"
#include "core/org/json.h"
#include "core/org/refusals.h"
#include "core/org/store.h"
#include "db/database.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

namespace org {
namespace {

constexpr int levels_max = 12; // Province to a section of a township office, and room to spare.

void require_text(
    std::vector<base::FieldError>& errors, const char* field, const std::string& text,
    std::string message)
{
    if (text.find_first_not_of(" \t\r\n") == text.npos)
        errors.push_back({field, std::move(message)});
}

std::vector<base::FieldError> list_field_errors(const Org& org)
{
    std::vector<base::FieldError> errors;
    require_text(errors, "name", org.name, "机构名称不能为空");
    require_text(errors, "short_name", org.short_name, "机构简称不能为空");
    if (!org.region_code.empty() && !is_valid_region_code(org.region_code))
        errors.push_back({"region_code", "行政区划代码应为 6 位数字（GB/T 2260）"});
    if (!org.credit_code.empty() && !has_form_of_credit_code(org.credit_code))
        errors.push_back(
            {"credit_code",
             "统一社会信用代码应为 18 位数字和大写字母（GB 32100），不含 I、O、S、V、Z"});
    return errors;
}

base::Result<> check_references(db::Transaction& tx, const Org& org)
{
    std::vector<base::FieldError> errors = list_field_errors(org);
    if (org.supervising_org && !find_org(tx, org.supervising_org))
        errors.push_back({"supervising_org_id", "主管单位不存在"});
    if (org.successor && (org.successor == org.id || !find_org(tx, org.successor)))
        errors.push_back({"successor_id", "承接机构不存在"});
    if (!errors.empty())
        return base::refuse_fields("org.invalid", std::move(errors));
    return {};
}

/// The path under which the organisation will stand, without its own id.
base::Result<std::string> find_parent_path(db::Transaction& tx, const Org& org)
{
    if (!org.parent)
        return std::string("/");
    const auto parent = find_org(tx, org.parent);
    if (!parent)
        return parent_not_found();
    if (!org.path.empty() && parent->path.starts_with(org.path))
        return would_be_its_own_ancestor();
    if (std::count(parent->path.begin(), parent->path.end(), '/') > levels_max)
        return too_deep(levels_max);
    return parent->path;
}

std::string to_text(const Org& org) { return boost::json::serialize(to_json(org)); }

} // namespace

std::vector<std::string> list_warnings(const Org& org)
{
    std::vector<std::string> warnings;
    if (!org.credit_code.empty() && !is_valid_credit_code(org.credit_code))
        warnings.emplace_back("统一社会信用代码的校验位不符，请核对");
    if (org.credit_code.empty())
        warnings.emplace_back("未填写统一社会信用代码");
    return warnings;
}

base::Result<Org> create_org(
    db::Transaction& tx, const base::Actor& actor, const Org& wanted, base::Instant now)
{
    Org org = wanted;
    org.id = {};
    org.path.clear();
    TRY(check_references(tx, org));
    const auto parent_path = TRY(find_parent_path(tx, org));
    org.id = insert_org(tx, org);
    org.path = parent_path + std::to_string(org.id.value) + "/"; // Known only now.
    save_org(tx, org);
    audit::record(
        tx, actor,
        {.action = "org.create",
         .subject_kind = "org",
         .subject = org.id.value,
         .summary = "新建机构：" + org.name,
         .after = to_text(org)},
        now);
    return org;
}

base::Result<Org> update_org(
    db::Transaction& tx, const base::Actor& actor, const Org& wanted, base::Instant now)
{
    const auto before = find_org(tx, wanted.id);
    if (!before)
        return org_not_found();
    Org org = wanted;
    org.path = before->path;
    TRY(check_references(tx, org));
    const auto parent_path = TRY(find_parent_path(tx, org));
    org.path = parent_path + std::to_string(org.id.value) + "/";
    if (org.path != before->path)
        move_subtree(tx, before->path, org.path);
    save_org(tx, org);
    audit::record(
        tx, actor,
        {.action = "org.update",
         .subject_kind = "org",
         .subject = org.id.value,
         .summary = "修改机构：" + org.name,
         .before = to_text(*before),
         .after = to_text(org)},
        now);
    return org;
}

base::Result<Org> load_org(db::Transaction& tx, base::OrgId id)
{
    auto org = find_org(tx, id);
    if (!org)
        return org_not_found();
    return std::move(*org);
}

std::vector<Org> list_orgs(db::Transaction& tx)
{
    std::map<base::OrgId, std::vector<Org>> children; // In order of position.
    for (auto& org : list_all(tx))
        children[org.parent].push_back(std::move(org));
    std::vector<Org> tree;
    // Depth first without recursion: the children of the last one taken are put on top.
    std::vector<Org> waiting = std::move(children[base::OrgId{}]);
    std::reverse(waiting.begin(), waiting.end());
    while (!waiting.empty()) {
        tree.push_back(std::move(waiting.back()));
        waiting.pop_back();
        auto& below = children[tree.back().id];
        std::move(below.rbegin(), below.rend(), std::back_inserter(waiting));
    }
    return tree;
}

bool is_within(db::Transaction& tx, base::OrgId id, base::OrgId ancestor)
{
    const auto org = find_org(tx, id);
    return org && org->path.find("/" + std::to_string(ancestor.value) + "/") != org->path.npos;
}

std::vector<base::OrgId> list_subtree(db::Transaction& tx, base::OrgId ancestor)
{
    const auto org = find_org(tx, ancestor);
    return org ? list_ids_under(tx, org->path) : std::vector<base::OrgId>();
}

base::OrgId supervising_org_of(db::Transaction& tx, const Org& org)
{
    if (org.supervising_org)
        return org.supervising_org;
    // R-001, 国办发〔2017〕47号 二（一）: 县级以上人民政府办公厅（室）是本级政府网站的主管单位.
    auto government = org;
    for (int level = 0; government.parent && level <= levels_max; ++level) {
        const auto parent = find_org(tx, government.parent);
        if (!parent)
            break;
        government = *parent;
        if (government.kind == OrgKind::Government)
            break;
    }
    for (const auto& candidate : list_all(tx))
        if (candidate.parent == government.id && candidate.kind == OrgKind::Office)
            return candidate.id;
    return government.id == org.id ? base::OrgId{} : government.id;
}

} // namespace org
