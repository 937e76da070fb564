#pragma once

// One-time passwords by time (动态口令, RFC 6238: HMAC-SHA1, 30 seconds, 6 digits: what every
// authenticator app understands). Pure.

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace identity {

/// RFC 4648, upper case, without padding.
std::string to_base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);

/// 20 random bytes in base32.
std::string make_totp_secret();

/// "otpauth://totp/…", for the QR code.
std::string totp_uri(std::string_view secret, std::string_view login);

/// The six digits of a step.
std::string totp_code(std::string_view secret, std::int64_t step);

/// The step to which `code` belongs: the present one or a neighbour (a clock half a minute off),
/// but later than `last_step`, so that none is used twice.
std::optional<std::int64_t> find_totp_step(
    std::string_view secret, std::string_view code, std::int64_t last_step, base::Instant now);

} // namespace identity
