CREATE TABLE library_items (
    id {{id}},
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    title TEXT NOT NULL,
    newest_version_id BIGINT NOT NULL,
    newest_number BIGINT NOT NULL,
    approved_version_id BIGINT NOT NULL,
    shared BIGINT NOT NULL,
    origin_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX library_items_by_time ON library_items (updated_at, id);
CREATE INDEX library_items_by_state ON library_items (state, updated_at);
CREATE INDEX library_items_by_org ON library_items (org_id, updated_at);
CREATE INDEX library_items_by_author ON library_items (author_id, updated_at);

-- What a version says is one JSON text: it is read whole, written once and never changed.
CREATE TABLE library_versions (
    id {{id}},
    item_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL,
    saved_by BIGINT NOT NULL,
    saved_by_name TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    autosaved BIGINT NOT NULL,
    note TEXT NOT NULL
);
CREATE UNIQUE INDEX library_versions_of_item ON library_versions (item_id, number);

-- Of the newest version of each item, for lists.
CREATE TABLE library_targets (
    item_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    column_id BIGINT NOT NULL,
    PRIMARY KEY (item_id, column_id)
);
CREATE INDEX library_targets_by_column ON library_targets (column_id, item_id);
CREATE INDEX library_targets_by_site ON library_targets (site_id, item_id);

CREATE TABLE library_links (
    interpretation_id BIGINT NOT NULL,
    policy_id BIGINT NOT NULL,
    PRIMARY KEY (interpretation_id, policy_id)
);
CREATE INDEX library_links_by_policy ON library_links (policy_id, interpretation_id);

CREATE TABLE library_files (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    uploaded_by BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL
);

CREATE TABLE library_submissions (
    id {{id}},
    item_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    from_org BIGINT NOT NULL,
    to_org BIGINT NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    answer TEXT NOT NULL,
    accepted_as BIGINT NOT NULL,
    submitted_by BIGINT NOT NULL,
    submitted_by_name TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX library_submissions_to ON library_submissions (to_org, state, submitted_at);
CREATE INDEX library_submissions_from ON library_submissions (from_org, submitted_at);
CREATE UNIQUE INDEX library_submissions_open ON library_submissions (item_id, to_org)
    WHERE state = 'pending';
