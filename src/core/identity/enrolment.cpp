#include "base/random.h"
#include "core/audit/audit.h"
#include "core/identity/digest.h"
#include "core/identity/refusals.h"
#include "core/identity/session.h"
#include "core/identity/store.h"
#include "core/identity/totp.h"
#include "db/database.h"

namespace identity {
namespace {

constexpr int recovery_codes = 10;
constexpr std::size_t recovery_code_length = 12; // 60 bits.

} // namespace

base::Result<TotpSecret> start_totp(
    db::Transaction& tx, const base::Actor& actor, base::Instant now)
{
    const auto user = TRY(load_user(tx, actor.user));
    if (user.totp_enabled)
        return totp_enabled_already();
    const auto secret = make_totp_secret();
    save_totp(tx, user.id, secret, false, 0);
    audit::record(
        tx, actor,
        {.action = "identity.start_totp",
         .subject_kind = "user",
         .subject = user.id.value,
         .summary = "开始绑定动态口令"},
        now);
    return TotpSecret{secret, totp_uri(secret, user.login)};
}

base::Result<std::vector<std::string>> confirm_totp(
    db::Transaction& tx, const base::Actor& actor, std::string_view code, base::Instant now)
{
    const auto user = TRY(load_user(tx, actor.user));
    if (user.totp_enabled)
        return totp_enabled_already();
    const auto secrets = find_secrets(tx, user.id).value();
    if (secrets.totp_secret.empty())
        return totp_not_started();
    const auto step = find_totp_step(secrets.totp_secret, code, secrets.totp_last_step, now);
    if (!step)
        return totp_wrong();
    save_totp(tx, user.id, secrets.totp_secret, true, *step);
    std::vector<std::string> codes;
    std::vector<std::string> hashes;
    for (int i = 0; i < recovery_codes; ++i) {
        codes.push_back(base::random_code(recovery_code_length));
        hashes.push_back(sha256_hex(codes.back()));
    }
    replace_recovery_codes(tx, user.id, hashes);
    audit::record(
        tx, actor,
        {.action = "identity.confirm_totp",
         .subject_kind = "user",
         .subject = user.id.value,
         .summary = "绑定动态口令"},
        now);
    return codes;
}

} // namespace identity
