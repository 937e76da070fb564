#include "base/assert.h"
#include "core/site/column.h"
#include "core/site/site.h"

#include <array>

namespace site {
namespace {

constexpr std::array site_kinds = {SiteKind::Portal, SiteKind::Department};
constexpr std::array site_states = {SiteState::Preparing,   SiteState::Running,
                                    SiteState::TempOffline, SiteState::Closing,
                                    SiteState::Closed,      SiteState::Archived};
constexpr std::array column_kinds = {
    ColumnKind::List, ColumnKind::Page, ColumnKind::Leaders, ColumnKind::Institutions,
    ColumnKind::Channel};

template <typename Enums>
std::optional<typename Enums::value_type> find_word(const Enums& all, std::string_view text)
{
    for (const auto one : all)
        if (to_string(one) == text)
            return one;
    return std::nullopt;
}

} // namespace

std::string_view to_string(SiteKind kind)
{
    switch (kind) {
    case SiteKind::Portal: return "portal";
    case SiteKind::Department: return "department";
    }
    VERIFY(false);
}

std::string_view to_string(SiteState state)
{
    switch (state) {
    case SiteState::Preparing: return "preparing";
    case SiteState::Running: return "running";
    case SiteState::TempOffline: return "temp_offline";
    case SiteState::Closing: return "closing";
    case SiteState::Closed: return "closed";
    case SiteState::Archived: return "archived";
    }
    VERIFY(false);
}

std::string_view to_string(ColumnKind kind)
{
    switch (kind) {
    case ColumnKind::List: return "list";
    case ColumnKind::Page: return "page";
    case ColumnKind::Leaders: return "leaders";
    case ColumnKind::Institutions: return "institutions";
    case ColumnKind::Channel: return "channel";
    }
    VERIFY(false);
}

std::optional<SiteKind> site_kind_from(std::string_view text)
{
    return find_word(site_kinds, text);
}
std::optional<SiteState> site_state_from(std::string_view text)
{
    return find_word(site_states, text);
}
std::optional<ColumnKind> column_kind_from(std::string_view text)
{
    return find_word(column_kinds, text);
}

} // namespace site
