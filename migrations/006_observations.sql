-- The clinic's own limits for an indicator. All four range ends null: the catalogue's range stays.
CREATE TABLE catalogue_overrides (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  low_male REAL,
  high_male REAL CHECK (high_male > low_male),
  low_female REAL,
  high_female REAL CHECK (high_female > low_female),
  critical_low REAL,
  critical_high REAL CHECK (critical_high > critical_low),
  reason TEXT NOT NULL CHECK (reason <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX catalogue_overrides_live ON catalogue_overrides (code) WHERE retired_event_id IS NULL;

-- Results received together. source: 'staff' or a sender's name. batch_id: the import they came with.
CREATE TABLE diagnostic_reports (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  taken_at TEXT NOT NULL CHECK (taken_at GLOB '????-??-??' OR taken_at GLOB '????-??-??T??:??'),
  source TEXT NOT NULL CHECK (source <> ''),
  token TEXT UNIQUE,  -- of the form that filed it: a second tap files nothing
  batch_id INTEGER,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX diagnostic_reports_by_patient ON diagnostic_reports (patient_id, taken_at);
CREATE INDEX diagnostic_reports_by_batch ON diagnostic_reports (batch_id) WHERE batch_id IS NOT NULL;

-- A measured value: never updated, only retired. level and range as judged when it was filed.
-- reported_*: what was typed or sent, where it had to be converted.
CREATE TABLE observations (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  code TEXT NOT NULL,
  taken_at TEXT NOT NULL CHECK (taken_at GLOB '????-??-??' OR taken_at GLOB '????-??-??T??:??'),
  value REAL,
  comparator TEXT CHECK (comparator IN ('<', '<=', '>', '>=')),
  text TEXT CHECK (text <> ''),
  unit TEXT NOT NULL,
  level TEXT CHECK (level IN ('low', 'normal', 'high', 'critical_low', 'critical_high', 'abnormal')),
  range_low REAL,
  range_high REAL,
  reported_value TEXT,
  reported_unit TEXT,
  report_id INTEGER REFERENCES diagnostic_reports (id),
  replaces_id INTEGER REFERENCES observations (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (value IS NOT NULL OR (text IS NOT NULL AND comparator IS NULL))
) STRICT;
-- Covers the population's criteria: newest value per person and indicator without touching the table.
CREATE INDEX observations_by_code ON observations (code, patient_id, taken_at DESC, value, comparator, retired_event_id)
  WHERE retired_event_id IS NULL AND value IS NOT NULL;
CREATE INDEX observations_by_patient ON observations (patient_id, code, taken_at) WHERE retired_event_id IS NULL;
CREATE INDEX observations_by_report ON observations (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX observations_by_replaced ON observations (replaces_id) WHERE replaces_id IS NOT NULL;

-- What a computed value (BMI, eGFR) was computed from.
CREATE TABLE observation_inputs (
  observation_id INTEGER NOT NULL REFERENCES observations (id),
  input_id INTEGER NOT NULL REFERENCES observations (id),
  PRIMARY KEY (observation_id, input_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX observation_inputs_by_input ON observation_inputs (input_id);

-- An abnormal result that stays open until it is explained and measured again.
CREATE TABLE findings (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  code TEXT NOT NULL,
  observation_id INTEGER NOT NULL REFERENCES observations (id),
  opened_on TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX findings_open ON findings (patient_id, code) WHERE ended_event_id IS NULL;
CREATE INDEX findings_by_patient ON findings (patient_id);
CREATE INDEX findings_by_observation ON findings (observation_id);

CREATE TABLE finding_steps (
  id INTEGER PRIMARY KEY,
  finding_id INTEGER NOT NULL REFERENCES findings (id),
  step TEXT NOT NULL CHECK (step IN ('explained', 'rechecked', 'closed', 'withdrawn')),
  at TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  observation_id INTEGER REFERENCES observations (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX finding_steps_by_finding ON finding_steps (finding_id);
CREATE INDEX finding_steps_by_observation ON finding_steps (observation_id) WHERE observation_id IS NOT NULL;
