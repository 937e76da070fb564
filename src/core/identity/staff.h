#pragma once

// Staff accounts (工作人员账号): who they are, how they prove it, what they were granted.
// Passwords by Argon2id; 5 failures within 15 minutes lock an account for 15 minutes, and the same
// message and work is spent on an unknown name. Sessions are random tokens of which only the
// SHA-256 is stored: idle 30 minutes, 10 hours at most. The numbers are the policy of
// promises.md §1.2/§4.3 and are settings (policy.h), which may be made stricter only.

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/identity/ability.h"
#include "core/identity/policy.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

enum class UserState { Active, Disabled };

struct User {
    base::UserId id;
    std::string login; // Lower case letters, digits, . _ -
    std::string name;
    base::OrgId org;
    std::string phone; // For notices; shown masked.
    UserState state = UserState::Active;
    bool must_change_password = false;
    bool totp_enabled = false;
    std::optional<base::Instant> locked_until;
    std::optional<base::Instant> last_login_at;
    std::optional<base::Instant> expires_at; // Vendor accounts end with the contract.
    std::optional<base::Instant> password_changed_at;
};

/// Neither disabled nor expired.
bool may_work(const User&, base::Instant now);

/// Accounts need staff.manage over the person's organisation (over the old and the new one when he
/// moves); what lies outside is "not found". Refuses with identity.invalid (fields),
/// identity.login_taken, identity.weak_password (why), identity.user_not_found, identity.forbidden,
/// identity.not_own_account (nobody disables himself), identity.busy.
base::Result<User> create_user(
    db::Transaction&, const base::Actor&, const User& wanted, std::string_view password,
    base::Instant now, const Policy& = default_policy());
/// Disabling ends all sessions.
base::Result<User> update_user(
    db::Transaction&, const base::Actor&, const User& wanted, base::Instant now);
/// The person must change it at the next log-in; all sessions end. Also
/// identity.password_used_before.
base::Result<> reset_password(
    db::Transaction&, const base::Actor&, base::UserId, std::string_view password,
    base::Instant now, const Policy& = default_policy());
/// Needs staff.grant (the security administrator judges whether it was an attack) or staff.manage.
base::Result<> unlock_user(db::Transaction&, const base::Actor&, base::UserId, base::Instant now);

base::Result<User> load_user(db::Transaction&, base::UserId);
std::optional<User> find_user_by_login(db::Transaction&, std::string_view login);
struct UserFilter {
    std::string text;              // In login or name.
    std::vector<base::OrgId> orgs; // Empty: all.
    std::string role;
    std::optional<UserState> state;
};
std::vector<User> list_users(db::Transaction&, const UserFilter&, int offset, int limit);
std::int64_t count_users(db::Transaction&, const UserFilter&);

/// Needs staff.grant over the person's organisation and over the organisation of the grant's scope;
/// a grant without organisation needs it everywhere. Refuses with
/// identity.roles_exclude_each_other, identity.unknown_role, identity.not_own_role (no one grants
/// to himself), identity.invalid, identity.already_granted, identity.grant_not_found,
/// identity.user_not_found, identity.forbidden.
base::Result<Grant> grant_role(
    db::Transaction&, const base::Actor&, base::UserId, const Grant& wanted, base::Instant now);
base::Result<> revoke_role(
    db::Transaction&, const base::Actor&, base::UserId, std::int64_t grant, base::Instant now);
std::vector<Grant> list_grants(db::Transaction&, base::UserId);

} // namespace identity
