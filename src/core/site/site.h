#pragma once

// Sites (政府网站) and their columns (栏目): what a site is, by whom it is run, how it identifies
// itself (codes, filings, marks), and the tree of columns that its contents stand in.

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

namespace site {

enum class SiteKind { Portal, Department }; // 政府门户网站, 部门网站
enum class SiteState { Preparing, Running, TempOffline, Closing, Closed, Archived };

std::string_view to_string(SiteKind);
std::string_view to_string(SiteState);
std::optional<SiteKind> site_kind_from(std::string_view);
std::optional<SiteState> site_state_from(std::string_view);

/// A named responsible person with a role (R-007…R-011).
struct ResponsiblePerson {
    std::string duty; // principal, deputy, security, content, ops, reading
    std::string name;
    std::string phone;
};

struct FriendlyLink {
    std::string group; // 中央和国家机关, 省市政府网站 …
    std::string name;
    std::string url;
};

struct Site {
    base::SiteId id;
    std::string code; // Short key in hosts and settings: "qingxi".
    std::string name; // 青溪县人民政府
    std::string english_name;
    SiteKind kind = SiteKind::Portal;
    SiteState state = SiteState::Running;
    base::OrgId supervising_org;      // 主管单位
    base::OrgId sponsor_org;          // 主办单位
    base::OrgId operator_org;         // 承办单位
    std::string primary_domain;       // www.example.gov.cn
    std::vector<std::string> domains; // All names under which it answers, the primary one included.
    std::string site_code;            // 网站标识码: ^(bm\d{8}|\d{10})$
    std::string icp_number;
    std::string police_filing_number;
    std::string badge_id; // 党政机关网站标识, 32 hex digits
    std::string contact_phone;
    std::string contact_email;
    std::string contact_address;
    std::string description; // For search engines and feeds.
    std::vector<ResponsiblePerson> responsible;
    std::vector<FriendlyLink> links;
    std::string theme = "base";
    std::string layout; // JSON: blocks of the home page, services, hot words, banner, grey mode.
    int revision = 0;   // Optimistic lock of the settings screen.
};

/// Needs site.manage where the sponsor stands. Refuses with site.invalid (fields), site.code_taken,
/// site.domain_taken, site.unit_may_not_have_site (county departments and townships, R-021),
/// site.unit_has_site, site.portal_may_not_close, site.changed, site.not_found
/// (also for a site that the actor may not see), identity.forbidden.
base::Result<Site> create_site(
    db::Transaction&, const base::Actor&, const Site& wanted, base::Instant now);
base::Result<Site> update_site(
    db::Transaction&, const base::Actor&, const Site& wanted, base::Instant now);

/// What an inspection would find fault with, for the screen: a domain that does not end in .gov.cn
/// a missing code or filing (R-050 … R-052), a missing responsible person (R-007 … R-011).
std::vector<std::string> list_warnings(const Site&);

/// Refuses with site.not_found.
base::Result<Site> load_site(db::Transaction&, base::SiteId);
std::optional<Site> find_site_by_code(db::Transaction&, std::string_view code);
/// `host` in lower case, without port. Exact.
std::optional<Site> find_site_by_host(db::Transaction&, std::string_view host);
std::vector<Site> list_sites(
    db::Transaction&); // In order of creation; the first is the lead portal.

} // namespace site
