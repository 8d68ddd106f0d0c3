-- Two records that turned out to be one person's. The one that went keeps its row, its number and its events;
-- everything else it had stands with the other until the joining is undone.
CREATE TABLE merges (
  id INTEGER PRIMARY KEY,
  gone_id INTEGER NOT NULL REFERENCES patients (id),
  kept_id INTEGER NOT NULL REFERENCES patients (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  undone_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (gone_id <> kept_id)
) STRICT;
CREATE UNIQUE INDEX merges_live ON merges (gone_id) WHERE undone_event_id IS NULL;
CREATE INDEX merges_by_kept ON merges (kept_id) WHERE undone_event_id IS NULL;

-- Every column a joining changed, by its row's primary key as it is afterwards: {column: [before, after]}.
CREATE TABLE merge_changes (
  merge_id INTEGER NOT NULL REFERENCES merges (id),
  table_name TEXT NOT NULL,
  key TEXT NOT NULL CHECK (json_valid(key)),
  columns TEXT NOT NULL CHECK (json_valid(columns)),
  PRIMARY KEY (merge_id, table_name, key)
) STRICT, WITHOUT ROWID;

-- Two records that look like one person's, as the house found them or somebody chose them. because: words' ids.
-- told_apart: somebody looked and said that they are two; it is not asked again.
CREATE TABLE duplicate_pairs (
  id INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL REFERENCES patients (id),
  second_id INTEGER NOT NULL REFERENCES patients (id),
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
  because TEXT NOT NULL CHECK (json_valid(because)),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  told_apart_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (first_id, second_id),
  CHECK (first_id < second_id)
) STRICT;
CREATE INDEX duplicate_pairs_by_second ON duplicate_pairs (second_id);
CREATE INDEX duplicate_pairs_open ON duplicate_pairs (score DESC, id) WHERE told_apart_event_id IS NULL;
CREATE INDEX duplicate_pairs_told_apart ON duplicate_pairs (told_apart_event_id) WHERE told_apart_event_id IS NOT NULL;

-- Entered in error: which entry of whom, and with whom it was filed again.
CREATE TABLE mistakes (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  kind TEXT NOT NULL,
  entry_id INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  right_id INTEGER REFERENCES patients (id),
  refiled_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (kind, entry_id),
  CHECK ((right_id IS NULL) = (refiled_event_id IS NULL))
) STRICT;
CREATE INDEX mistakes_by_patient ON mistakes (patient_id);
CREATE INDEX mistakes_by_right ON mistakes (right_id) WHERE right_id IS NOT NULL;

-- A contact noted with the wrong person is struck out like everything else.
ALTER TABLE contacts ADD COLUMN withdrawn_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contacts ADD COLUMN withdrawn_reason TEXT NOT NULL DEFAULT '';
DROP INDEX contacts_reached;
CREATE INDEX contacts_reached ON contacts (patient_id, at) WHERE outcome = 'reached' AND withdrawn_event_id IS NULL;
