#include "portal/contrast.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace portal {
namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \n\t\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \n\t\r") - first + 1);
}

std::string without_comments(std::string_view css)
{
    std::string out;
    while (true) {
        const auto open = css.find("/*");
        out += css.substr(0, open);
        if (open == std::string_view::npos)
            return out;
        const auto close = css.find("*/", open + 2);
        if (close == std::string_view::npos)
            return out;
        css.remove_prefix(close + 2);
    }
}

std::optional<int> hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return std::nullopt;
}

/// Relative luminance, WCAG 2.1 §"relative luminance".
std::optional<double> luminance(std::string_view colour)
{
    if (!colour.starts_with('#') || (colour.size() != 4 && colour.size() != 7))
        return std::nullopt;
    const std::size_t width = colour.size() == 7 ? 2 : 1;
    static constexpr std::array weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto high = hex_digit(colour[1 + i * width]);
        const auto low = hex_digit(colour[1 + i * width + width - 1]);
        if (!high || !low)
            return std::nullopt;
        const double channel = (*high * 16 + *low) / 255.0;
        const double linear =
            channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
        sum += weights[i] * linear;
    }
    return sum;
}

struct Pair {
    std::string_view text;
    std::string_view ground;
};

/// Where site.css puts one colour on another.
constexpr std::array text_pairs = {
    Pair{"--c-ink", "--c-paper"},
    Pair{"--c-ink", "--c-canvas"},
    Pair{"--c-ink", "--c-tint"},
    Pair{"--c-ink-2", "--c-paper"},
    Pair{"--c-ink-2", "--c-canvas"},
    Pair{"--c-ink-2", "--c-tint"},
    Pair{"--c-ink-3", "--c-paper"},
    Pair{"--c-ink-3", "--c-canvas"},
    Pair{"--c-brand-ink", "--c-paper"},
    Pair{"--c-brand-ink", "--c-canvas"},
    Pair{"--c-brand-ink", "--c-tint"},
    Pair{"--c-on-brand", "--c-brand"},
    Pair{"--c-on-brand", "--c-brand-deep"},
    Pair{"--c-accent", "--c-paper"},
    Pair{"--c-accent", "--c-canvas"},
    Pair{"--c-accent", "--c-accent-tint"},
    Pair{"--c-gold", "--c-paper"},
    Pair{"--c-ok", "--c-ok-tint"},
    Pair{"--c-warn", "--c-warn-tint"},
    Pair{"--c-bad", "--c-bad-tint"},
    Pair{"--c-link", "--c-paper"},
    Pair{"--c-link", "--c-canvas"},
    Pair{"--c-link", "--c-tint"},
    Pair{"--c-link-hover", "--c-paper"},
    Pair{"--c-visited", "--c-paper"},
    Pair{"--c-focus-ink", "--c-focus"},
};

std::string_view value_of(const Tokens& tokens, std::string_view name)
{
    const auto found = tokens.find(name);
    return found == tokens.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace

void read_tokens(Tokens& into, std::string_view css, std::string_view selector)
{
    const auto text = without_comments(css);
    std::string_view rest = text;
    while (true) {
        const auto open = rest.find('{');
        const auto close = rest.find('}');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open)
            return;
        auto body = rest.substr(open + 1, close - open - 1);
        const bool wanted = trimmed(rest.substr(0, open)) == selector;
        rest.remove_prefix(close + 1);
        while (wanted && !body.empty()) {
            const auto end = std::min(body.find(';'), body.size());
            const auto declaration = body.substr(0, end);
            body.remove_prefix(std::min(end + 1, body.size()));
            const auto colon = declaration.find(':');
            if (colon == std::string_view::npos)
                continue;
            const auto name = trimmed(declaration.substr(0, colon));
            if (name.starts_with("--"))
                into[std::string(name)] = trimmed(declaration.substr(colon + 1));
        }
    }
}

std::optional<double> contrast_ratio(std::string_view one, std::string_view other)
{
    const auto a = luminance(one);
    const auto b = luminance(other);
    if (!a || !b)
        return std::nullopt;
    return (std::max(*a, *b) + 0.05) / (std::min(*a, *b) + 0.05);
}

std::vector<std::string> contrast_faults(const Tokens& tokens, double text_least)
{
    std::vector<std::string> faults;
    for (const auto& pair : text_pairs) {
        const auto text = value_of(tokens, pair.text);
        const auto ground = value_of(tokens, pair.ground);
        const auto ratio = contrast_ratio(text, ground);
        if (!ratio)
            faults.push_back(
                fmt::format("{} 或 {} 不是 #rrggbb 形式的颜色", pair.text, pair.ground));
        else if (*ratio < text_least)
            faults.push_back(fmt::format(
                "{}（{}）在 {}（{}）上的对比度只有 {:.2f}，至少要 {:.1f}", pair.text, text,
                pair.ground, ground, *ratio, text_least));
    }
    return faults;
}

} // namespace portal
