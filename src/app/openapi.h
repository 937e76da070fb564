#pragma once

// The wire contract (web/openapi.yaml), compiled in and served as JSON.

#include <string>
#include <string_view>

namespace app {

extern const std::string_view openapi_yaml;

/// The same document as JSON. Throws std::runtime_error when the YAML is broken (a test reads it).
std::string openapi_json();

} // namespace app
