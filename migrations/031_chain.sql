-- The chain of events: a hash over each event and the one before it, written in the transaction that writes the event.
CREATE TABLE event_chain (
  event_id INTEGER PRIMARY KEY REFERENCES events (id),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER links_are_never_edited BEFORE UPDATE ON event_chain
BEGIN SELECT raise(ABORT, 'the chain is append-only'); END;
CREATE TRIGGER links_are_never_deleted BEFORE DELETE ON event_chain
BEGIN SELECT raise(ABORT, 'the chain is append-only'); END;

-- The last event from before there was a chain: these are chained at the next start, later ones only as they are written.
CREATE TABLE chain_begins (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  event_id INTEGER NOT NULL
) STRICT;
INSERT INTO chain_begins SELECT 1, coalesce(max(id), 0) FROM events;
CREATE TRIGGER the_chain_began_once BEFORE UPDATE ON chain_begins
BEGIN SELECT raise(ABORT, 'the chain is append-only'); END;
CREATE TRIGGER the_chain_has_begun BEFORE DELETE ON chain_begins
BEGIN SELECT raise(ABORT, 'the chain is append-only'); END;

-- Who looked at whom, and how: one row per person, patient, ten minutes and way of looking.
CREATE TABLE looks_and_how (
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  actor_id INTEGER NOT NULL REFERENCES staff (id),
  slot INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('view', 'print', 'export', 'play')),
  at TEXT NOT NULL,
  PRIMARY KEY (patient_id, slot, actor_id, how)
) STRICT, WITHOUT ROWID;
INSERT INTO looks_and_how SELECT patient_id, actor_id, slot, 'view', at FROM looks;
DROP TABLE looks;
ALTER TABLE looks_and_how RENAME TO looks;
CREATE INDEX looks_by_actor ON looks (actor_id, slot);
CREATE TRIGGER looks_are_never_edited BEFORE UPDATE ON looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;
CREATE TRIGGER looks_are_never_deleted BEFORE DELETE ON looks
BEGIN SELECT raise(ABORT, 'who looked is append-only'); END;
