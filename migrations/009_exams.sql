-- Who sends results. Their own numbers for people stand in patient_identifiers under 'sender:<id>'.
CREATE TABLE import_senders (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What a sender's column means, as a person confirmed it last. heading: in its one spelling.
CREATE TABLE import_mappings (
  id INTEGER PRIMARY KEY,
  sender_id INTEGER NOT NULL REFERENCES import_senders (id),
  heading TEXT NOT NULL,
  meaning TEXT NOT NULL,
  code TEXT,
  unit TEXT,
  date_order TEXT CHECK (date_order IN ('ymd', 'dmy', 'mdy')),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((meaning = 'value') = (code IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX import_mappings_live ON import_mappings (sender_id, heading) WHERE retired_event_id IS NULL;

-- One file. What is to be done with it is its state; who does it holds the claim until the lease is over.
-- Each chunk is filed, counted and passed by (next_line) in one transaction: a crash repeats and loses nothing.
CREATE TABLE import_batches (
  id INTEGER PRIMARY KEY,
  sender_id INTEGER NOT NULL REFERENCES import_senders (id),
  file_name TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'read', 'rehearsing', 'ready', 'filing', 'stopped', 'retrying', 'done', 'undoing', 'undone', 'dropped'
  )),
  columns TEXT NOT NULL CHECK (json_valid(columns)),
  headings TEXT NOT NULL,
  create_patients INTEGER NOT NULL DEFAULT 0 CHECK (create_patients IN (0, 1)),
  work_from TEXT CHECK (work_from GLOB '????-??-??'),
  lines INTEGER NOT NULL,
  next_line INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  filed INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  tray INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(reasons)),
  rehearsal TEXT CHECK (json_valid(rehearsal)),
  problem TEXT NOT NULL DEFAULT '',
  progress INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  leased_until TEXT,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (received = filed + duplicate + tray + refused)
) STRICT;
CREATE INDEX import_batches_by_sender ON import_batches (sender_id);
CREATE INDEX import_batches_due ON import_batches (state) WHERE state IN ('rehearsing', 'filing', 'retrying', 'undoing');

-- Whom a file was about. created: registered by it.
CREATE TABLE import_people (
  batch_id INTEGER NOT NULL REFERENCES import_batches (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  created INTEGER NOT NULL CHECK (created IN (0, 1)),
  PRIMARY KEY (batch_id, patient_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_people_by_patient ON import_people (patient_id);

-- What could not be filed: the whole line, or one cell of it (place). It stays as it came until a person decides.
CREATE TABLE tray_items (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES import_batches (id),
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  place INTEGER,
  patient_id INTEGER REFERENCES patients (id),
  taken_at TEXT NOT NULL,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  n INTEGER NOT NULL CHECK (n > 0),
  fingerprint TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('filed', 'dismissed', 'undone')),
  closed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((outcome IS NULL) = (closed_event_id IS NULL))
) STRICT;
CREATE INDEX tray_items_open ON tray_items (batch_id, reason, place, id) WHERE closed_event_id IS NULL;
CREATE INDEX tray_items_by_fingerprint ON tray_items (fingerprint);
CREATE INDEX tray_items_by_patient ON tray_items (patient_id) WHERE patient_id IS NOT NULL;
