-- What people answered. A response belongs to the version it was asked with. While it is open its answers stand in sittings;
-- completed, it is a FHIR QuestionnaireResponse and never edited: a correction is a new row with a reason, which takes the
-- place of the old one when it is completed itself. asked_by: whose hand. completed_at: the clinic's time, of paper its day.
CREATE TABLE responses (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  version_id INTEGER NOT NULL REFERENCES questionnaire_versions (id),
  asked_by TEXT NOT NULL CHECK (asked_by IN ('staff', 'patient', 'paper')),
  language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
  token TEXT UNIQUE,  -- of the form that began it: a second tap begins nothing twice
  replaces_id INTEGER REFERENCES responses (id),
  reason TEXT NOT NULL DEFAULT '',
  begun_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  completed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  completed_at TEXT CHECK (completed_at GLOB '????-??-??*'),
  fhir TEXT CHECK (json_valid(fhir)),
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT '',
  CHECK ((completed_event_id IS NULL) = (completed_at IS NULL)),
  CHECK ((completed_event_id IS NULL) = (fhir IS NULL))
) STRICT;
CREATE INDEX responses_of_patient ON responses (patient_id, questionnaire_id, completed_at);
CREATE INDEX responses_of_questionnaire ON responses (questionnaire_id, completed_at) WHERE completed_at IS NOT NULL AND retired_event_id IS NULL;
CREATE INDEX responses_by_version ON responses (version_id);
-- Only one correction can stand in the place of a response; one that was begun and thrown away stands in nobody's.
CREATE UNIQUE INDEX responses_replaced ON responses (replaces_id) WHERE completed_event_id IS NOT NULL;
CREATE INDEX responses_replacing ON responses (replaces_id) WHERE replaces_id IS NOT NULL;

CREATE TRIGGER responses_are_kept_as_answered BEFORE UPDATE OF fhir, completed_at, version_id, completed_event_id ON responses
WHEN old.fhir IS NOT NULL AND (new.fhir IS NOT old.fhir OR new.completed_at IS NOT old.completed_at
  OR new.version_id IS NOT old.version_id OR new.completed_event_id IS NOT old.completed_event_id)
BEGIN SELECT RAISE(ABORT, 'a completed response is not edited'); END;

-- Answers on their way: no facts yet. revision counts the saves. touched: path → [the save that changed it, the page that sent it],
-- so that a page whose answer got lost on the way may save again, and one that looks at what is no longer so is told.
CREATE TABLE sittings (
  response_id INTEGER PRIMARY KEY REFERENCES responses (id),
  given TEXT NOT NULL CHECK (json_valid(given)),
  calculated TEXT NOT NULL CHECK (json_valid(calculated)),
  taken_over TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(taken_over)),
  touched TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(touched)),
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  saved_at TEXT NOT NULL
) STRICT;

-- One row for every answer and every score of a completed response, for rules and figures. code: the questionnaire's.
-- path: the item's place in repeated groups; n: which of several answers. at: the clinic's time of the response.
CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  response_id INTEGER NOT NULL REFERENCES responses (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  code TEXT NOT NULL CHECK (code <> ''),
  link_id TEXT NOT NULL,
  path TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 0),
  kind TEXT NOT NULL CHECK (kind IN ('number', 'choice', 'text', 'date', 'boolean', 'other')),
  number REAL,
  choice TEXT,
  words TEXT,
  ordinal REAL,
  at TEXT NOT NULL,
  is_score INTEGER NOT NULL CHECK (is_score IN (0, 1)),
  band TEXT,
  level TEXT CHECK (level IN ('none', 'info', 'amber', 'red')),
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (response_id, path, n)
) STRICT;
CREATE INDEX answers_standing ON answers (code, link_id, patient_id, at DESC) WHERE retired_event_id IS NULL;
CREATE INDEX answers_of_patient ON answers (patient_id, questionnaire_id, at);
CREATE INDEX answers_of_questionnaire ON answers (questionnaire_id, link_id) WHERE retired_event_id IS NULL;

-- Values and entries of the record that were made of a response: what a correction or withdrawal takes back.
CREATE TABLE response_filings (
  response_id INTEGER NOT NULL REFERENCES responses (id),
  report_id INTEGER REFERENCES diagnostic_reports (id),
  section TEXT CHECK (section <> ''),
  entry_id INTEGER,
  offer TEXT NOT NULL DEFAULT '',  -- which of what was offered the entry was made of
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((report_id IS NULL) <> (section IS NULL)),
  CHECK ((section IS NULL) = (entry_id IS NULL))
) STRICT;
CREATE INDEX response_filings_of_response ON response_filings (response_id);
