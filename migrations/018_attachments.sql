-- Photos and PDFs about a person. file and thumbnail: hashes of bytes that stand beside the database, kind: what the
-- content was judged to be. Each hangs on an entry of the record (section and the version of the entry it was hung on), on
-- results received together, or on the person. Never edited: a correction is a new row with a reason, of the same file.
CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  section TEXT CHECK (section <> ''),
  entry_id INTEGER,
  report_id INTEGER REFERENCES diagnostic_reports (id),
  file TEXT NOT NULL CHECK (length(file) = 64),
  thumbnail TEXT CHECK (length(thumbnail) = 64),
  kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
  size INTEGER NOT NULL CHECK (size > 0),
  pages INTEGER CHECK (pages > 0),
  title TEXT NOT NULL DEFAULT '',
  taken_on TEXT NOT NULL CHECK (taken_on GLOB '????-??-??'),
  sensitive INTEGER NOT NULL DEFAULT 0 CHECK (sensitive IN (0, 1)),
  token TEXT UNIQUE,  -- of the form that sent it: a second tap keeps nothing twice
  replaces_id INTEGER UNIQUE REFERENCES attachments (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT '',
  CHECK ((section IS NULL) = (entry_id IS NULL)),
  CHECK (section IS NULL OR report_id IS NULL),
  CHECK ((kind = 'pdf') = (pages IS NOT NULL)),
  CHECK ((kind = 'pdf') = (thumbnail IS NULL))
) STRICT;
CREATE INDEX attachments_by_patient ON attachments (patient_id, taken_on, id) WHERE retired_event_id IS NULL;
CREATE INDEX attachments_of_patient ON attachments (patient_id);
CREATE INDEX attachments_by_report ON attachments (report_id) WHERE report_id IS NOT NULL;

-- "What does the person really take?" One talk about the medicines, and a line for each that was asked about.
-- source: who said so. medication_id names the version of the entry that stood then, so the line keeps what was prescribed.
CREATE TABLE medication_reviews (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  reviewed_on TEXT NOT NULL CHECK (reviewed_on GLOB '????-??-??'),
  source TEXT NOT NULL CHECK (source IN ('patient', 'family', 'clinic', 'elsewhere')),
  noticed TEXT NOT NULL DEFAULT '',
  agreed TEXT NOT NULL DEFAULT '',
  token TEXT UNIQUE,
  replaces_id INTEGER UNIQUE REFERENCES medication_reviews (id),
  reason TEXT NOT NULL DEFAULT '',
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX medication_reviews_by_patient ON medication_reviews (patient_id, reviewed_on) WHERE retired_event_id IS NULL;
CREATE INDEX medication_reviews_of_patient ON medication_reviews (patient_id);

-- takes: the three answers of the official follow-up form, or 'own': taken without anybody here having written it down
-- before. missed: days without it among the last seven.
CREATE TABLE medication_review_lines (
  review_id INTEGER NOT NULL REFERENCES medication_reviews (id),
  medication_id INTEGER NOT NULL REFERENCES medications (id),
  takes TEXT NOT NULL CHECK (takes IN ('regular', 'irregular', 'not', 'own')),
  missed INTEGER CHECK (missed BETWEEN 0 AND 7),
  how TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (review_id, medication_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX medication_review_lines_by_medication ON medication_review_lines (medication_id);
