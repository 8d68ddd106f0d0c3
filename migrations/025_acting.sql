-- What answers ask for. The index serves the rules: one look touches no row of the table.
DROP INDEX answers_standing;
CREATE INDEX answers_standing ON answers (code, link_id, patient_id, at, response_id, number, ordinal, choice, retired_event_id)
  WHERE retired_event_id IS NULL;

-- A rule that a questionnaire's bands and alarms make: it follows the version in force.
ALTER TABLE tag_rules ADD COLUMN questionnaire_id INTEGER REFERENCES questionnaires (id);

-- Pathways made in this clinic, in the shape of the shipped ones. Never edited: a change is a new version, and an old item
-- tells the one it was made by.
CREATE TABLE own_pathways (
  id INTEGER PRIMARY KEY,
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  code TEXT NOT NULL CHECK (code <> ''),
  version INTEGER NOT NULL CHECK (version > 0),
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (code, version)
) STRICT;
CREATE UNIQUE INDEX own_pathways_live ON own_pathways (code) WHERE retired_event_id IS NULL;

-- Who must be spoken with today, whoever's work it is: shown to all who care for people.
CREATE INDEX work_items_alarms ON work_items (due_on) WHERE closed_event_id IS NULL AND pathway GLOB 'alarm.*';

-- Answers that call a person are looked at in sittings that were left, too. looked: the save up to which that was done.
ALTER TABLE sittings ADD COLUMN looked INTEGER NOT NULL DEFAULT 0 CHECK (looked >= 0);
CREATE INDEX sittings_unseen ON sittings (saved_at) WHERE looked < revision;
