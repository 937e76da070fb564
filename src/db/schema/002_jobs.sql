-- Timed work (jobs.h). A done job is deleted; a row with failed_at is a dead letter. Whoever runs a
-- job holds its lease; `again` is set when it is entered anew meanwhile.
CREATE TABLE db_jobs (
    id {{id}},
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    lease_token TEXT NOT NULL DEFAULT '',
    again BIGINT NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    failed_at BIGINT
);
CREATE UNIQUE INDEX db_jobs_open ON db_jobs (kind, key) WHERE failed_at IS NULL;
CREATE INDEX db_jobs_due ON db_jobs (run_at) WHERE failed_at IS NULL;
CREATE INDEX db_jobs_dead ON db_jobs (failed_at) WHERE failed_at IS NOT NULL;
