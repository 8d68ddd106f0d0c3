-- Each time the clinic's file was looked over: when, how long it took, what was found, in which tables, what was mended at once.
CREATE TABLE file_checks (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
  seconds REAL NOT NULL CHECK (seconds >= 0),
  damaged INTEGER NOT NULL CHECK (damaged IN (0, 1)),
  findings TEXT NOT NULL CHECK (json_type(findings) = 'array'),
  places TEXT NOT NULL CHECK (json_type(places) = 'array'),
  mended TEXT NOT NULL CHECK (json_type(mended) = 'array')
) STRICT;
