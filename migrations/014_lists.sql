-- A list of people somebody keeps: what is filtered and which columns stand there, as the address says it.
CREATE TABLE saved_views (
  id INTEGER PRIMARY KEY,
  owner_id INTEGER NOT NULL REFERENCES staff (id),
  name TEXT NOT NULL CHECK (name <> ''),
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  clinical INTEGER NOT NULL CHECK (clinical IN (0, 1)),
  query TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX saved_views_live ON saved_views (owner_id, shared) WHERE retired_event_id IS NULL;

-- Names and numbers are masked on lists. Here one device shows them for a while.
CREATE TABLE unmaskings (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  until TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX unmaskings_by_session ON unmaskings (session_id) WHERE ended_event_id IS NULL;

-- Many people given to one doctor or health manager at once; who had them before is kept, so that it can be undone.
CREATE TABLE bulk_assignments (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('doctor', 'manager')),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  token TEXT UNIQUE,  -- of the form that did it: a second tap does nothing
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  undone_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- event_id: the person's own assignment, from which what followed is found.
CREATE TABLE bulk_assigned (
  assignment_id INTEGER NOT NULL REFERENCES bulk_assignments (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  was_id INTEGER REFERENCES staff (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (assignment_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_assigned_by_patient ON bulk_assigned (patient_id);
