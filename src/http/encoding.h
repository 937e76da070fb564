#pragma once

// Content codings: gzip and brotli, and which of them a client takes.

#include <string>
#include <string_view>

namespace http {

/// Levels for pages that are compressed once and sent often, and for answers made for one.
inline constexpr int gzip_level_kept = 6;
inline constexpr int gzip_level_once = 2;
inline constexpr int brotli_quality_kept = 5;
inline constexpr int brotli_quality_once = 2;

std::string gzip(std::string_view text, int level);
std::string brotli(std::string_view text, int quality);

/// Whether bodies of this type shrink: text, JSON, XML, JavaScript, SVG.
bool is_compressible(std::string_view content_type);

struct Accepted {
    bool gzip = false;
    bool brotli = false;
};

/// Reads an Accept-Encoding value (RFC 9110 §12.5.3): a coding counts unless its weight is 0.
Accepted accepted_encodings(std::string_view header);

} // namespace http
