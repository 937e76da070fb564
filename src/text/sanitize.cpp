#include "text/sanitize.h"

#include "text/rich_builder.h"
#include "text/rich_office.h"
#include "text/utf8.h"

namespace text {

namespace {

constexpr HtmlLimits LIMITS = {
    .name_bytes_max = 65, // A name of 64 that was cut would be another name.
    .attributes_max = 32,
    .value_bytes_max = 64 * 1024,
    .comment_bytes_max = 256};

/// Word wraps the fragment that was copied in a whole document.
std::string_view office_fragment(std::string_view html)
{
    constexpr std::string_view start = "<!--StartFragment-->";
    constexpr std::string_view end = "<!--EndFragment-->";
    const auto from = html.find(start);
    if (from == std::string_view::npos)
        return html;
    html.remove_prefix(from + start.size());
    return html.substr(0, html.find(end));
}

} // namespace

Sanitized sanitize(std::string_view html, Tier tier, Origin origin)
{
    const auto fitting = truncate_bytes(html, RICH_TEXT_BYTES_MAX);
    const bool damaged = !is_valid_utf8(fitting);
    const auto repaired = damaged ? replace_invalid_utf8(fitting) : std::string();
    std::string_view input = damaged ? std::string_view(repaired) : fitting;
    if (origin == Origin::Office)
        input = office_fragment(input);
    rich::Builder builder(tier, origin, input.size());
    tokenise_html(input, builder, LIMITS);
    builder.finish();
    auto& notes = builder.notes();
    notes.truncated = fitting.size() < html.size();
    notes.damaged = damaged;
    if (origin == Origin::Office && tier == Tier::Editor)
        rich::clean_office(builder.tree(), notes);
    auto written =
        tier == Tier::Snippet ? rich::write_text(builder.tree()) : rich::write_html(builder.tree());
    return {std::move(written), notes};
}

} // namespace text
