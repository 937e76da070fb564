#include "core/identity/digest.h"

#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

namespace identity {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string to_bytes(const Digest& digest, unsigned int size)
{
    return {reinterpret_cast<const char*>(digest.data()), size};
}

} // namespace

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        hex += digits[static_cast<unsigned char>(c) >> 4U];
        hex += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return hex;
}

std::string sha256_hex(std::string_view bytes)
{
    Digest digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 计算失败");
    return to_hex(to_bytes(digest, size));
}

std::string hmac_sha1(std::string_view key, std::string_view message)
{
    Digest digest{};
    unsigned int size = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(message.data());
    if (!HMAC(
            EVP_sha1(), key.data(), static_cast<int>(key.size()), bytes, message.size(),
            digest.data(), &size))
        throw std::runtime_error("HMAC 计算失败");
    return to_bytes(digest, size);
}

bool equal_in_constant_time(std::string_view one, std::string_view other)
{
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace identity
