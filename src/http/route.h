#pragma once

// Routes are data: method, whole pattern, what the asker must be allowed to do, and an ordinary
// function that answers. All are listed in app/wiring.cpp; nothing registers itself.

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace http {

using Reply = base::Result<Response>;
using Handler = std::function<Reply(const Request&)>;

/// Who may call. Every route says it; there is no default.
struct Access {
    enum class Kind {
        Public,   // Anybody, without a session.
        SignedIn, // Any signed-in member of staff; finer checks are the verb's.
        Ability,  // `ability` somewhere; the verb checks it again for the very object.
    };
    Kind kind = Kind::Ability;
    std::string_view ability; // "library.write"; see core/identity/ability.h.
};
inline constexpr Access public_access{Access::Kind::Public, {}};
inline constexpr Access signed_in{Access::Kind::SignedIn, {}};
constexpr Access needs(std::string_view ability) { return {Access::Kind::Ability, ability}; }

struct Route {
    Method method;
    std::string_view pattern; // "/api/items/{id}/versions", "/zcwj/{id}.html"; {rest*} as last
                              // segment takes the rest, which may be empty.
    Access access;
    Handler handler;
    std::size_t body_max = 2U << 20; // Bytes. Multipart: of each part that is not a file.
    std::size_t upload_max = 0;      // Bytes of each uploaded file; 0: no uploads here.
};
using Routes = std::vector<Route>;

/// Finds the route of a request. Patterns that could both match one path at the same method are
/// refused when the table is built (programmer's error, throws); a literal segment wins over a
/// parameter. HEAD uses the GET route.
class Router {
public:
    explicit Router(Routes routes);

    struct Match {
        const Route* route = nullptr; // null: nothing at this path.
        bool other_method = false;    // The path exists under another method: 405.
        std::string allowed;          // Then the Allow header.
        Pairs parameters;
    };
    Match find(Method method, std::string_view path) const;
    /// "GET, HEAD, POST": every method this path is routed for; empty when there is none.
    std::string allowed(std::string_view path) const;
    const Routes& routes() const { return routes_; }

private:
    struct Node;

    Routes routes_;
    std::shared_ptr<const Node> root_; // Names routes by their number: copies share it.
};

} // namespace http
