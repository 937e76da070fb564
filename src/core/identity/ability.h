#pragma once

// What a member of staff may do, and where. This room alone decides it; everything is denied that
// no grant allows. A role (角色) is a bundle of abilities; a grant gives a person a role within a
// scope. 三员分立: system, security and audit administrators exclude one another and every content
// role.

#include "base/actor.h"
#include "base/result.h"

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace db {
class Transaction;
}

namespace identity {

namespace ability {
inline constexpr std::string_view library_read = "library.read";
inline constexpr std::string_view library_write = "library.write";
inline constexpr std::string_view library_contribute = "library.contribute"; // 投稿
inline constexpr std::string_view library_accept = "library.accept"; // 采用、退回投稿
inline constexpr std::string_view review_proofread = "review.proofread";
inline constexpr std::string_view review_first = "review.first";
inline constexpr std::string_view review_second = "review.second";
inline constexpr std::string_view review_final = "review.final";
inline constexpr std::string_view review_emergency = "review.emergency";
inline constexpr std::string_view review_chains = "review.chains";
inline constexpr std::string_view release_publish = "release.publish";
inline constexpr std::string_view release_withdraw = "release.withdraw";
inline constexpr std::string_view site_read = "site.read";
inline constexpr std::string_view site_manage = "site.manage";
inline constexpr std::string_view org_read = "org.read";
inline constexpr std::string_view org_manage = "org.manage";
inline constexpr std::string_view staff_manage = "staff.manage"; // Accounts: system administrator.
inline constexpr std::string_view staff_grant = "staff.grant";   // Roles: security administrator.
inline constexpr std::string_view audit_read = "audit.read";
inline constexpr std::string_view supervise_read = "supervise.read";
} // namespace ability

/// Where a grant holds. 0 means "any"; every part that is named must fit.
struct Scope {
    base::OrgId org; // This organisation and everything below it.
    base::SiteId site;
    base::ColumnId column; // This column and its sub-columns.
};

/// Where an object lies. A part that it does not have (an item that stands in no column yet) fits
/// no grant that names that part.
struct Place {
    base::OrgId org;
    base::SiteId site;
    std::string column_path; // site::Column::id_path, "/3/17/": this room knows no columns.
};

struct Role {
    std::string key;  // "editor", "final_reviewer", "system_admin" …
    std::string name; // 编辑, 终审, 系统管理员 …
    std::vector<std::string> abilities;
};

/// The built-in roles (roles.cpp). Keys: system_admin, security_admin,
/// audit_admin, editor, contributor, proofreader, first_reviewer, second_reviewer, final_reviewer,
/// publisher, site_admin, supervisor.
const std::vector<Role>& list_roles();
const Role* find_role(std::string_view key); // null: there is none.

/// Two of 三员 in one person, or one of them with a content role.
bool exclude_each_other(std::string_view role, std::string_view other_role);

struct Grant {
    std::int64_t id = 0;
    std::string role;
    Scope scope;
    std::optional<base::Instant> expires_at; // Delegations and vendors.
};

/// All that a person may do at one moment. Load once per request.
class Authority {
public:
    static Authority load(db::Transaction&, base::UserId, base::Instant now);

    /// Anywhere at all?
    bool may(std::string_view ability) const;

    /// For an object that lies in `where`.
    bool may(std::string_view ability, const Place& where) const;

    /// The grants that give `ability`, for turning a list query into WHERE clauses.
    std::vector<Scope> scopes_of(std::string_view ability) const;

    /// The organisations (with all below) of the grants that give `ability` at organisation level;
    /// `everywhere` when one has no bounds.
    struct Orgs {
        bool everywhere = false;
        std::vector<base::OrgId> orgs; // Subtrees expanded.
    };
    Orgs orgs_of(std::string_view ability) const;

    std::vector<std::string> abilities() const;
    const std::vector<Grant>& grants() const { return grants_; }

private:
    std::vector<Grant> grants_;
    std::vector<std::vector<base::OrgId>> org_subtrees_; // Of each grant.
};

/// Refuses with identity.forbidden, naming what is missing. Reading an object outside one's scope
/// must be refused as "not found" by the caller, so that ids can't be probed.
base::Result<> require(const Authority&, std::string_view ability, const Place& where);

/// Does the platform act by itself (base::system_actor)? A request never looks like that: its
/// address is one.
bool is_system(const base::Actor&);

/// The same for an actor inside a verb: the platform itself may do everything.
base::Result<> require_of(
    db::Transaction&, const base::Actor&, std::string_view ability, const Place& where,
    base::Instant now);

} // namespace identity
