-- What somebody has typed into a form and not yet sent. It is nobody's record: only its author sees it, and it goes when
-- the form is sent. key: made by the page, so that two sittings at one form do not overwrite each other.
CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL CHECK (length(key) = 32),
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  page TEXT NOT NULL,
  form TEXT NOT NULL,
  title TEXT NOT NULL,
  fields TEXT NOT NULL CHECK (json_valid(fields)),
  saved_at TEXT NOT NULL,
  UNIQUE (staff_id, key)
) STRICT;
CREATE INDEX drafts_by_page ON drafts (staff_id, page);
