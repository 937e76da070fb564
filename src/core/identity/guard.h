#pragma once

// The gate before every handler of the console (http::Hooks::guard): whose session it is, whether
// the route is open to him, whether the request really comes from our own page.

#include "base/clock.h"
#include "base/result.h"
#include "core/identity/policy.h"
#include "http/request.h"
#include "http/route.h"

#include <functional>
#include <string>
#include <string_view>

namespace db {
class Database;
}

namespace identity {

/// Fills request.actor. Refuses with identity.not_signed_in, identity.forbidden (no grant gives the
/// route's ability anywhere), identity.cross_site, identity.csrf, identity.password_change_required
/// (only the session and the own password are open until then). A public route is open to
/// everybody; a valid session is recognised there, and what comes from another site's page may
/// change nothing.
std::function<base::Result<>(http::Request&, const http::Route&)> make_guard(
    db::Database&, const base::Clock&, const Policy& = default_policy());

/// "__Host-sid" over TLS, "sid" otherwise.
std::string_view session_cookie(const http::Request&);

/// The value of Set-Cookie. An empty token makes the browser forget the cookie.
std::string set_session_cookie(const http::Request&, std::string_view token);

/// Does a browser send it from a page of our own, or no browser at all? By Sec-Fetch-Site, else by
/// Origin against Host.
bool is_same_site(const http::Request&);

} // namespace identity
