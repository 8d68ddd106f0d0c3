-- Health reports. content: everything the report says, frozen when it was wanted; the PDF is drawn from it and
-- kept by the hash of its bytes, so yesterday's report never changes. lease_until: who draws it holds it until
-- then; after a crash it is free again. tries counts the claims: what ends the drawing process every time must
-- not do so for ever.
CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  number TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
  token TEXT UNIQUE,  -- of the form that asked for it: a second tap asks for nothing
  content TEXT NOT NULL CHECK (json_valid(content)),
  wanted_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  lease_until TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  file TEXT CHECK (length(file) = 64),
  missing TEXT NOT NULL DEFAULT '',  -- characters no font could draw
  made_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  failed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((file IS NULL) = (made_event_id IS NULL)),
  CHECK (made_event_id IS NULL OR failed_event_id IS NULL)
) STRICT;
-- Who handed a report out, and when (the event says).
CREATE TABLE report_prints (
  report_id INTEGER NOT NULL REFERENCES reports (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (report_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_of_patient ON reports (patient_id, id);
CREATE INDEX reports_waiting ON reports (id) WHERE made_event_id IS NULL AND failed_event_id IS NULL;
