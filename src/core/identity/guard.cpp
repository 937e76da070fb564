#include "core/identity/guard.h"

#include "core/identity/ability.h"
#include "core/identity/digest.h"
#include "core/identity/refusals.h"
#include "core/identity/session.h"
#include "db/database.h"

#include <charconv>
#include <optional>

namespace identity {
namespace {

using AccessKind = http::Access::Kind;

bool changes_something(http::Method method)
{
    return method != http::Method::Get && method != http::Method::Head;
}

/// Open while the password must be changed.
bool is_open_before_password_change(const http::Route& route)
{
    return route.pattern == "/api/session" || route.pattern == "/api/account/password";
}

struct Found {
    SignedIn signed_in;
    bool may_enter = false;
};

base::Result<> check_entrance(
    const http::Request& request, const http::Route& route, const Found& found)
{
    if (found.signed_in.user.must_change_password && !is_open_before_password_change(route))
        return password_change_required();
    if (!found.may_enter)
        return forbidden(route.access.ability);
    if (!changes_something(request.method))
        return {};
    const auto token = request.header("x-csrf-token").value_or("");
    if (!equal_in_constant_time(token, found.signed_in.session.csrf))
        return csrf_mismatch();
    return {};
}

class Guard {
public:
    Guard(db::Database& database, const base::Clock& clock, const Policy& policy)
        : database_(database)
        , clock_(clock)
        , policy_(policy)
    {
    }

    base::Result<> admit(http::Request& request, const http::Route& route) const
    {
        if (changes_something(request.method) && !is_same_site(request))
            return cross_site();
        const auto now = clock_.now();
        const auto found = find(request, route, now);
        const bool is_public = route.access.kind == AccessKind::Public;
        if (!found) {
            if (is_public)
                return {};
            return not_signed_in();
        }
        request.actor.user = found->signed_in.user.id;
        request.actor.org = found->signed_in.user.org;
        request.actor.name = found->signed_in.user.name;
        if (is_public)
            return {};
        TRY(check_entrance(request, route, *found));
        keep_alive(database_, found->signed_in.session, now);
        return {};
    }

private:
    std::optional<Found> find(
        const http::Request& request, const http::Route& route, base::Instant now) const
    {
        const auto token = request.cookie(session_cookie(request));
        if (!token)
            return std::nullopt;
        return database_.read([&](db::Transaction& tx) -> std::optional<Found> {
            auto signed_in = find_session(tx, *token, now, policy_);
            if (!signed_in)
                return std::nullopt;
            bool may_enter = true;
            if (route.access.kind == AccessKind::Ability)
                may_enter = Authority::load(tx, signed_in->user.id, now).may(route.access.ability);
            return Found{std::move(*signed_in), may_enter};
        });
    }

    db::Database& database_;
    const base::Clock& clock_;
    Policy policy_;
};

struct Origin {
    std::string host;
    std::uint16_t port = 0;
    std::uint16_t default_port = 0;
};

/// "https://www.example.gov.cn:8443"; nullopt for "null" and everything else.
std::optional<Origin> parse_origin(std::string_view text)
{
    Origin origin;
    for (const auto& [scheme, port] :
         {std::pair<std::string_view, std::uint16_t>{"https://", std::uint16_t{443}},
          {"http://", std::uint16_t{80}}}) {
        if (text.starts_with(scheme)) {
            origin.default_port = port;
            text.remove_prefix(scheme.size());
            break;
        }
    }
    if (origin.default_port == 0 || text.empty())
        return std::nullopt;
    const auto colon = text.rfind(':');
    const bool has_port = colon != text.npos && text.find(']', colon) == text.npos;
    origin.host = text.substr(0, has_port ? colon : text.npos);
    origin.port = origin.default_port;
    if (!has_port)
        return origin;
    const auto digits = text.substr(colon + 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
        return std::nullopt;
    return origin;
}

} // namespace

bool is_same_site(const http::Request& request)
{
    if (const auto site = request.header("sec-fetch-site"))
        return *site == "same-origin";
    const auto header = request.header("origin");
    if (!header)
        return true; // Not a browser: no cookie came along behind its owner's back.
    const auto origin = parse_origin(*header);
    if (!origin || origin->host != request.host)
        return false;
    // Behind a gateway that ends TLS the scheme is unknown: a Host without port fits the default.
    const auto port = request.port == 0 ? origin->default_port : request.port;
    return origin->port == port;
}

std::string_view session_cookie(const http::Request& request)
{
    return request.secure ? "__Host-sid" : "sid";
}

std::string set_session_cookie(const http::Request& request, std::string_view token)
{
    std::string cookie(session_cookie(request));
    cookie += "=";
    cookie += token;
    cookie += "; Path=/; HttpOnly; SameSite=Lax";
    if (request.secure)
        cookie += "; Secure";
    if (token.empty())
        cookie += "; Max-Age=0";
    return cookie;
}

std::function<base::Result<>(http::Request&, const http::Route&)> make_guard(
    db::Database& database, const base::Clock& clock, const Policy& policy)
{
    const Guard guard(database, clock, policy);
    return [guard](http::Request& request, const http::Route& route) {
        return guard.admit(request, route);
    };
}

} // namespace identity
