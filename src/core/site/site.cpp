#include "core/site/site.h"

#include "core/audit/audit.h"
#include "core/identity/ability.h"
#include "core/org/org.h"
#include "core/site/events.h"
#include "core/site/json.h"
#include "core/site/places.h"
#include "core/site/refusals.h"
#include "core/site/rules.h"
#include "core/site/store.h"
#include "db/database.h"
#include "db/events.h"

#include <algorithm>
#include <fmt/format.h>

namespace site {
namespace {

constexpr std::string_view write_lock = "site"; // So that asking first is enough.

/// Lower case, without repetition, the primary one first.
void normalise_domains(Site& site)
{
    const auto lower = [](std::string& name) {
        for (char& c : name)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    lower(site.primary_domain);
    std::vector<std::string> names;
    if (!site.primary_domain.empty())
        names.push_back(site.primary_domain);
    for (auto name : site.domains) {
        lower(name);
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    site.domains = std::move(names);
    if (site.primary_domain.empty() && !site.domains.empty())
        site.primary_domain = site.domains.front();
}

bool is_layout(const std::string& text)
{
    if (text.empty())
        return true;
    boost::json::error_code error;
    const auto value = boost::json::parse(text, error);
    return !error && value.is_object();
}

base::Result<org::Org> check_fields(db::Transaction& tx, const Site& site)
{
    auto errors = list_site_errors(site);
    if (!is_layout(site.layout))
        errors.push_back({"layout", "首页布局不是有效的 JSON 对象"});
    if (site.supervising_org && !org::load_org(tx, site.supervising_org))
        errors.push_back({"supervising_org_id", "主管单位不存在"});
    if (site.operator_org && !org::load_org(tx, site.operator_org))
        errors.push_back({"operator_org_id", "承办单位不存在"});
    auto sponsor = org::load_org(tx, site.sponsor_org);
    if (site.sponsor_org && !sponsor)
        errors.push_back({"sponsor_org_id", "主办单位不存在"});
    if (!errors.empty())
        return base::refuse_fields("site.invalid", std::move(errors));
    return std::move(*sponsor);
}

/// R-020: 一个单位最多开设一个网站.
base::Result<> check_unit_has_no_other(db::Transaction& tx, const Site& site)
{
    for (const auto& other : list_sites(tx))
        if (other.sponsor_org == site.sponsor_org && other.id != site.id
            && !is_closing_state(other.state))
            return unit_has_site(other.name);
    return {};
}

base::Result<> check_unit(db::Transaction& tx, const Site& site, const org::Org& sponsor)
{
    if (!may_have_site(sponsor))
        return unit_may_not_have_site();
    if (site.kind == SiteKind::Portal && !may_have_portal(sponsor))
        return base::refuse_fields(
            "site.invalid", {{"kind", "政府门户网站由人民政府或其办公厅（室）主办"}});
    if (site.kind == SiteKind::Portal && is_closing_state(site.state))
        return portal_may_not_close();
    return check_unit_has_no_other(tx, site);
}

base::Result<> check_unique(db::Transaction& tx, const Site& site)
{
    const auto same_code = find_site_by_code(tx, site.code);
    if (same_code && same_code->id != site.id)
        return code_taken();
    for (const auto& domain : site.domains) {
        const auto owner = find_owner_of_host(tx, domain);
        if (owner && *owner != site.id)
            return domain_taken(domain);
    }
    return {};
}

base::Result<> check(db::Transaction& tx, const Site& site)
{
    const auto sponsor = TRY(check_fields(tx, site));
    TRY(check_unit(tx, site, sponsor));
    return check_unique(tx, site);
}

void announce(db::Transaction& tx, base::SiteId site, base::Instant now)
{
    db::append_event(
        tx, events::site_changed, site.value, fmt::format(R"({{"site":{}}})", site.value), now);
}

} // namespace

base::Result<Site> create_site(
    db::Transaction& tx, const base::Actor& actor, const Site& wanted, base::Instant now)
{
    tx.lock(write_lock);
    Site site = wanted;
    site.id = {};
    site.revision = 1;
    normalise_domains(site);
    TRY(identity::require_of(
        tx, actor, identity::ability::site_manage, {.org = site.sponsor_org}, now));
    TRY(check(tx, site));
    site.id = insert_site(tx, site);
    announce(tx, site.id, now);
    audit::record(
        tx, actor,
        {.action = "site.create",
         .subject_kind = "site",
         .subject = site.id.value,
         .summary = "新建网站：" + site.name,
         .after = boost::json::serialize(to_json(site))},
        now);
    return site;
}

base::Result<Site> update_site(
    db::Transaction& tx, const base::Actor& actor, const Site& wanted, base::Instant now)
{
    tx.lock(write_lock);
    const auto before = find_site(tx, wanted.id);
    if (!before)
        return site_not_found();
    TRY(require_managed(tx, actor, *before, now));
    Site site = wanted;
    normalise_domains(site);
    if (site.sponsor_org != before->sponsor_org)
        TRY(identity::require_of(tx, actor, identity::ability::site_manage, place_of(site), now));
    if (site.revision != before->revision)
        return site_changed();
    TRY(check(tx, site));
    site.revision += 1;
    save_site(tx, site);
    announce(tx, site.id, now);
    audit::record(
        tx, actor,
        {.action = "site.update",
         .subject_kind = "site",
         .subject = site.id.value,
         .summary = "修改网站设置：" + site.name,
         .before = boost::json::serialize(to_json(*before)),
         .after = boost::json::serialize(to_json(site))},
        now);
    return site;
}

base::Result<Site> load_site(db::Transaction& tx, base::SiteId id)
{
    auto site = find_site(tx, id);
    if (!site)
        return site_not_found();
    return std::move(*site);
}

} // namespace site
