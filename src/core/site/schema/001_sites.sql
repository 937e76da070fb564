-- Sites (site.h). Persons, links and layout are JSON: they are only ever read with their site.
CREATE TABLE site_sites (
    id {{id}},
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    english_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    supervising_org_id BIGINT NOT NULL,
    sponsor_org_id BIGINT NOT NULL,
    operator_org_id BIGINT NOT NULL,
    primary_domain TEXT NOT NULL,
    site_code TEXT NOT NULL,
    icp_number TEXT NOT NULL,
    police_filing_number TEXT NOT NULL,
    badge_id TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_address TEXT NOT NULL,
    description TEXT NOT NULL,
    responsible_json TEXT NOT NULL,
    links_json TEXT NOT NULL,
    theme TEXT NOT NULL,
    layout_json TEXT NOT NULL,
    revision BIGINT NOT NULL
);

-- Every name belongs to one site.
CREATE TABLE site_hosts (
    host TEXT NOT NULL PRIMARY KEY,
    site_id BIGINT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX site_hosts_by_site ON site_hosts (site_id, position);

CREATE TABLE site_columns (
    id {{id}},
    site_id BIGINT NOT NULL,
    parent_id BIGINT NOT NULL,
    id_path TEXT NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    column_type TEXT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,
    owner_org_id BIGINT NOT NULL,
    update_cycle_days BIGINT NOT NULL,
    in_nav BIGINT NOT NULL,
    hidden BIGINT NOT NULL,
    position BIGINT NOT NULL,
    review_levels BIGINT NOT NULL,
    UNIQUE (site_id, parent_id, slug)
);
CREATE INDEX site_columns_by_path ON site_columns (site_id, path);

-- Where a column once was: its old address answers with a redirect for ever.
CREATE TABLE site_moved_columns (
    site_id BIGINT NOT NULL,
    old_path TEXT NOT NULL,
    column_id BIGINT NOT NULL,
    PRIMARY KEY (site_id, old_path)
);
