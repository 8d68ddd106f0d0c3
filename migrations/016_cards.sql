-- What a card of a type is, version by version. A sold card goes on by the terms it was sold by.
CREATE TABLE card_terms (
  id INTEGER PRIMARY KEY,
  type_id INTEGER NOT NULL REFERENCES card_types (id),
  version INTEGER NOT NULL CHECK (version > 0),
  name_zh TEXT NOT NULL CHECK (name_zh <> ''),
  name_en TEXT NOT NULL CHECK (name_en <> ''),
  price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
  months INTEGER CHECK (months > 0),
  colour TEXT NOT NULL DEFAULT 'jade' CHECK (colour IN ('jade', 'indigo', 'plum', 'ochre', 'slate')),
  people INTEGER NOT NULL DEFAULT 1 CHECK (people BETWEEN 1 AND 12),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (type_id, version)
) STRICT;
-- Earlier versions stand in the events that made them.
INSERT INTO card_terms (type_id, version, name_zh, name_en, price_fen, months, event_id)
WITH said AS (
  SELECT t.id AS type_id, e.id, e.details FROM card_types t JOIN events e ON e.id = t.event_id
  UNION ALL
  SELECT json_extract(e.details, '$.type'), e.id, e.details FROM events e WHERE e.kind = 'card_type.edited'
)
SELECT type_id, row_number() OVER (PARTITION BY type_id ORDER BY id), json_extract(details, '$.name_zh'),
  json_extract(details, '$.name_en'), json_extract(details, '$.price_fen'), json_extract(details, '$.months'), id
FROM said WHERE json_extract(details, '$.name_zh') IS NOT NULL;
INSERT OR IGNORE INTO card_terms (type_id, version, name_zh, name_en, price_fen, months, event_id)
SELECT id, version, name_zh, name_en, price_fen, months, event_id FROM card_types;
ALTER TABLE card_types DROP COLUMN name_zh;
ALTER TABLE card_types DROP COLUMN name_en;
ALTER TABLE card_types DROP COLUMN price_fen;
ALTER TABLE card_types DROP COLUMN months;

-- What a card includes, so many units of each. own: something the clinic named itself.
CREATE TABLE card_entitlements (
  id INTEGER PRIMARY KEY,
  terms_id INTEGER NOT NULL REFERENCES card_terms (id),
  kind TEXT NOT NULL CHECK (kind IN ('call', 'consultation', 'exam', 'own')),
  name_zh TEXT NOT NULL DEFAULT '',
  name_en TEXT NOT NULL DEFAULT '',
  units INTEGER NOT NULL CHECK (units > 0),
  CHECK ((kind = 'own') = (name_zh <> '')),
  UNIQUE (terms_id, kind, name_zh)
) STRICT;

