CREATE TABLE patients (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL CHECK (name <> ''),
  name_is_number INTEGER NOT NULL DEFAULT 0 CHECK (name_is_number IN (0, 1)),
  sex TEXT NOT NULL CHECK (sex IN ('male', 'female', 'unknown')),
  birth_date TEXT CHECK (birth_date GLOB '????-??-??'),
  birth_about INTEGER NOT NULL DEFAULT 0 CHECK (birth_about IN (0, 1)),
  address TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
  doctor_id INTEGER REFERENCES staff (id),
  manager_id INTEGER REFERENCES staff (id),
  version INTEGER NOT NULL DEFAULT 1,
  created_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX patients_by_doctor ON patients (doctor_id) WHERE doctor_id IS NOT NULL;
CREATE INDEX patients_by_manager ON patients (manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX patients_by_birth ON patients (birth_date);

CREATE TABLE patient_phones (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  number TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX patient_phones_by_patient ON patient_phones (patient_id);
CREATE INDEX patient_phones_by_number ON patient_phones (number);

-- system: 'resident_id' for the 18-digit document, 'sender:<id>' for a sender's own numbers.
CREATE TABLE patient_identifiers (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  system TEXT NOT NULL,
  value TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX patient_identifiers_live ON patient_identifiers (system, value) WHERE retired_event_id IS NULL;
CREATE INDEX patient_identifiers_by_patient ON patient_identifiers (patient_id);

-- Consent to keep data: which text, how, when, by whom.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  text_version TEXT NOT NULL,
  how TEXT NOT NULL,
  given_on TEXT NOT NULL,
  given_by TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX consents_by_patient ON consents (patient_id);

-- Search: a name from each place where it can begin, its pinyin, its initials, numbers' endings. Sorted, so that
-- any part of a name is one range scan. place: 0 from the start, 1 from inside, 2 a less usual reading.
CREATE TABLE patient_keys (
  place INTEGER NOT NULL CHECK (place IN (0, 1, 2)),
  key TEXT NOT NULL CHECK (key <> ''),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  PRIMARY KEY (place, key, patient_id)
) STRICT, WITHOUT ROWID;

-- Whom somebody looked at last comes first among equal matches.
CREATE INDEX looks_by_actor ON looks (actor_id, slot);
