-- Events: audit, timeline, trigger and cause chain in one append-only row.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
  actor_id INTEGER REFERENCES staff (id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL,
  patient_id INTEGER REFERENCES patients (id) DEFERRABLE INITIALLY DEFERRED,
  cause_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE INDEX events_by_patient ON events (patient_id, id);
CREATE INDEX events_by_kind ON events (kind, id);
CREATE INDEX events_by_cause ON events (cause_id) WHERE cause_id IS NOT NULL;
-- An event is written at the beginning of its change with the details 'null' and sealed at its end, once.
CREATE TRIGGER events_are_never_edited BEFORE UPDATE ON events
WHEN old.details <> 'null' OR new.details = 'null' OR new.id <> old.id OR new.at <> old.at OR new.kind <> old.kind
  OR new.actor_id IS NOT old.actor_id OR new.cause_id IS NOT old.cause_id
BEGIN SELECT raise(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'events are append-only'); END;

-- The clinic's settings, one row each; who changed them is in the events.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who looked at whom: one row per person, patient and ten minutes.
CREATE TABLE looks (
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  actor_id INTEGER NOT NULL REFERENCES staff (id),
  slot INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (patient_id, slot, actor_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER looks_are_never_edited BEFORE UPDATE ON looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;
CREATE TRIGGER looks_are_never_deleted BEFORE DELETE ON looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;
