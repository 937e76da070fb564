CREATE TABLE review_chains (
    id {{id}},
    name TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    column_id BIGINT NOT NULL,
    levels TEXT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE review_flows (
    id {{id}},
    item_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    author_name TEXT NOT NULL,
    submitted_by BIGINT NOT NULL,
    submitted_by_name TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    levels TEXT NOT NULL,
    level BIGINT NOT NULL,
    ability TEXT NOT NULL,
    state TEXT NOT NULL,
    emergency BIGINT NOT NULL,
    later_review_due BIGINT NOT NULL,
    emergency_reason TEXT NOT NULL,
    due_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX review_flows_of_item ON review_flows (item_id, id);
CREATE INDEX review_flows_waiting ON review_flows (state, ability, org_id, due_at);
CREATE UNIQUE INDEX review_one_open_flow ON review_flows (item_id) WHERE state = 'open';

-- The trail. Nothing updates or deletes a row of it.
CREATE TABLE review_passes (
    id {{id}},
    flow_id BIGINT NOT NULL,
    level BIGINT NOT NULL,
    level_name TEXT NOT NULL,
    reviewer_id BIGINT NOT NULL,
    reviewer_name TEXT NOT NULL,
    verdict TEXT NOT NULL,
    record TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX review_passes_of_flow ON review_passes (flow_id, id);
CREATE INDEX review_passes_by_reviewer ON review_passes (reviewer_id, id);
