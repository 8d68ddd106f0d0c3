-- Old results make no dated work: one list per import batch, and one standing list (batch_id NULL).
CREATE TABLE recall_lists (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX recall_lists_once ON recall_lists (coalesce(batch_id, 0));

-- Everything somebody must do for a patient. trigger says what set it off ('tag:12', 'report:7', 'after:41'):
-- with it a thing is asked for once, however often the house looks. Lateness is derived, never stored.
-- An item without dates waits on a recall list until a person gives it some.
CREATE TABLE work_items (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  pathway TEXT NOT NULL,
  version INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(params)),
  evidence TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(evidence)),
  list_id INTEGER REFERENCES recall_lists (id),
  show_from TEXT CHECK (show_from GLOB '????-??-??'),
  due_on TEXT CHECK (due_on GLOB '????-??-??'),
  show_until TEXT CHECK (show_until GLOB '????-??-??'),
  owner_id INTEGER REFERENCES staff (id),
  role TEXT,
  tried_on TEXT,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  closed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (show_from <= due_on AND due_on <= show_until),
  CHECK (due_on IS NOT NULL OR (list_id IS NOT NULL AND show_from IS NULL AND show_until IS NULL)),
  CHECK ((owner_id IS NULL) <> (role IS NULL)),
  UNIQUE (patient_id, pathway, trigger)
) STRICT;
-- These cover the lists of Today, closed_event_id included: one look at a thousand items touches no row.
CREATE INDEX work_items_of_staff ON work_items
  (owner_id, show_from, due_on, show_until, tried_on, patient_id, closed_event_id)
  WHERE closed_event_id IS NULL AND due_on IS NOT NULL;
CREATE INDEX work_items_of_role ON work_items
  (role, show_from, due_on, show_until, tried_on, patient_id, closed_event_id)
  WHERE closed_event_id IS NULL AND due_on IS NOT NULL;
CREATE INDEX work_items_open ON work_items
  (show_from, due_on, show_until, tried_on, patient_id, closed_event_id)
  WHERE closed_event_id IS NULL AND due_on IS NOT NULL;
CREATE INDEX work_items_explaining ON work_items (due_on)
  WHERE closed_event_id IS NULL AND pathway = 'explain_abnormal';
CREATE INDEX work_items_listed ON work_items (list_id, patient_id)
  WHERE closed_event_id IS NULL AND due_on IS NULL;

-- What happened to it, row by row; work_items keeps only where it stands now.
CREATE TABLE work_steps (
  id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work_items (id),
  step TEXT NOT NULL CHECK (step IN ('attempted', 'postponed', 'reassigned', 'done', 'withdrawn', 'scheduled', 'reopened')),
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  actor_id INTEGER REFERENCES staff (id),
  outcome TEXT,
  note TEXT NOT NULL DEFAULT '',
  due_was TEXT,
  due_on TEXT,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX work_steps_of_work ON work_steps (work_id, step);
CREATE INDEX work_steps_done ON work_steps (actor_id, day) WHERE step = 'done';

-- Which findings an item is about: "explain 5 abnormal results" is one item, not five.
CREATE TABLE work_findings (
  work_id INTEGER NOT NULL REFERENCES work_items (id),
  finding_id INTEGER NOT NULL REFERENCES findings (id),
  PRIMARY KEY (work_id, finding_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_findings_of_finding ON work_findings (finding_id);

-- What was said and agreed, by which channel. token: one per form shown, so a second tap stores nothing.
CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  work_id INTEGER REFERENCES work_items (id),
  at TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'visit', 'home', 'message', 'other')),
  outcome TEXT NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'declined')),
  note TEXT NOT NULL DEFAULT '',
  next_on TEXT,
  token TEXT UNIQUE,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX contacts_of_patient ON contacts (patient_id, at);
CREATE INDEX contacts_reached ON contacts (patient_id, at) WHERE outcome = 'reached';

-- The bell: at most one row per person, kind and day, written together with the event that rings it.
CREATE TABLE reminders (
  id INTEGER PRIMARY KEY,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL CHECK (kind IN ('overdue', 'due_today', 'unfinished')),
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  n INTEGER NOT NULL CHECK (n > 0),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  seen_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (day, staff_id, kind)
) STRICT;
CREATE INDEX reminders_of_staff ON reminders (staff_id, id);
CREATE INDEX reminders_unseen ON reminders (staff_id) WHERE seen_event_id IS NULL;

-- Things done once per clinic day, claimed with a lease: who dies over one leaves it to the next sweep.
CREATE TABLE daily_runs (
  name TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  claim TEXT NOT NULL,
  leased_until TEXT NOT NULL,
  done_at TEXT,
  PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
