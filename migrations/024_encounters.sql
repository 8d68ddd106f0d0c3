-- One meeting of a doctor and a person. While it is not signed its words are unfinished and kept as they are typed;
-- signed it is locked, and only added to. at: the clinic's wall time it began.
CREATE TABLE encounters (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??'),
  token TEXT UNIQUE,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  signed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  withdrawn_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX encounters_of_patient ON encounters (patient_id, at, id);
CREATE INDEX encounters_unsigned ON encounters (at) WHERE signed_event_id IS NULL AND withdrawn_event_id IS NULL;
CREATE TRIGGER encounters_stay_signed BEFORE UPDATE OF id, at, event_id, signed_event_id ON encounters
WHEN old.signed_event_id IS NOT NULL
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounters_are_never_deleted BEFORE DELETE ON encounters
BEGIN SELECT raise(ABORT, 'a consultation is never deleted'); END;

-- The words of each section as last saved. body: JSON, field → text as typed. hand: the open page that saves, n: its count.
-- Where another page goes on with a section, what stood there before stays in a row of its own.
CREATE TABLE encounter_texts (
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  section TEXT NOT NULL CHECK (section <> ''),
  revision INTEGER NOT NULL CHECK (revision > 0),
  body TEXT NOT NULL CHECK (json_valid(body)),
  hand TEXT NOT NULL,
  n INTEGER NOT NULL,
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  saved_at TEXT NOT NULL,
  PRIMARY KEY (encounter_id, section, revision)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER encounter_texts_are_written_before_signing BEFORE INSERT ON encounter_texts
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND (signed_event_id IS NOT NULL OR withdrawn_event_id IS NOT NULL))
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounter_texts_stay_signed BEFORE UPDATE ON encounter_texts
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = old.encounter_id AND (signed_event_id IS NOT NULL OR withdrawn_event_id IS NOT NULL))
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounter_texts_are_never_deleted BEFORE DELETE ON encounter_texts
BEGIN SELECT raise(ABORT, 'what was written in a consultation is never deleted'); END;

-- What it was judged to be, from signing on. certainty: FHIR's verificationStatus. condition_id: what it became in the record.
CREATE TABLE assessments (
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  n INTEGER NOT NULL CHECK (n > 0),
  text TEXT NOT NULL CHECK (text <> ''),
  code TEXT NOT NULL DEFAULT '',
  certainty TEXT NOT NULL CHECK (certainty IN ('provisional', 'differential', 'confirmed', 'refuted')),
  condition_id INTEGER REFERENCES conditions (id),
  PRIMARY KEY (encounter_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX assessments_by_code ON assessments (code, encounter_id) WHERE code <> '';
CREATE TRIGGER assessments_are_written_at_signing BEFORE INSERT ON assessments
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER assessments_are_never_edited BEFORE UPDATE ON assessments
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER assessments_are_never_deleted BEFORE DELETE ON assessments
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;

-- What was promised the person, and by when, from signing on.
CREATE TABLE encounter_promises (
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  n INTEGER NOT NULL CHECK (n > 0),
  what TEXT NOT NULL,
  due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
  PRIMARY KEY (encounter_id, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER encounter_promises_are_written_at_signing BEFORE INSERT ON encounter_promises
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounter_promises_are_never_edited BEFORE UPDATE ON encounter_promises
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounter_promises_are_never_deleted BEFORE DELETE ON encounter_promises
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;

-- "Unchanged", asked on the day of the consultation.
CREATE TABLE encounter_checks (
  id INTEGER PRIMARY KEY,
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  part TEXT NOT NULL CHECK (part IN ('past', 'family', 'allergies', 'medicines')),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX encounter_checks_live ON encounter_checks (encounter_id, part) WHERE retired_event_id IS NULL;
CREATE INDEX encounter_checks_of_encounter ON encounter_checks (encounter_id);
CREATE TRIGGER encounter_checks_are_made_before_signing BEFORE INSERT ON encounter_checks
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TRIGGER encounter_checks_stay_signed BEFORE UPDATE ON encounter_checks
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = old.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;

-- What was measured, and what was answered, during it.
CREATE TABLE encounter_reports (
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  report_id INTEGER NOT NULL UNIQUE REFERENCES diagnostic_reports (id),
  PRIMARY KEY (encounter_id, report_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER encounter_reports_are_filed_before_signing BEFORE INSERT ON encounter_reports
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;
CREATE TABLE encounter_responses (
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  response_id INTEGER NOT NULL UNIQUE REFERENCES responses (id),
  PRIMARY KEY (encounter_id, response_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER encounter_responses_are_begun_before_signing BEFORE INSERT ON encounter_responses
WHEN EXISTS (SELECT 1 FROM encounters WHERE id = new.encounter_id AND signed_event_id IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a signed consultation is locked'); END;

-- What was added after signing, each with its own signature (the event says whose and when).
CREATE TABLE addenda (
  id INTEGER PRIMARY KEY,
  encounter_id INTEGER NOT NULL REFERENCES encounters (id),
  text TEXT NOT NULL CHECK (text <> ''),
  token TEXT UNIQUE,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX addenda_of_encounter ON addenda (encounter_id);
CREATE TRIGGER addenda_are_never_edited BEFORE UPDATE ON addenda
BEGIN SELECT raise(ABORT, 'what was signed is never edited'); END;
CREATE TRIGGER addenda_are_never_deleted BEFORE DELETE ON addenda
BEGIN SELECT raise(ABORT, 'what was signed is never deleted'); END;
