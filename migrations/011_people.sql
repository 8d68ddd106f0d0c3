-- Who somebody is, in full. no_document: said that there is none, not merely unsaid. payment: codes with a comma between.
-- occupation and source hold a code, or the words an old list used. photo: the hash of its file, or blank.
ALTER TABLE patients ADD COLUMN no_document INTEGER NOT NULL DEFAULT 0 CHECK (no_document IN (0, 1));
ALTER TABLE patients ADD COLUMN workplace TEXT NOT NULL DEFAULT '';
ALTER TABLE patients ADD COLUMN occupation TEXT NOT NULL DEFAULT '';
ALTER TABLE patients ADD COLUMN payment TEXT NOT NULL DEFAULT '';
ALTER TABLE patients ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE patients ADD COLUMN photo TEXT NOT NULL DEFAULT '' CHECK (photo = '' OR length(photo) = 64);
ALTER TABLE patients ADD COLUMN token TEXT;  -- of the form that registered them: a second tap registers nobody
CREATE UNIQUE INDEX patients_by_token ON patients (token) WHERE token IS NOT NULL;

-- Whose telephone it is: the person's own, or the daughter's, by name.
ALTER TABLE patient_phones ADD COLUMN relation TEXT NOT NULL DEFAULT 'self' CHECK (relation IN (
  'self', 'spouse', 'child', 'parent', 'sibling', 'grandchild', 'grandparent', 'relative', 'friend', 'carer', 'workplace', 'other'
));
ALTER TABLE patient_phones ADD COLUMN whose TEXT NOT NULL DEFAULT '';

ALTER TABLE consents ADD COLUMN token TEXT;  -- of the form that recorded it
CREATE UNIQUE INDEX consents_by_token ON consents (token) WHERE token IS NOT NULL;

-- Whom to call when something happens, and who answers for a child. other_id: where that is a patient here, too.
CREATE TABLE related_people (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  kind TEXT NOT NULL CHECK (kind IN ('emergency', 'guardian')),
  name TEXT NOT NULL CHECK (name <> ''),
  relation TEXT NOT NULL DEFAULT 'other' CHECK (relation IN (
    'spouse', 'child', 'parent', 'sibling', 'grandchild', 'grandparent', 'relative', 'friend', 'carer', 'other'
  )),
  phone TEXT NOT NULL DEFAULT '',
  other_id INTEGER REFERENCES patients (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX related_people_by_patient ON related_people (patient_id) WHERE retired_event_id IS NULL;
CREATE INDEX related_people_by_other ON related_people (other_id) WHERE other_id IS NOT NULL;

-- By which ways somebody may be reached, and by which not: asked, answered, changed.
CREATE TABLE channel_consents (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  channel TEXT NOT NULL CHECK (channel IN ('phone', 'sms', 'wechat', 'visit', 'post')),
  allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX channel_consents_live ON channel_consents (patient_id, channel) WHERE retired_event_id IS NULL;
CREATE INDEX channel_consents_by_patient ON channel_consents (patient_id);
