-- People who live together, one household a person at a time, and how people are related, wherever they live.
CREATE TABLE households (
  id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE household_members (
  id INTEGER PRIMARY KEY,
  household_id INTEGER NOT NULL REFERENCES households (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  left_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX household_members_live ON household_members (patient_id) WHERE left_event_id IS NULL;
CREATE INDEX household_members_by_patient ON household_members (patient_id);
CREATE INDEX household_members_by_household ON household_members (household_id);

-- Told once, read from both sides: the relative is the patient's parent, child, … Who is step, adopted or in-law is not of
-- one blood.
CREATE TABLE kinships (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  relative_id INTEGER NOT NULL REFERENCES patients (id),
  relation TEXT NOT NULL CHECK (relation IN (
    'spouse', 'parent', 'child', 'sibling', 'grandparent', 'grandchild', 'step_parent', 'step_child', 'parent_in_law',
    'child_in_law', 'relative', 'other'
  )),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX kinships_live ON kinships (patient_id, relative_id) WHERE ended_event_id IS NULL;
CREATE INDEX kinships_by_patient ON kinships (patient_id);
CREATE INDEX kinships_by_relative ON kinships (relative_id);

-- "Not to be written into the family history": an offer that somebody looked at and declined. illness: of the list.
CREATE TABLE declined_offers (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  relative_id INTEGER NOT NULL REFERENCES patients (id),
  illness TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX declined_offers_live ON declined_offers (patient_id, relative_id, illness) WHERE retired_event_id IS NULL;
CREATE INDEX declined_offers_by_patient ON declined_offers (patient_id);
CREATE INDEX declined_offers_by_relative ON declined_offers (relative_id);

-- One form that asked what was missing for a purpose. token: of the form shown; the same one twice is a second tap.
CREATE TABLE completions (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  purpose TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE CHECK (token <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX completions_by_patient ON completions (patient_id);
