-- What happened, in commit order (events.h).
CREATE TABLE db_events (
    id {{id}},
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    payload TEXT NOT NULL
);

-- How far each subscriber has come.
CREATE TABLE db_cursors (
    name TEXT PRIMARY KEY,
    event_id BIGINT NOT NULL
);
