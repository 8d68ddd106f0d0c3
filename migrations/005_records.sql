-- The health record. An entry is never edited: a correction is a new row that replaces it, with a reason.
-- source: who says so. noted_on: the day it was said or seen. Sensitive entries are shown only to those who may see them.
CREATE TABLE conditions (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  code TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL CHECK (text <> ''),
  onset TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('active', 'resolved')),
  certainty TEXT NOT NULL CHECK (certainty IN ('confirmed', 'suspected')),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  replaces_id INTEGER UNIQUE REFERENCES conditions (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX conditions_by_patient ON conditions (patient_id) WHERE retired_event_id IS NULL;
CREATE INDEX conditions_by_code ON conditions (code, patient_id) WHERE retired_event_id IS NULL AND code <> '';

CREATE TABLE allergies (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  substance TEXT NOT NULL CHECK (substance <> ''),
  reaction TEXT NOT NULL DEFAULT '',
  severity TEXT NOT NULL CHECK (severity IN ('mild', 'moderate', 'severe', 'unknown')),
  since TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  replaces_id INTEGER UNIQUE REFERENCES allergies (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX allergies_by_patient ON allergies (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE medications (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  drug TEXT NOT NULL CHECK (drug <> ''),
  dose TEXT NOT NULL DEFAULT '',
  route TEXT NOT NULL DEFAULT '',
  frequency TEXT NOT NULL DEFAULT '',
  since TEXT NOT NULL DEFAULT '',
  until TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  replaces_id INTEGER UNIQUE REFERENCES medications (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX medications_by_patient ON medications (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  text TEXT NOT NULL CHECK (text <> ''),
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  replaces_id INTEGER UNIQUE REFERENCES notes (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX notes_by_patient ON notes (patient_id) WHERE retired_event_id IS NULL;

-- "No known allergies", "no known conditions", "takes no medicines": said, not merely unsaid.
CREATE TABLE none_known (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  section TEXT NOT NULL CHECK (section IN ('conditions', 'allergies', 'medications')),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX none_known_live ON none_known (patient_id, section) WHERE retired_event_id IS NULL;
