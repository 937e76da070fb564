#include "core/identity/password.h"

#include "core/identity/weak_passwords.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

namespace identity {
namespace {

constexpr std::size_t login_length_min = 3; // A shorter one is in everything.
constexpr std::size_t core_length_min = 4;
constexpr std::size_t distinct_min = 5;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string to_lower(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        c = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

const std::unordered_set<std::string_view>& known_passwords()
{
    static const std::unordered_set<std::string_view> all = [] {
        std::unordered_set<std::string_view> words;
        auto rest = weak_passwords;
        while (!rest.empty()) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (!line.empty() && !line.starts_with("# "))
                words.insert(line);
        }
        return words;
    }();
    return all;
}

/// Without digits and signs around: "@@admin2026!" has the core "admin".
std::string_view core_of(std::string_view lower)
{
    while (!lower.empty() && !is_lower(lower.front()))
        lower.remove_prefix(1);
    while (!lower.empty() && !is_lower(lower.back()))
        lower.remove_suffix(1);
    return lower;
}

/// Without signs around: "aa123456789!" is "aa123456789".
std::string_view without_signs(std::string_view lower)
{
    const auto is_sign = [](char c) { return !is_lower(c) && !is_digit(c); };
    while (!lower.empty() && is_sign(lower.front()))
        lower.remove_prefix(1);
    while (!lower.empty() && is_sign(lower.back()))
        lower.remove_suffix(1);
    return lower;
}

/// p@ssw0rd is password.
std::string without_disguise(std::string_view lower)
{
    std::string plain(lower);
    for (char& c : plain) {
        switch (c) {
        case '@':
        case '4': c = 'a'; break;
        case '0': c = 'o'; break;
        case '1':
        case '!': c = 'i'; break;
        case '3': c = 'e'; break;
        case '5':
        case '$': c = 's'; break;
        default: break;
        }
    }
    return plain;
}

bool is_well_known(std::string_view lower)
{
    const auto& known = known_passwords();
    const auto core = core_of(lower);
    if (known.contains(lower) || known.contains(without_signs(lower)))
        return true;
    return core.size() >= core_length_min
           && (known.contains(core) || known.contains(without_disguise(core)));
}

int count_classes(std::string_view password)
{
    const auto has = [&](auto is) { return std::any_of(password.begin(), password.end(), is); };
    const auto is_other = [](char c) { return !is_lower(c) && !is_upper(c) && !is_digit(c); };
    return static_cast<int>(has(is_lower)) + static_cast<int>(has(is_upper))
           + static_cast<int>(has(is_digit)) + static_cast<int>(has(is_other));
}

/// Code points, so that a Chinese character counts once.
std::size_t length_of(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::size_t count_distinct(std::string_view text)
{
    return std::unordered_set<char>(text.begin(), text.end()).size();
}

} // namespace

std::optional<std::string> find_weakness(
    std::string_view password, std::string_view login, const Policy& policy)
{
    if (length_of(password) < policy.password_length_min)
        return fmt::format("口令至少 {} 位", policy.password_length_min);
    if (password.size() > policy.password_length_max)
        return fmt::format("口令不能超过 {} 个字节", policy.password_length_max);
    if (count_classes(password) < policy.password_classes_min)
        return fmt::format(
            "口令应含大写字母、小写字母、数字、符号中的至少 {} 类", policy.password_classes_min);
    const auto lower = to_lower(password);
    if (login.size() >= login_length_min && lower.find(to_lower(login)) != lower.npos)
        return "口令不能包含登录名";
    if (count_distinct(lower) < distinct_min)
        return "口令重复的字符太多";
    if (is_well_known(lower))
        return "口令太常见，容易被猜到，请换一个";
    return std::nullopt;
}

} // namespace identity
