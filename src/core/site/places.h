#pragma once

// Where sites and columns lie, and who may see and manage them. What one may not see is "not
// found", so that ids can't be probed; what one sees but may not change is "forbidden".

#include "core/identity/ability.h"
#include "core/site/column.h"
#include "core/site/site.h"

namespace site {

/// A site lies where its sponsor stands.
identity::Place place_of(const Site&);
/// A column lies with the organisation that keeps it; one without lies with the site's sponsor.
identity::Place place_of(const Column&, const Site&);

/// A person sees the sites that he may read, and those that hold a column that he may read.
bool is_visible(db::Transaction&, const identity::Authority&, const Site&);

base::Result<> require_managed(
    db::Transaction&, const base::Actor&, const Site&, base::Instant now);
/// The right over the whole site is enough, as is the one over the column.
base::Result<> require_managed(
    db::Transaction&, const base::Actor&, const Column&, const Site&, base::Instant now);

} // namespace site
