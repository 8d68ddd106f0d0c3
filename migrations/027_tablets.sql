-- The clinic's own tablets. token_hash: of the long-lived cookie of its browser, none until the code was typed on it. seen_at: no
-- fact, written down by the sweep.
CREATE TABLE tablets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  token_hash BLOB UNIQUE,
  code_hash BLOB UNIQUE,
  code_until TEXT,
  seen_at TEXT,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  enrolled_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  revoked_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((code_hash IS NULL) = (code_until IS NULL)),
  CHECK ((token_hash IS NULL) = (enrolled_event_id IS NULL))
) STRICT;

-- Who has signed in by password on a tablet and may come back to it by PIN until `ends_at`. wrong: PINs since the last right one;
-- five, and the password is asked again.
CREATE TABLE shifts (
  id INTEGER PRIMARY KEY,
  tablet_id INTEGER NOT NULL REFERENCES tablets (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  ends_at TEXT NOT NULL,
  wrong INTEGER NOT NULL DEFAULT 0 CHECK (wrong BETWEEN 0 AND 5),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX shifts_running ON shifts (tablet_id, staff_id) WHERE ended_event_id IS NULL;
CREATE INDEX shifts_by_staff ON shifts (staff_id);

ALTER TABLE staff ADD COLUMN pin_hash TEXT;

-- A session on a tablet opens nothing elsewhere. active_at: when somebody last touched the screen; locked_at: since when it shows
-- nothing. Both are no facts.
ALTER TABLE sessions ADD COLUMN tablet_id INTEGER REFERENCES tablets (id);
ALTER TABLE sessions ADD COLUMN active_at TEXT;
ALTER TABLE sessions ADD COLUMN locked_at TEXT;
CREATE INDEX sessions_by_tablet ON sessions (tablet_id) WHERE ended_event_id IS NULL;
