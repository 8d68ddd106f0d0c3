import json

import msgspec

from app.clinic import patients
from app.clinic.rosters.columns import Remembered
from app.clinic.rosters.shapes import Counts, Line, Pile, Roster, Source
from app.core.db import Database

PAGE = 30

patients.belongs("roster_lines")
patients.belongs("roster_lines", "alike_id")

SOURCES = "SELECT id, name FROM roster_sources ORDER BY name"


def sources(db: Database) -> list[Source]:
    return db.all(Source, SOURCES)


SOURCE = "SELECT id, name FROM roster_sources WHERE name = :name"


def source(db: Database, name: str) -> Source | None:
    return db.one(Source, SOURCE, name=name)


BY_HEADINGS = """
SELECT s.name FROM rosters r JOIN roster_sources s ON s.id = r.source_id WHERE r.headings = :headings ORDER BY r.id DESC LIMIT 1
"""


def source_by_headings(db: Database, headings: str) -> str | None:
    """Where a list with exactly these headings last came from."""
    return db.value(BY_HEADINGS, headings=headings)


REMEMBERED = "SELECT heading, meaning, date_order FROM roster_mappings WHERE source_id = :source AND retired_event_id IS NULL"


def remembered(db: Database, source_id: int) -> dict[str, Remembered]:
    return {row[0]: Remembered(*row) for row in db.all(tuple, REMEMBERED, source=source_id)}


MEANT = "SELECT role, written, staff_id FROM roster_names WHERE source_id = :source AND retired_event_id IS NULL"


def meant(db: Database, source_id: int) -> dict[tuple[str, str], int | None]:
    """(role, name as written) → who is meant."""
    return {(role, written): staff_id for role, written, staff_id in db.all(tuple, MEANT, source=source_id)}


_ROSTER = """
SELECT r.id, r.source_id, s.name AS source, r.file_name, r.file_hash, r.state, r.columns, r.ages_on, r.lines, r.next_line, r.problem,
  r.progress, e.actor_id, e.at
FROM rosters r JOIN roster_sources s ON s.id = r.source_id JOIN events e ON e.id = r.event_id
"""
ROSTER = f"{_ROSTER} WHERE r.id = :id"


def roster(db: Database, id: int) -> Roster | None:
    return db.one(Roster, ROSTER, id=id)


ROSTERS = f"{_ROSTER} ORDER BY r.id DESC LIMIT :limit OFFSET :offset"


def rosters(db: Database, page: int = 1) -> list[Roster]:
    """Newest first, one more than a page where there are more."""
    return db.all(Roster, ROSTERS, limit=PAGE + 1, offset=(page - 1) * PAGE)


# held: follows an earlier line about which nobody has decided.
COUNTS = """
SELECT coalesce(sum(outcome = 'registered'), 0) AS registered, coalesce(sum(outcome = 'joined'), 0) AS joined,
  coalesce(sum(outcome = 'known'), 0) AS known, coalesce(sum(outcome = 'skipped'), 0) AS skipped,
  coalesce(sum(outcome = 'undone'), 0) AS undone,
  coalesce(sum(outcome IS NULL AND decision = 'new'), 0) AS to_register,
  coalesce(sum(outcome IS NULL AND decision = 'same' AND NOT held), 0) AS to_join,
  coalesce(sum(outcome IS NULL AND decision = 'skip'), 0) AS to_skip,
  coalesce(sum(outcome IS NULL AND (decision IS NULL OR held) AND reason = ''), 0) AS waiting,
  coalesce(sum(outcome IS NULL AND decision IS NULL AND reason <> ''), 0) AS unreadable,
  coalesce(sum(left_cells <> '[]' AND outcome IN ('registered', 'joined', 'known')), 0) AS cells
FROM (SELECT l.*, coalesce(l.decision = 'same' AND l.alike_id IS NULL AND e.outcome IS NULL AND e.decision IS NULL, 0) AS held
  FROM roster_lines l LEFT JOIN roster_lines e ON e.roster_id = l.roster_id AND e.line = l.alike_line WHERE l.roster_id = :roster)
"""


def counts(db: Database, roster_id: int) -> Counts:
    return db.one(Counts, COUNTS, roster=roster_id)


_LINE = """
SELECT id, roster_id, line, cells, reason, score, because, against, alike_id, alike_line, decision, outcome, patient_id, left_cells,
  before, event_id FROM roster_lines
"""
LINE = f"{_LINE} WHERE id = :id"


def line(db: Database, id: int) -> Line | None:
    return db.one(Line, LINE, id=id)


LINE_AT = f"{_LINE} WHERE roster_id = :roster AND line = :line"


def line_at(db: Database, roster_id: int, line: int) -> Line | None:
    return db.one(Line, LINE_AT, roster=roster_id, line=line)


