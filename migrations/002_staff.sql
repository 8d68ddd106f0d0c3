CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  sign_in TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'doctor', 'nurse', 'health_manager', 'receptionist', 'pharmacist', 'read_only')),
  language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
  password_hash TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  disabled_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX staff_by_role ON staff (role);

-- Signed-in devices. Only the hash of the token is kept.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  device TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX sessions_by_staff ON sessions (staff_id);

-- Failed sign-ins, counted per account and per device across restarts. who is a keyed hash, never a name.
CREATE TABLE failed_sign_ins (
  id INTEGER PRIMARY KEY,
  who BLOB NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX failed_sign_ins_by_who ON failed_sign_ins (who, at);

-- Which health managers work with a doctor; a doctor without any works with all of them.
CREATE TABLE teams (
  doctor_id INTEGER NOT NULL REFERENCES staff (id),
  manager_id INTEGER NOT NULL REFERENCES staff (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (doctor_id, manager_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX teams_by_manager ON teams (manager_id);
