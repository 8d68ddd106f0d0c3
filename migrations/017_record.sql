-- The record in full. As before: an entry is never edited, a correction is a new row that replaces it, with a reason.
-- verified: who checked this version against what (papers, asked again, examined). Dates as people say them: 2016, 2016-05.
ALTER TABLE conditions ADD COLUMN verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined'));
ALTER TABLE conditions ADD COLUMN verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE allergies ADD COLUMN verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined'));
ALTER TABLE allergies ADD COLUMN verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE medications ADD COLUMN verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined'));
ALTER TABLE medications ADD COLUMN verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE notes ADD COLUMN verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined'));
ALTER TABLE notes ADD COLUMN verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE procedures (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  text TEXT NOT NULL CHECK (text <> ''),
  done_on TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES procedures (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX procedures_by_patient ON procedures (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE injuries (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  text TEXT NOT NULL CHECK (text <> ''),
  happened_on TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES injuries (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX injuries_by_patient ON injuries (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE transfusions (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  why TEXT NOT NULL CHECK (why <> ''),
  given_on TEXT NOT NULL DEFAULT '',
  reaction TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES transfusions (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX transfusions_by_patient ON transfusions (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE immunizations (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  vaccine TEXT NOT NULL CHECK (vaccine <> ''),
  given_on TEXT NOT NULL DEFAULT '',
  dose TEXT NOT NULL DEFAULT '',
  lot TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES immunizations (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX immunizations_by_patient ON immunizations (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE family_history (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  relative TEXT NOT NULL CHECK (relative IN ('father', 'mother', 'sibling', 'child', 'grandparent', 'other')),
  text TEXT NOT NULL CHECK (text <> ''),
  code TEXT NOT NULL DEFAULT '',
  onset_age INTEGER CHECK (onset_age BETWEEN 0 AND 130),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES family_history (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX family_history_by_patient ON family_history (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE disabilities (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  kind TEXT NOT NULL CHECK (kind IN ('vision', 'hearing', 'speech', 'limb', 'intellectual', 'mental', 'other')),
  grade TEXT NOT NULL DEFAULT '' CHECK (grade IN ('', '1', '2', '3', '4')),
  since TEXT NOT NULL DEFAULT '',
  certificate TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES disabilities (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX disabilities_by_patient ON disabilities (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE needs (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  kind TEXT NOT NULL CHECK (kind IN ('social', 'psychological', 'money', 'care', 'other')),
  text TEXT NOT NULL CHECK (text <> ''),
  status TEXT NOT NULL CHECK (status IN ('open', 'met')),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES needs (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX needs_by_patient ON needs (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE wishes (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  text TEXT NOT NULL CHECK (text <> ''),
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES wishes (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX wishes_by_patient ON wishes (patient_id) WHERE retired_event_id IS NULL;

CREATE INDEX family_history_by_code ON family_history (code, patient_id) WHERE retired_event_id IS NULL AND code <> '';

-- What stands once: at most one live row a person. habits, exposures: ids with commas between.
CREATE TABLE smoking (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  status TEXT NOT NULL CHECK (status IN ('never', 'former', 'current')),
  per_day REAL CHECK (per_day BETWEEN 0 AND 200),
  began TEXT NOT NULL DEFAULT '',
  ended TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES smoking (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX smoking_live ON smoking (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE alcohol (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  status TEXT NOT NULL CHECK (status IN ('never', 'former', 'current')),
  drink TEXT NOT NULL DEFAULT '' CHECK (drink IN ('', 'baijiu', 'beer', 'wine', 'huangjiu', 'other')),
  ml REAL CHECK (ml BETWEEN 0 AND 5000),
  strength REAL CHECK (strength BETWEEN 0 AND 96),
  days_a_week REAL CHECK (days_a_week BETWEEN 0 AND 7),
  began TEXT NOT NULL DEFAULT '',
  ended TEXT NOT NULL DEFAULT '',
  drunk_last_year TEXT NOT NULL DEFAULT '' CHECK (drunk_last_year IN ('', 'yes', 'no')),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES alcohol (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX alcohol_live ON alcohol (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE exercise (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  frequency TEXT NOT NULL CHECK (frequency IN ('daily', 'weekly', 'seldom', 'never')),
  days_a_week REAL CHECK (days_a_week BETWEEN 0 AND 7),
  minutes INTEGER CHECK (minutes BETWEEN 0 AND 1440),
  years REAL CHECK (years BETWEEN 0 AND 130),
  kind TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES exercise (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX exercise_live ON exercise (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE diet (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  habits TEXT NOT NULL DEFAULT '',
  greens_daily TEXT NOT NULL DEFAULT '' CHECK (greens_daily IN ('', 'yes', 'no')),
  meals INTEGER CHECK (meals BETWEEN 0 AND 12),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES diet (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX diet_live ON diet (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE sleep (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  hours REAL CHECK (hours BETWEEN 0 AND 24),
  quality TEXT NOT NULL DEFAULT '' CHECK (quality IN ('', 'good', 'fair', 'poor')),
  snores TEXT NOT NULL DEFAULT '' CHECK (snores IN ('', 'yes', 'no')),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES sleep (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX sleep_live ON sleep (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE womens_health (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  menarche_age INTEGER CHECK (menarche_age BETWEEN 5 AND 30),
  cycle_days INTEGER CHECK (cycle_days BETWEEN 10 AND 180),
  period_days INTEGER CHECK (period_days BETWEEN 1 AND 60),
  last_period TEXT NOT NULL DEFAULT '',
  menopause_age INTEGER CHECK (menopause_age BETWEEN 20 AND 80),
  pregnancies INTEGER CHECK (pregnancies BETWEEN 0 AND 40),
  births INTEGER CHECK (births BETWEEN 0 AND 30),
  pregnant TEXT NOT NULL DEFAULT '' CHECK (pregnant IN ('', 'yes', 'no')),
  contraception TEXT NOT NULL DEFAULT '',
  cervical_check TEXT NOT NULL DEFAULT '',
  breast_check TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES womens_health (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX womens_health_live ON womens_health (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE living (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  kitchen TEXT NOT NULL DEFAULT '' CHECK (kitchen IN ('', 'none', 'hood', 'fan', 'chimney')),
  fuel TEXT NOT NULL DEFAULT '' CHECK (fuel IN ('', 'lpg', 'coal', 'gas', 'biogas', 'wood', 'other')),
  water TEXT NOT NULL DEFAULT '' CHECK (water IN ('', 'tap', 'filtered', 'well', 'river', 'pond', 'other')),
  toilet TEXT NOT NULL DEFAULT '' CHECK (toilet IN ('', 'sanitary', 'pit', 'bucket', 'open', 'shed')),
  animals TEXT NOT NULL DEFAULT '' CHECK (animals IN ('', 'none', 'separate', 'indoors', 'outdoors')),
  note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES living (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX living_live ON living (patient_id) WHERE retired_event_id IS NULL;

CREATE TABLE personal (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  ethnic_group TEXT NOT NULL DEFAULT '',
  education TEXT NOT NULL DEFAULT '' CHECK (education IN ('', 'postgraduate', 'university', 'college', 'secondary_vocational', 'technical_school', 'senior_high', 'junior_high', 'primary', 'illiterate', 'unknown')),
  marital TEXT NOT NULL DEFAULT '' CHECK (marital IN ('', 'single', 'married', 'widowed', 'divorced', 'unsaid')),
  blood_group TEXT NOT NULL DEFAULT '' CHECK (blood_group IN ('', 'A', 'B', 'O', 'AB', 'unknown')),
  rh TEXT NOT NULL DEFAULT '' CHECK (rh IN ('', 'positive', 'negative', 'unknown')),
  residence TEXT NOT NULL DEFAULT '' CHECK (residence IN ('', 'registered', 'not_registered')),
  area TEXT NOT NULL DEFAULT '' CHECK (area IN ('', 'urban', 'rural')),
  registered_address TEXT NOT NULL DEFAULT '',
  township TEXT NOT NULL DEFAULT '',
  village TEXT NOT NULL DEFAULT '',
  exposures TEXT NOT NULL DEFAULT '',
  exposure_note TEXT NOT NULL DEFAULT '',
  hereditary TEXT NOT NULL DEFAULT '' CHECK (hereditary IN ('', 'none', 'yes')),
  hereditary_note TEXT NOT NULL DEFAULT '',
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noted_on TEXT NOT NULL CHECK (noted_on GLOB '????-??-??'),
  verified_how TEXT NOT NULL DEFAULT '' CHECK (verified_how IN ('', 'papers', 'asked', 'examined')),
  verified_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  replaces_id INTEGER UNIQUE REFERENCES personal (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX personal_live ON personal (patient_id) WHERE retired_event_id IS NULL;

-- That there is nothing can be said of more sections than before.
CREATE TABLE none_known_wider (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  section TEXT NOT NULL CHECK (section IN (
    'conditions', 'allergies', 'medications', 'procedures', 'injuries', 'transfusions', 'immunizations', 'family_history',
    'disabilities', 'needs'
  )),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO none_known_wider SELECT id, patient_id, section, event_id, retired_event_id FROM none_known;
DROP TABLE none_known;
ALTER TABLE none_known_wider RENAME TO none_known;
CREATE UNIQUE INDEX none_known_live ON none_known (patient_id, section) WHERE retired_event_id IS NULL;
CREATE INDEX none_known_of_patient ON none_known (patient_id);

-- A form sent twice stores one entry: the token of the form and what became of it.
CREATE TABLE record_tokens (token TEXT PRIMARY KEY, section TEXT NOT NULL, entry_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
