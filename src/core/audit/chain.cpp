#include "core/audit/chain.h"

#include <array>
#include <openssl/evp.h>
#include <stdexcept>

namespace audit {
namespace {

constexpr std::string_view domain_tag = "huabiao.audit.record.1";

void append_number(std::string& out, std::int64_t number)
{
    auto bits = static_cast<std::uint64_t>(number);
    std::array<char, 8> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; bits >>= 8U)
        bytes[i] = static_cast<char>(bits & 0xFFU);
    out.append(bytes.data(), bytes.size());
}

void append_text(std::string& out, std::string_view text)
{
    append_number(out, static_cast<std::int64_t>(text.size()));
    out.append(text);
}

void encode(std::string& out, const Record& record)
{
    out.clear();
    append_text(out, domain_tag);
    append_number(out, record.sequence);
    append_number(out, base::to_millis(record.at));
    append_number(out, record.user.value);
    append_number(out, record.org.value);
    append_text(out, record.user_name);
    append_text(out, record.address);
    append_text(out, record.request_id);
    append_text(out, record.action);
    append_text(out, record.subject_kind);
    append_number(out, record.subject);
    append_text(out, record.summary);
    append_text(out, record.before);
    append_text(out, record.after);
    append_number(out, record.outcome == Outcome::Done ? 0 : 1);
    append_text(out, record.previous_hash);
}

std::string to_hex(const unsigned char* bytes, std::size_t count)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex(count * 2, '0');
    for (std::size_t i = 0; i < count; ++i) {
        hex[2 * i] = digits[bytes[i] >> 4U];
        hex[2 * i + 1] = digits[bytes[i] & 0xFU];
    }
    return hex;
}

} // namespace

struct Hasher::State {
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{
        EVP_MD_fetch(nullptr, "SM3", nullptr), &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{
        EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Hasher::Hasher()
    : state_(std::make_unique<State>())
{
    if (!state_->algorithm || !state_->context)
        throw std::runtime_error("OpenSSL 不提供 SM3，审计无法进行");
}

Hasher::~Hasher() = default;

std::string Hasher::sm3(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    auto* const context = state_->context.get();
    if (EVP_DigestInit_ex2(context, state_->algorithm.get(), nullptr) != 1
        || EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1
        || EVP_DigestFinal_ex(context, digest.data(), &size) != 1)
        throw std::runtime_error("SM3 计算失败");
    return to_hex(digest.data(), size);
}

std::string Hasher::hash_of(const Record& record)
{
    encode(buffer_, record);
    return sm3(buffer_);
}

} // namespace audit