-- A card is good from period to period, each by its own terms. ended: an upgrade took its place, or it was taken back.
CREATE TABLE card_periods (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES cards (id),
  terms_id INTEGER NOT NULL REFERENCES card_terms (id),
  starts_on TEXT NOT NULL CHECK (starts_on GLOB '????-??-??'),
  ends_on TEXT CHECK (ends_on GLOB '????-??-??'),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  ended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX card_periods_of_card ON card_periods (card_id);

-- Every number a card ever had. A stopped one finds the person and is not valid.
CREATE TABLE card_numbers (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  card_id INTEGER NOT NULL REFERENCES cards (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  stopped_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX card_numbers_live ON card_numbers (card_id) WHERE stopped_event_id IS NULL;
CREATE INDEX card_numbers_of_card ON card_numbers (card_id);

-- Who may use a card: the holder and, on a family card, others. At most one open card each.
CREATE TABLE card_people (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES cards (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  removed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX card_people_one_open ON card_people (patient_id) WHERE removed_event_id IS NULL;
CREATE INDEX card_people_of_patient ON card_people (patient_id, card_id);
CREATE INDEX card_people_of_card ON card_people (card_id);

-- What happened to a card. before: the card's state until then, put back when the step is taken back.
CREATE TABLE card_steps (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES cards (id),
  kind TEXT NOT NULL CHECK (kind IN ('opened', 'renewed', 'suspended', 'resumed', 'replaced', 'upgraded', 'closed')),
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  reason TEXT NOT NULL DEFAULT '',
  before TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(before)),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  undone_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX card_steps_of_card ON card_steps (card_id, id);

-- The ledger: units of an entitlement, or fen where entitlement_id is NULL, per period of a card. balance: after this
-- entry. The file itself refuses an entry that does not add up, an overdrawn one, and any later change of one.
CREATE TABLE card_entries (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES cards (id),
  period_id INTEGER NOT NULL REFERENCES card_periods (id),
  entitlement_id INTEGER REFERENCES card_entitlements (id),
  what TEXT NOT NULL CHECK (what IN ('price', 'credit', 'granted', 'counted', 'used', 'undone')),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  balance INTEGER NOT NULL CHECK (balance >= 0),
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  patient_id INTEGER REFERENCES patients (id),
  work_id INTEGER REFERENCES work_items (id),
  note TEXT NOT NULL DEFAULT '',
  token TEXT UNIQUE,
  undoes_id INTEGER UNIQUE REFERENCES card_entries (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((what IN ('price', 'credit')) <= (entitlement_id IS NULL)),
  CHECK ((what = 'undone') = (undoes_id IS NOT NULL))
) STRICT;
CREATE INDEX card_entries_of_card ON card_entries (card_id, period_id, entitlement_id, id);
CREATE INDEX card_entries_of_patient ON card_entries (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX card_entries_of_work ON card_entries (work_id) WHERE work_id IS NOT NULL;
CREATE TRIGGER card_entries_add_up BEFORE INSERT ON card_entries
WHEN new.balance <> new.amount + coalesce((
  SELECT balance FROM card_entries WHERE card_id = new.card_id AND period_id = new.period_id
    AND entitlement_id IS new.entitlement_id ORDER BY id DESC LIMIT 1), 0)
BEGIN SELECT raise(ABORT, 'a card ledger must add up'); END;
CREATE TRIGGER card_entries_are_never_edited BEFORE UPDATE OF
  id, card_id, period_id, entitlement_id, what, amount, balance, day, work_id, undoes_id, event_id ON card_entries
BEGIN SELECT raise(ABORT, 'a card ledger is append-only'); END;
CREATE TRIGGER card_entries_are_never_deleted BEFORE DELETE ON card_entries
BEGIN SELECT raise(ABORT, 'a card ledger is append-only'); END;

-- Where a card stands now. period_id: the last one sold; number and valid_until are its newest.
ALTER TABLE cards ADD COLUMN period_id INTEGER REFERENCES card_periods (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cards ADD COLUMN suspended_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cards ADD COLUMN suspended_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX cards_expiring ON cards (valid_until) WHERE closed_event_id IS NULL;

-- Cards from before.
INSERT INTO card_periods (id, card_id, terms_id, starts_on, ends_on, event_id)
SELECT c.id, c.id, (SELECT t.id FROM card_terms t WHERE t.type_id = c.type_id
    ORDER BY t.event_id < c.event_id DESC, CASE WHEN t.event_id < c.event_id THEN -t.version ELSE t.version END LIMIT 1),
  c.opened_on, c.valid_until, c.event_id
FROM cards c;
UPDATE cards SET period_id = id;
INSERT INTO card_numbers (id, number, card_id, event_id) SELECT id, number, id, event_id FROM cards;
INSERT INTO card_people (card_id, patient_id, event_id, removed_event_id)
SELECT id, patient_id, event_id, closed_event_id FROM cards;
INSERT INTO card_steps (card_id, kind, day, event_id) SELECT id, 'opened', opened_on, event_id FROM cards;
INSERT INTO card_steps (card_id, kind, day, reason, before, event_id)
SELECT c.id, 'closed', substr(e.at, 1, 10), c.closed_reason, '{"closed_event_id":null,"closed_reason":""}', e.id
FROM cards c JOIN events e ON e.id = c.closed_event_id;
INSERT INTO card_entries (card_id, period_id, what, amount, balance, day, event_id)
SELECT id, id, 'price', price_fen, price_fen, opened_on, event_id FROM cards WHERE price_fen > 0;
