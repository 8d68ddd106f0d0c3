-- Restriction of processing: asked for by the person. While it stands nothing is written about them and no list,
-- rule or reminder has them. The event says who, when and why.
ALTER TABLE patients ADD COLUMN restricted_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX patients_restricted ON patients (id) WHERE restricted_event_id IS NOT NULL;

-- The person's file that somebody asked for. whole: whether who asked may see sensitive entries. file: the archive's hash.
-- lease_until, tries: as with reports, so that a crash leaves nothing half done.
CREATE TABLE dossiers (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
  whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
  token TEXT UNIQUE,
  wanted_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  lease_until TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  file TEXT CHECK (length(file) = 64),
  size INTEGER,
  made_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  failed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((file IS NULL) = (made_event_id IS NULL)),
  CHECK (made_event_id IS NULL OR failed_event_id IS NULL)
) STRICT;
CREATE INDEX dossiers_of_patient ON dossiers (patient_id, id);
CREATE INDEX dossiers_waiting ON dossiers (id) WHERE made_event_id IS NULL AND failed_event_id IS NULL;