DECIDED = f"""
{_LINE} WHERE roster_id = :roster AND outcome IS NULL AND decision IS NOT NULL AND id > :after ORDER BY id LIMIT :limit
"""


def decided(db: Database, roster_id: int, after: int, limit: int) -> list[Line]:
    """Lines that can be filed."""
    return db.all(Line, DECIDED, roster=roster_id, after=after, limit=limit)


# What a person is asked about: everything alike, and what cannot be read; what is plainly new is not.
PILES = """
SELECT score, because, against, alike_id IS NOT NULL AS here, reason, count(*) AS lines, sum(decision IS NULL) AS waiting,
  coalesce(group_concat(DISTINCT decision), '') AS decided
FROM roster_lines
WHERE roster_id = :roster AND outcome IS NULL AND (because <> '' OR reason <> '')
GROUP BY score, because, against, here, reason ORDER BY sum(decision IS NULL) > 0 DESC, score DESC, count(*) DESC, because, against, here
"""


def piles(db: Database, roster_id: int) -> list[Pile]:
    return db.all(Pile, PILES, roster=roster_id)


_OF_PILE = """
roster_id = :roster AND outcome IS NULL AND because = :because AND against = :against AND (alike_id IS NOT NULL) = :here AND reason = :reason
"""
OF_PILE = f"{_LINE} WHERE {_OF_PILE} AND id > :after ORDER BY id LIMIT :limit"


def of_pile(db: Database, roster_id: int, pile: Pile, after: int = 0, limit: int = PAGE) -> list[Line]:
    return db.all(
        Line, OF_PILE, roster=roster_id, because=pile.because, against=pile.against, here=pile.here, reason=pile.reason, after=after,
        limit=limit,
    )


# what was said of one line stands; deciding again, for which the decision is NULL, takes back all
DECIDE_PILE = f"UPDATE roster_lines SET decision = :decision WHERE {_OF_PILE} AND (:decision IS NULL OR decision IS NULL)"

LEFT = f"""
{_LINE} WHERE roster_id = :roster AND left_cells <> '[]'
  AND outcome IN ('registered', 'joined', 'known') AND id > :after ORDER BY id LIMIT :limit
"""


def left(db: Database, roster_id: int, after: int = 0, limit: int = PAGE) -> list[Line]:
    """Lines that were filed, of which something could not be taken over and nobody has looked yet."""
    return db.all(Line, LEFT, roster=roster_id, after=after, limit=limit)


CELL_PILES = """
SELECT json_extract(c.value, '$[1]') AS why, count(*) FROM roster_lines l, json_each(l.left_cells) c
WHERE l.roster_id = :roster AND l.left_cells <> '[]' AND l.outcome IN ('registered', 'joined', 'known') GROUP BY why ORDER BY count(*) DESC, why
"""


def cell_piles(db: Database, roster_id: int) -> list[tuple[str, int]]:
    """(reason, how many cells were left for it)."""
    return db.all(tuple, CELL_PILES, roster=roster_id)


OURS = "SELECT number, id FROM patients WHERE number IN (SELECT value FROM json_each(:numbers)) AND withdrawn_event_id IS NULL"


def ours(db: Database, numbers: list[str]) -> dict[str, int]:
    """Whose our own patient numbers are."""
    return dict(db.all(tuple, OURS, numbers=json.dumps(numbers))) if numbers else {}


NUMBERS_OF = """
SELECT patient_id, system, value FROM patient_identifiers
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
"""
PHONES_OF = """
SELECT patient_id, number FROM patient_phones WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND retired_event_id IS NULL
"""


class Numbers(msgspec.Struct):
    identifiers: dict[int, list[tuple[str, str]]]
    phones: dict[int, list[str]]


def numbers_of(db: Database, ids: list[int]) -> Numbers:
    """Every identifier and phone of these people."""
    found = Numbers({id: [] for id in ids}, {id: [] for id in ids})
    for id, system, value in db.all(tuple, NUMBERS_OF, ids=json.dumps(ids)):
        found.identifiers[id].append((system, value))
    for id, number in db.all(tuple, PHONES_OF, ids=json.dumps(ids)):
        found.phones[id].append(number)
    return found


KEPT = """
SELECT l.patient_id FROM roster_lines l JOIN patients p ON p.id = l.patient_id
WHERE l.roster_id = :roster AND l.outcome = 'registered' AND p.withdrawn_event_id IS NULL ORDER BY l.id LIMIT :limit
"""


def kept(db: Database, roster_id: int, limit: int = PAGE) -> list[int]:
    """Whom a list registered and who is still here."""
    return db.all(int, KEPT, roster=roster_id, limit=limit)
