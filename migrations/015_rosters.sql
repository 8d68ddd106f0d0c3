-- Where a list of people comes from: an old Excel list, another clinic's programme. Its numbers for people stand in
-- patient_identifiers under 'roster:<id>' and 'rostercard:<id>'.
CREATE TABLE roster_sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What a source's column means, as a person confirmed it last. heading: in its one spelling.
CREATE TABLE roster_mappings (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES roster_sources (id),
  heading TEXT NOT NULL,
  meaning TEXT NOT NULL,
  date_order TEXT CHECK (date_order IN ('ymd', 'dmy', 'mdy')),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX roster_mappings_live ON roster_mappings (source_id, heading) WHERE retired_event_id IS NULL;

-- Who is meant by a name a source writes for its doctors and managers; staff_id: none for somebody who is not here.
CREATE TABLE roster_names (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES roster_sources (id),
  role TEXT NOT NULL CHECK (role IN ('doctor', 'manager')),
  written TEXT NOT NULL,
  staff_id INTEGER REFERENCES staff (id),
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  retired_event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE UNIQUE INDEX roster_names_live ON roster_names (source_id, role, written) WHERE retired_event_id IS NULL;

-- One list. What is to be done with it is its state; who does it holds the claim until the lease is over.
-- Lines are compared, filed and taken back in chunks, each passed by in its own transaction: a crash repeats and loses nothing.
CREATE TABLE rosters (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES roster_sources (id),
  file_name TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'read', 'comparing', 'ready', 'filing', 'stopped', 'done', 'undoing', 'undone', 'dropped'
  )),
  columns TEXT NOT NULL CHECK (json_valid(columns)),
  headings TEXT NOT NULL,
  ages_on TEXT CHECK (ages_on GLOB '????-??-??'),
  lines INTEGER NOT NULL,
  next_line INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  progress INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  leased_until TEXT,
  event_id INTEGER NOT NULL REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX rosters_by_source ON rosters (source_id);
CREATE INDEX rosters_due ON rosters (state) WHERE state IN ('comparing', 'filing', 'undoing');

-- A line as it came, whom it may be about, what was decided and what became of it. alike_id: somebody registered;
-- alike_line: an earlier line of the same list. because, against: what speaks for and against their being one person.
-- reason: why it waits though nobody is like it. left_cells: what could not be taken over and nobody has looked at yet, as [place, reason].
-- event_id: the taking over. before: how the person stood, what was filled in, which note was written; by it a list is taken back.
CREATE TABLE roster_lines (
  id INTEGER PRIMARY KEY,
  roster_id INTEGER NOT NULL REFERENCES rosters (id),
  line INTEGER NOT NULL,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  reason TEXT NOT NULL DEFAULT '',
  score INTEGER NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100),
  because TEXT NOT NULL DEFAULT '',
  against TEXT NOT NULL DEFAULT '',
  alike_id INTEGER REFERENCES patients (id),
  alike_line INTEGER,
  decision TEXT CHECK (decision IN ('new', 'same', 'skip')),
  outcome TEXT CHECK (outcome IN ('registered', 'joined', 'known', 'skipped', 'undone')),
  patient_id INTEGER REFERENCES patients (id),
  left_cells TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(left_cells)),
  before TEXT CHECK (json_valid(before)),
  event_id INTEGER REFERENCES events (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (patient_id IS NULL OR outcome IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX roster_lines_by_line ON roster_lines (roster_id, line);
CREATE INDEX roster_lines_by_roster ON roster_lines (roster_id, id);
CREATE INDEX roster_lines_left ON roster_lines (roster_id, id) WHERE left_cells <> '[]';
CREATE INDEX roster_lines_by_patient ON roster_lines (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX roster_lines_by_alike ON roster_lines (alike_id) WHERE alike_id IS NOT NULL;
