#pragma once

// SiteInput and ColumnInput of web/openapi.yaml, read into sites and columns.

#include "base/result.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "http/request.h"

namespace site {

/// Fields that the form does not name keep what `site` has.
base::Result<Site> read_site(const http::Request&, Site site);
base::Result<Column> read_column(const http::Request&, Column column);

} // namespace site
