-- A sold card keeps the price and validity it was opened with; a type is what the next card will be.
CREATE TABLE card_types (
  id INTEGER PRIMARY KEY,
  name_zh TEXT NOT NULL CHECK (name_zh <> ''),
  name_en TEXT NOT NULL CHECK (name_en <> ''),
  price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
  months INTEGER CHECK (months > 0),
  version INTEGER NOT NULL DEFAULT 1,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE cards (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  type_id INTEGER NOT NULL REFERENCES card_types (id),
  patient_id INTEGER NOT NULL REFERENCES patients (id),
  price_fen INTEGER NOT NULL CHECK (price_fen >= 0),
  opened_on TEXT NOT NULL CHECK (opened_on GLOB '????-??-??'),
  valid_until TEXT CHECK (valid_until GLOB '????-??-??'),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  closed_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  closed_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX cards_by_patient ON cards (patient_id);
CREATE UNIQUE INDEX cards_one_open ON cards (patient_id) WHERE closed_event_id IS NULL;
CREATE INDEX cards_by_type ON cards (type_id, patient_id) WHERE closed_event_id IS NULL;
