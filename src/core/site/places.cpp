#include "core/site/places.h"

#include "core/site/refusals.h"

#include <algorithm>

namespace site {

using identity::Authority;
using identity::Place;
namespace ability = identity::ability;

Place place_of(const Site& site) { return {.org = site.sponsor_org, .site = site.id}; }

Place place_of(const Column& column, const Site& site)
{
    return {
        .org = column.owner_org ? column.owner_org : site.sponsor_org,
        .site = column.site,
        .column_path = column.id_path};
}

bool is_visible(db::Transaction& tx, const Authority& authority, const Site& site)
{
    if (authority.may(ability::site_read, place_of(site)))
        return true;
    if (!authority.may(ability::site_read))
        return false;
    const auto columns = list_columns(tx, site.id);
    return std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
        return authority.may(ability::site_read, place_of(column, site));
    });
}

base::Result<> require_managed(
    db::Transaction& tx, const base::Actor& actor, const Site& site, base::Instant now)
{
    if (identity::is_system(actor))
        return {};
    const auto authority = Authority::load(tx, actor.user, now);
    if (!is_visible(tx, authority, site))
        return site_not_found();
    return identity::require(authority, ability::site_manage, place_of(site));
}

base::Result<> require_managed(
    db::Transaction& tx, const base::Actor& actor, const Column& column, const Site& site,
    base::Instant now)
{
    if (identity::is_system(actor))
        return {};
    const auto authority = Authority::load(tx, actor.user, now);
    if (!is_visible(tx, authority, site))
        return column_not_found();
    if (authority.may(ability::site_manage, place_of(site)))
        return {};
    return identity::require(authority, ability::site_manage, place_of(column, site));
}

} // namespace site
