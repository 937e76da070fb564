-- Staff (staff.h). Nothing here gives a password, a session or a recovery code back.
CREATE TABLE identity_users (
    id {{id}},
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    phone TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    must_change_password BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    totp_secret TEXT NOT NULL,
    totp_enabled BIGINT NOT NULL,
    totp_last_step BIGINT NOT NULL,
    locked_until BIGINT,
    last_login_at BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX identity_users_by_org ON identity_users (org_id);

-- Earlier passwords, so that they do not come back (policy.h: history).
CREATE TABLE identity_passwords (
    id {{id}},
    user_id BIGINT NOT NULL,
    hash TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);
CREATE INDEX identity_passwords_by_user ON identity_passwords (user_id, id);

CREATE TABLE identity_recovery_codes (
    user_id BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE identity_grants (
    id {{id}},
    user_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    column_id BIGINT NOT NULL,
    expires_at BIGINT,
    granted_by BIGINT NOT NULL,
    granted_at BIGINT NOT NULL
);
CREATE INDEX identity_grants_by_user ON identity_grants (user_id);
CREATE INDEX identity_grants_by_role ON identity_grants (role);

-- Only the SHA-256 of the token is kept.
CREATE TABLE identity_sessions (
    id {{id}},
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX identity_sessions_by_user ON identity_sessions (user_id);

-- Failed log-ins of the last quarter of an hour; login_hash and not the login, which may be a
-- password that somebody typed into the wrong field.
CREATE TABLE identity_failures (
    id {{id}},
    login_hash TEXT NOT NULL,
    address TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX identity_failures_by_login ON identity_failures (login_hash, at);
CREATE INDEX identity_failures_by_address ON identity_failures (address, at);
CREATE INDEX identity_failures_by_time ON identity_failures (at);

-- Locks are kept by login_hash too: a name that does not exist is locked like one that does.
CREATE TABLE identity_locks (
    login_hash TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);
