-- Organisations (org.h). `path` is made of the ids from the top down: "/1/5/17/".
CREATE TABLE org_orgs (
    id {{id}},
    parent_id BIGINT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    region_code TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    issuer_abbr TEXT NOT NULL,
    supervising_org_id BIGINT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    duties TEXT NOT NULL,
    position BIGINT NOT NULL,
    valid_until BIGINT,
    successor_id BIGINT NOT NULL
);
CREATE INDEX org_orgs_by_parent ON org_orgs (parent_id, position);
CREATE INDEX org_orgs_by_path ON org_orgs (path);
