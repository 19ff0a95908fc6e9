-- Who an account is beside its name and password, the logins it has open, and the keys it gave to programs. Times are
-- Unix milliseconds, UTC. Secrets that have to be read again are sealed; the others are stored as their SHA-256 only.

ALTER TABLE account ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN theme TEXT NOT NULL DEFAULT 'system';
ALTER TABLE account ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1));
ALTER TABLE account ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));
-- The one scope that can be granted beyond the role.
ALTER TABLE account ADD COLUMN pii_read INTEGER NOT NULL DEFAULT 0 CHECK (pii_read IN (0, 1));
-- The TOTP secret, sealed; whether its owner has shown that they have it; the time step of the last code taken, so that
-- none is taken twice.
ALTER TABLE account ADD COLUMN totp_sealed TEXT;
ALTER TABLE account ADD COLUMN totp_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (totp_confirmed IN (0, 1));
ALTER TABLE account ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
-- The API access secret, sealed: with it the account signs tokens of its own.
ALTER TABLE account ADD COLUMN access_secret_sealed TEXT;
ALTER TABLE account ADD COLUMN last_login_at_ms INTEGER;

-- A login goes when it ends: tokens and cookies of a login that has no row are worth nothing.
CREATE TABLE login (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('session', 'tokens')),
    -- SHA-256 of the session cookie, or of the number of the one refresh token that was not used yet.
    secret_hash BLOB NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX login_by_account ON login (account_id);
CREATE INDEX login_by_expiry ON login (expires_at_ms);

CREATE TABLE api_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- How the key begins, to tell keys apart.
    prefix TEXT NOT NULL,
    -- SHA-256 of the key.
    secret_hash BLOB NOT NULL UNIQUE,
    -- Names separated by blanks.
    scopes TEXT NOT NULL,
    -- A JSON array of names of log sources; none for all.
    sources TEXT,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    last_used_at_ms INTEGER
) STRICT;

CREATE INDEX api_key_by_account ON api_key (account_id);
