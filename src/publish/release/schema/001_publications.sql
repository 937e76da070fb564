CREATE TABLE release_publications (
    id {{id}},
    item_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    column_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    publish_at BIGINT NOT NULL,
    expire_at BIGINT,
    pinned BIGINT NOT NULL,
    position BIGINT NOT NULL,
    -- Of equals by pinned and position the higher stands first: the time of release, or for leaders
    -- and institutions a number made of their rank.
    sort_key BIGINT NOT NULL,
    -- What lists show, so that a list reads no version.
    title TEXT NOT NULL,
    listing TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    withdrawn_reason TEXT NOT NULL
);
CREATE UNIQUE INDEX release_once_per_column ON release_publications (item_id, column_id);
CREATE INDEX release_lists ON release_publications (column_id, state, pinned, position, sort_key, id);
CREATE INDEX release_of_site ON release_publications (site_id, state, publish_at, id);
CREATE INDEX release_due ON release_publications (state, publish_at);
CREATE INDEX release_expiring ON release_publications (expire_at) WHERE expire_at IS NOT NULL;

-- Every address that ever was, for ever: where it leads now.
CREATE TABLE release_urls (
    site_id BIGINT NOT NULL,
    url TEXT NOT NULL,
    publication_id BIGINT NOT NULL,
    PRIMARY KEY (site_id, url)
);

-- Files that a live page carries: only those may the public have.
CREATE TABLE release_files (
    hash TEXT NOT NULL,
    publication_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (hash, publication_id)
);
CREATE INDEX release_files_of_publication ON release_files (publication_id);

-- Orders that were carried out, by their key: a repeated one does nothing a second time.
CREATE TABLE release_orders (
    key TEXT PRIMARY KEY,
    item_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    at BIGINT NOT NULL
);
