#include "core/identity/json.h"

#include <algorithm>

namespace identity {
namespace {

namespace json = boost::json;

void put_time(json::object& object, const char* name, const std::optional<base::Instant>& at)
{
    if (at)
        object[name] = base::to_iso_text(*at);
}

} // namespace

std::string mask_phone(std::string_view phone)
{
    constexpr std::size_t head = 3;
    constexpr std::size_t tail = 4;
    if (phone.size() < head + tail + 1)
        return std::string(phone.size(), '*');
    return std::string(phone.substr(0, head)) + "****"
           + std::string(phone.substr(phone.size() - tail));
}

json::array to_json(const std::vector<std::string>& texts)
{
    json::array array;
    for (const auto& text : texts)
        array.emplace_back(text);
    return array;
}

json::object to_json(const User& user, const std::vector<Grant>& grants)
{
    std::vector<std::string> roles;
    for (const auto& grant : grants)
        if (std::find(roles.begin(), roles.end(), grant.role) == roles.end())
            roles.push_back(grant.role);
    json::object object{
        {"id", user.id.value},
        {"login", user.login},
        {"name", user.name},
        {"org_id", user.org.value},
        {"phone", mask_phone(user.phone)},
        {"state", user.state == UserState::Active ? "active" : "disabled"},
        {"must_change_password", user.must_change_password},
        {"totp_enabled", user.totp_enabled},
        {"roles", to_json(roles)}};
    put_time(object, "locked_until", user.locked_until);
    put_time(object, "last_login_at", user.last_login_at);
    put_time(object, "expires_at", user.expires_at);
    return object;
}

json::object to_json(const Grant& grant)
{
    json::object object{
        {"id", grant.id},
        {"role", grant.role},
        {"org_id", grant.scope.org.value},
        {"site_id", grant.scope.site.value},
        {"column_id", grant.scope.column.value}};
    put_time(object, "expires_at", grant.expires_at);
    return object;
}

json::array to_json(const std::vector<Grant>& grants)
{
    json::array array;
    for (const auto& grant : grants)
        array.push_back(to_json(grant));
    return array;
}

json::object to_json(const Role& role)
{
    std::vector<std::string> excludes;
    for (const auto& other : list_roles())
        if (exclude_each_other(role.key, other.key))
            excludes.push_back(other.key);
    return {
        {"key", role.key},
        {"name", role.name},
        {"abilities", to_json(role.abilities)},
        {"excludes", to_json(excludes)}};
}

json::object to_json(const Session& session, std::int64_t current)
{
    return {
        {"id", session.id},
        {"address", session.address},
        {"agent", session.agent},
        {"started_at", base::to_iso_text(session.started_at)},
        {"seen_at", base::to_iso_text(session.seen_at)},
        {"current", session.id == current}};
}

} // namespace identity
