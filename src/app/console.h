#pragma once

// The built console (web/) under /console/: hashed files for ever, the shell page for every address
// of its own router.

#include "http/route.h"

#include <string>

namespace app {

/// `directory`: where the build left it. When it is not there, /console/ says how to build it.
http::Routes console_routes(const std::string& directory);

} // namespace app
