-- A second step at the sign-in: six digits from the member's own phone. The secret is sealed with a key that is not in this
-- file. last_step: which half minute since 1970 the newest code taken belongs to; none is taken twice.
CREATE TABLE second_steps (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  secret BLOB NOT NULL,
  last_step INTEGER NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX second_steps_one_each ON second_steps (staff_id) WHERE ended_event_id IS NULL;

-- Codes on paper for the day the phone is lost, each good once. ended: used, or made anew.
CREATE TABLE recovery_codes (
  id INTEGER PRIMARY KEY,
  second_step_id INTEGER NOT NULL REFERENCES second_steps (id),
  hash BLOB NOT NULL UNIQUE,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX recovery_codes_by_step ON recovery_codes (second_step_id) WHERE ended_event_id IS NULL;

-- Break-glass: one person's sensitive entries opened for an hour by somebody whose role does not show them.
CREATE TABLE breakglass (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  opened_at TEXT NOT NULL CHECK (opened_at GLOB '????-??-??T??:??:??.???Z'),
  ends_at TEXT NOT NULL CHECK (ends_at GLOB '????-??-??T??:??:??.???Z'),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  acknowledged_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX breakglass_by_staff ON breakglass (staff_id, patient_id, ends_at);
CREATE INDEX breakglass_by_patient ON breakglass (patient_id);
CREATE INDEX breakglass_new ON breakglass (id) WHERE acknowledged_event_id IS NULL;

-- What was opened meanwhile, by the minute. place: the path after the person's address.
CREATE TABLE breakglass_looks (
  breakglass_id INTEGER NOT NULL REFERENCES breakglass (id),
  at TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (breakglass_id, at, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER breakglass_looks_are_never_edited BEFORE UPDATE ON breakglass_looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;
CREATE TRIGGER breakglass_looks_are_never_deleted BEFORE DELETE ON breakglass_looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;

-- Forms that were taken, written in the transaction of what they changed: the same form once more changes nothing.
-- digest: of the form's key, its address, its fields and who sent it. Forgotten after a few days.
CREATE TABLE sent_forms (
  digest BLOB PRIMARY KEY,
  at TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
