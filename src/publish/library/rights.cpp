#include "publish/library/rights.h"

#include "core/site/column.h"
#include "publish/library/store.h"

#include <algorithm>

namespace library {
namespace {

namespace ability = identity::ability;
using identity::Authority;
using identity::Place;

/// The column and what lies below it.
void add_subtree(db::Transaction& tx, base::ColumnId column, std::vector<base::ColumnId>& columns)
{
    const auto top = site::load_column(tx, column);
    if (!top)
        return;
    for (const auto& other : site::list_columns(tx, top->site)) {
        if (other.id_path.starts_with(top->id_path))
            columns.push_back(other.id);
    }
}

} // namespace

std::vector<Place> places_of(
    db::Transaction& tx, base::OrgId org, const std::vector<Target>& targets)
{
    std::vector<Place> places;
    for (const auto& target : targets) {
        if (const auto column = site::load_column(tx, target.column))
            places.push_back({.org = org, .site = column->site, .column_path = column->id_path});
    }
    return places;
}

bool may_do(
    db::Transaction& tx, const Authority& authority, std::string_view wanted, base::OrgId org,
    const std::vector<Target>& targets)
{
    if (authority.may(wanted, {.org = org}))
        return true;
    if (!authority.may(wanted))
        return false;
    const auto places = places_of(tx, org, targets);
    return !places.empty() && std::all_of(places.begin(), places.end(), [&](const Place& place) {
        return authority.may(wanted, place);
    });
}

bool may_do(
    db::Transaction& tx, const Authority& authority, std::string_view wanted, const Item& item)
{
    return may_do(tx, authority, wanted, item.org, store::list_targets(tx, item.id));
}

bool may_read(db::Transaction& tx, const Authority& authority, const Item& item)
{
    const auto wanted = ability::library_read;
    if (authority.may(wanted, {.org = item.org}) || (item.shared && authority.may(wanted)))
        return true;
    // Who is to decide on a contribution must be able to read it.
    const auto receivers = store::list_open_receivers(tx, item.id);
    const bool receives =
        std::any_of(receivers.begin(), receivers.end(), [&](base::OrgId receiver) {
            return authority.may(ability::library_accept, {.org = receiver});
        });
    if (receives || !authority.may(wanted))
        return receives;
    const auto places = places_of(tx, item.org, store::list_targets(tx, item.id));
    return std::any_of(places.begin(), places.end(), [&](const Place& place) {
        return authority.may(wanted, place);
    });
}

Readable readable_by(db::Transaction& tx, const Authority& authority, std::string_view wanted)
{
    Readable readable;
    auto orgs = authority.orgs_of(wanted);
    readable.all_orgs = orgs.everywhere;
    readable.orgs = std::move(orgs.orgs);
    for (const auto& scope : authority.scopes_of(wanted)) {
        if (scope.org)
            continue; // Bound to an organisation as well: its items are in `orgs` or not at all.
        if (scope.column)
            add_subtree(tx, scope.column, readable.columns);
        else if (scope.site)
            readable.sites.push_back(scope.site);
    }
    return readable;
}

} // namespace library
