-- A rule is never edited: a change is a new version. is_on is the clinic's switch.
CREATE TABLE tag_rules (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL CHECK (code <> ''),
  version INTEGER NOT NULL CHECK (version > 0),
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'clinic')),
  name_zh TEXT NOT NULL CHECK (name_zh <> ''),
  name_en TEXT NOT NULL CHECK (name_en <> ''),
  level TEXT NOT NULL CHECK (level IN ('info', 'amber', 'red')),
  criterion TEXT NOT NULL CHECK (json_valid(criterion)),
  source_zh TEXT NOT NULL CHECK (source_zh <> ''),
  source_en TEXT NOT NULL CHECK (source_en <> ''),
  status TEXT NOT NULL,
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (code, version)
) STRICT;
CREATE UNIQUE INDEX tag_rules_live ON tag_rules (code) WHERE retired_event_id IS NULL;

-- A label on a person. rule_id: the version that set it, null for one a member of staff put there with a reason; its
-- code is then what they wrote. evidence: the values it rests on now, kept up by evidence_event_id.
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  code TEXT NOT NULL CHECK (code <> ''),
  rule_id INTEGER REFERENCES tag_rules (id),
  evidence TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(evidence)),
  reason TEXT NOT NULL DEFAULT '',
  set_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  evidence_event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  removed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  removed_reason TEXT NOT NULL DEFAULT '',
  CHECK (rule_id IS NOT NULL OR reason <> '')
) STRICT;
CREATE UNIQUE INDEX tags_live ON tags (patient_id, code) WHERE removed_event_id IS NULL;
CREATE INDEX tags_by_code ON tags (code, patient_id) WHERE removed_event_id IS NULL;
CREATE INDEX tags_by_patient ON tags (patient_id);

-- "Not this tag for this person", with a reason, until it is taken back.
CREATE TABLE tag_holds (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  code TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX tag_holds_live ON tag_holds (patient_id, code) WHERE ended_event_id IS NULL;
