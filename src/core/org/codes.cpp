#include "core/org/org.h"

#include <algorithm>
#include <array>

namespace org {
namespace {

// GB 32100-2015 表 A.1: the letters I O S V Z are not used.
constexpr std::string_view credit_characters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr int credit_modulus = 31;
constexpr std::array<int, 17> credit_weights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                29, 25, 13, 8,  24, 10, 30, 28};

// GB 11714-1997, the organisation code in places 9…17: its own check, modulo 11.
constexpr std::string_view organisation_characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::array<int, 8> organisation_weights = {3, 7, 9, 10, 5, 8, 4, 2};

bool fits_organisation_check(std::string_view code)
{
    int sum = 0;
    for (std::size_t i = 0; i < organisation_weights.size(); ++i)
        sum += static_cast<int>(organisation_characters.find(code[i])) * organisation_weights[i];
    const int check = 11 - sum % 11;
    const char expected = check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
    return code[8] == expected;
}

} // namespace

bool has_form_of_credit_code(std::string_view code)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return code.size() == 18
           && std::all_of(
               code.begin(), code.end(),
               [](char c) { return credit_characters.find(c) != credit_characters.npos; })
           && std::all_of(code.begin() + 2, code.begin() + 8, is_digit);
}

/// GB 32100-2015 5.5: C18 = MOD(31 - MOD(ΣCi×Wi, 31), 31).
bool is_valid_credit_code(std::string_view code)
{
    if (!has_form_of_credit_code(code))
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < credit_weights.size(); ++i)
        sum += static_cast<int>(credit_characters.find(code[i])) * credit_weights[i];
    const int check = (credit_modulus - sum % credit_modulus) % credit_modulus;
    return code.back() == credit_characters[static_cast<std::size_t>(check)]
           && fits_organisation_check(code.substr(8, 9));
}

bool is_valid_region_code(std::string_view code)
{
    const bool digits = code.size() == 6 && std::all_of(code.begin(), code.end(), [](char c) {
                            return c >= '0' && c <= '9';
                        });
    // The first digit is one of the eight great regions; 00 in a higher place admits only 00 below.
    return digits && code[0] >= '1' && code[0] <= '8'
           && !(code.substr(2, 2) == "00" && code.substr(4, 2) != "00");
}

} // namespace org
