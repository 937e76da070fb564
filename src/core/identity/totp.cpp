#include "core/identity/totp.h"

#include "base/random.h"
#include "core/identity/digest.h"

#include <fmt/format.h>

namespace identity {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t secret_size = 20; // RFC 4226 4 R6 recommends 160 bits.
constexpr std::int64_t step_millis = 30'000;

} // namespace

std::string to_base32(std::string_view bytes)
{
    std::string text;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5)
            text += alphabet[(buffer >> static_cast<unsigned>(bits - 5)) & 31U];
    }
    if (bits > 0)
        text += alphabet[(buffer << static_cast<unsigned>(5 - bits)) & 31U];
    return text;
}

std::optional<std::string> from_base32(std::string_view text)
{
    std::string bytes;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == alphabet.npos)
            return std::nullopt;
        buffer = (buffer << 5U) | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xFFU);
        }
    }
    return bytes;
}

std::string make_totp_secret() { return to_base32(base::random_bytes(secret_size)); }

std::string totp_uri(std::string_view secret, std::string_view login)
{
    // A login consists of characters that need no escaping; 华表 is escaped here by hand.
    return fmt::format(
        "otpauth://totp/%E5%8D%8E%E8%A1%A8:{}?secret={}&issuer=%E5%8D%8E%E8%A1%A8", login, secret);
}

std::string totp_code(std::string_view secret, std::int64_t step)
{
    const auto key = from_base32(secret);
    if (!key)
        return {};
    std::string message(8, '\0');
    auto rest = static_cast<std::uint64_t>(step);
    for (std::size_t i = message.size(); i-- > 0; rest >>= 8U)
        message[i] = static_cast<char>(rest & 0xFFU);
    const auto digest = hmac_sha1(*key, message);
    // RFC 4226 5.3: dynamic truncation.
    const auto byte_at = [&](std::size_t i) -> std::uint32_t {
        return static_cast<unsigned char>(digest[i]);
    };
    const std::size_t offset = byte_at(19) & 0xFU;
    const std::uint32_t number = ((byte_at(offset) & 0x7FU) << 24U) | (byte_at(offset + 1) << 16U)
                                 | (byte_at(offset + 2) << 8U) | byte_at(offset + 3);
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> find_totp_step(
    std::string_view secret, std::string_view code, std::int64_t last_step, base::Instant now)
{
    const auto present = base::to_millis(now) / step_millis;
    std::optional<std::int64_t> found;
    for (auto step = present - 1; step <= present + 1; ++step)
        if (equal_in_constant_time(totp_code(secret, step), code) && step > last_step)
            found = step;
    return found;
}

} // namespace identity
