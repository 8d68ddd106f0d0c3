-- A questionnaire given out: to one person, or to everybody a tag or a list names at that moment. name and query: the tag or list
-- as it was called and as its address says it. below: everybody with this id or a higher one has been looked at.
CREATE TABLE askings (
  id INTEGER PRIMARY KEY,
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  whom TEXT NOT NULL CHECK (whom IN ('person', 'tag', 'list')),
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  people INTEGER NOT NULL CHECK (people >= 0),
  due_on TEXT CHECK (due_on GLOB '????-??-??'),
  token TEXT UNIQUE,  -- of the form that did it: a second tap gives nothing out twice
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  below INTEGER,
  seen INTEGER NOT NULL DEFAULT 0,
  lease_until TEXT,
  finished_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  stopped_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (whom = 'person' OR query <> '')
) STRICT;
CREATE INDEX askings_at_work ON askings (id) WHERE finished_event_id IS NULL;

-- One person who is to answer it. ended: done or taken back; of one questionnaire a person has only one that has not ended.
CREATE TABLE asked (
  id INTEGER PRIMARY KEY,
  asking_id INTEGER NOT NULL REFERENCES askings (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  questionnaire_id INTEGER NOT NULL REFERENCES questionnaires (id),
  due_on TEXT CHECK (due_on GLOB '????-??-??'),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  sent_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  reminded_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  response_id INTEGER REFERENCES responses (id),
  done_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  why TEXT NOT NULL DEFAULT '',
  CHECK (done_event_id IS NULL OR ended_event_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX asked_open ON asked (patient_id, questionnaire_id) WHERE ended_event_id IS NULL;
CREATE INDEX asked_of_patient ON asked (patient_id, id);
CREATE INDEX asked_by_response ON asked (response_id) WHERE response_id IS NOT NULL;
-- How far each is, so that counting and finding those of one kind reads the index alone; queries say the same CASE.
CREATE INDEX asked_by_state ON asked (asking_id, (CASE
  WHEN done_event_id IS NOT NULL THEN 'done' WHEN ended_event_id IS NOT NULL THEN 'withdrawn' WHEN response_id IS NOT NULL THEN 'started'
  WHEN sent_event_id IS NOT NULL THEN 'sent' ELSE 'asked' END), id);

-- A way in: the token of a QR code and the short code beside it, as hashes. A tablet that is handed over has one without a code.
CREATE TABLE invitations (
  id INTEGER PRIMARY KEY,
  asked_id INTEGER NOT NULL REFERENCES asked (id),
  channel TEXT NOT NULL CHECK (channel IN ('code', 'tablet')),
  token_hash BLOB NOT NULL UNIQUE,
  code_hash BLOB UNIQUE,
  expires_at TEXT NOT NULL,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  opened_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  revoked_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX invitations_of ON invitations (asked_id);

-- A device that was let in, for one form and no longer than its invitation: no fact, but how somebody looks at it.
-- token_hash: of its cookie. at: the question it stands at.
CREATE TABLE guests (
  token_hash BLOB PRIMARY KEY,
  invitation_id INTEGER NOT NULL REFERENCES invitations (id),
  language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
  large INTEGER NOT NULL DEFAULT 0 CHECK (large IN (0, 1)),
  whole INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)),
  at TEXT NOT NULL DEFAULT '',
  ended_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX guests_of ON guests (invitation_id);

-- A tablet in a patient's hands: its session may go nowhere but to this path until a member of staff signs in on it again.
ALTER TABLE sessions ADD COLUMN handed_to TEXT CHECK (handed_to LIKE '/fill/%');
