-- Which documents the released text of an interpretation explains: a draft that says otherwise
-- changes no public page.
CREATE TABLE release_links (
    publication_id BIGINT NOT NULL,
    policy_id BIGINT NOT NULL,
    PRIMARY KEY (publication_id, policy_id)
);
CREATE INDEX release_links_by_policy ON release_links (policy_id, publication_id);

-- "When was this column last kept up to date?" is asked for every column of a site.
CREATE INDEX release_last_of_column ON release_publications (column_id, state, publish_at);
