-- Questionnaires: what may be asked. code: its name in rules and addresses. shipped: of the file a shipped one was last read from.
-- is_on: unverified ones wait until the clinic switches them on. token: of the form that made it, so that a second tap makes none.
CREATE TABLE questionnaires (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 60),
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'clinic')),
  shipped TEXT CHECK (length(shipped) = 64),
  is_on INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
  token TEXT UNIQUE,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((origin = 'shipped') = (shipped IS NOT NULL))
) STRICT;

-- A published version: FHIR's JSON as it was checked. It never changes, for answers point at it.
CREATE TABLE questionnaire_versions (
  id INTEGER PRIMARY KEY,
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  number INTEGER NOT NULL CHECK (number > 0),
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  use TEXT NOT NULL CHECK (use IN ('patient', 'staff', 'consultation')),
  fhir TEXT NOT NULL,
  published_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (questionnaire_id, number)
) STRICT;

CREATE TRIGGER questionnaire_versions_stand BEFORE UPDATE ON questionnaire_versions
BEGIN
  SELECT raise(ABORT, 'a published version never changes');
END;
CREATE TRIGGER questionnaire_versions_stay BEFORE DELETE ON questionnaire_versions
BEGIN
  SELECT raise(ABORT, 'a published version never goes');
END;

-- What is being built. Edited freely; revision: two people at one draft are told.
CREATE TABLE questionnaire_drafts (
  questionnaire_id INTEGER PRIMARY KEY REFERENCES questionnaires (id),
  fhir TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  saved_at TEXT NOT NULL
) STRICT;
