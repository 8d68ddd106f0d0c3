-- Where backups go. at: a folder, or for another machine JSON without a secret. same_disk: it was found on the clinic's own disk,
-- so it helps against mistakes, not against the loss of the machine. The first is the machine itself, used while there is no other.
CREATE TABLE backup_places (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('own', 'folder', 'sftp')),
  at TEXT NOT NULL CHECK (kind <> 'sftp' OR json_valid(at)),
  same_disk INTEGER NOT NULL CHECK (same_disk IN (0, 1)),
  added_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  removed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((added_event_id IS NULL) = (kind = 'own'))
) STRICT;
INSERT INTO backup_places (id, kind, at, same_disk) VALUES (1, 'own', '', 1);
CREATE UNIQUE INDEX backup_places_in_use ON backup_places (kind, at) WHERE removed_event_id IS NULL;

-- One backup to one place, from being wanted to being proved by restoring it. not_before: when it is tried (again). why, params: what it
-- waits for or failed by, the id of a sentence and its values. proof: what it showed when it was restored.
CREATE TABLE backups (
  id INTEGER PRIMARY KEY,
  place_id INTEGER NOT NULL REFERENCES backup_places (id),
  wanted_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  not_before TEXT,
  tries INTEGER NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '',
  params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(params)),
  proof TEXT CHECK (json_valid(proof)),
  proved_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  failed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  cancelled_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((proof IS NULL) = (proved_event_id IS NULL)),
  CHECK ((proved_event_id IS NOT NULL) + (failed_event_id IS NOT NULL) + (cancelled_event_id IS NOT NULL) <= 1)
) STRICT;
CREATE UNIQUE INDEX backups_open ON backups (place_id)
  WHERE proved_event_id IS NULL AND failed_event_id IS NULL AND cancelled_event_id IS NULL;
CREATE INDEX backups_of_place ON backups (place_id, proved_event_id);
