"""Pairs of records that look like one person's: found once a week, looked at by somebody, joined or told apart for good."""

import json
from itertools import combinations

import msgspec

from app.clinic.patients import queries
from app.clinic.patients.belongings import belongs
from app.clinic.patients.duplicates import facts_of
from app.clinic.patients.joined import in_place_of
from app.clinic.patients.likeness import LISTED, because, score
from app.clinic.patients.phones import show_phone
from app.clinic.patients.shapes import Likeness, Patient
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.words import N_

for _column in ("first_id", "second_id"):
    belongs("duplicate_pairs", _column, stays=True)

events.declare("duplicates.found", N_("Looked for people who are registered twice: %(n)s new pairs"), clinical=False)
events.declare("duplicates.compared", N_("Compared two records: %(first)s and %(second)s"), clinical=False)
events.declare("patient.told_apart", N_("Not the same person as %(other)s"), clinical=False)
events.declare("patient.told_apart_undone", N_("Whether this is the same person as %(other)s is open again"), clinical=False)

CHUNK = 100
FAMILY = 8  # more people than this on one number is a workplace, not a household


class Pair(msgspec.Struct, frozen=True):
    """score: 0 to 100. because: words' ids, the strongest first."""

    id: int
    first: Patient
    second: Patient
    score: int
    because: tuple[str, ...]
    phones: tuple[str, str]
    told_apart: int = 0


_PAIR = "SELECT d.id, d.first_id, d.second_id, d.score, d.because, d.told_apart_event_id IS NOT NULL FROM duplicate_pairs d"
_BOTH = """
JOIN patients a ON a.id = d.first_id AND a.withdrawn_event_id IS NULL
JOIN patients b ON b.id = d.second_id AND b.withdrawn_event_id IS NULL
"""
OPEN = f"{_PAIR} {_BOTH} WHERE d.told_apart_event_id IS NULL AND d.score > 0 ORDER BY d.score DESC, d.id LIMIT :most OFFSET :skip"
APART = f"{_PAIR} {_BOTH} WHERE d.told_apart_event_id IS NOT NULL ORDER BY d.told_apart_event_id DESC LIMIT :most OFFSET :skip"
COUNT = f"SELECT count(*) FROM duplicate_pairs d {_BOTH} WHERE d.told_apart_event_id IS NULL AND d.score > 0"
ONE = f"{_PAIR} {_BOTH} WHERE d.id = :id"


def pairs(db: Database, *, apart: bool = False, page: int = 1, size: int = 50) -> tuple[list[Pair], bool]:
    """A page, the likeliest first, and whether there is another. apart: those somebody has told apart instead."""
    rows = db.all(tuple, APART if apart else OPEN, most=size + 1, skip=(page - 1) * size)
    return _whole(db, rows[:size]), len(rows) > size


def pair(db: Database, pair_id: int) -> Pair | None:
    """None where one of the two has been joined or taken out."""
    found = _whole(db, db.all(tuple, ONE, id=pair_id))
    return found[0] if found else None


def open_pairs(db: Database) -> int:
    return db.value(COUNT)


def _whole(db: Database, rows: list[tuple]) -> list[Pair]:
    ids = sorted({id for row in rows for id in row[1:3]})
    people, phones = queries.get_many(db, ids), queries.phones_of(db, ids)
    return [
        Pair(id, people[one], people[other], points, tuple(json.loads(why)), (_shown(phones, one), _shown(phones, other)), apart)
        for id, one, other, points, why, apart in rows if one in people and other in people
    ]


def _shown(phones: dict[int, str], id: int) -> str:
    return show_phone(phones[id]) if id in phones else ""


# ── what a person does ──

PUT = """
INSERT INTO duplicate_pairs (first_id, second_id, score, because, event_id) VALUES (:first, :second, :score, :because, :event)
ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score, because = excluded.because
"""
KNOWN = "SELECT id FROM duplicate_pairs WHERE first_id = :first AND second_id = :second"


def compare(db: Database, actor: Actor, one_id: int, other_id: int) -> int:
    """The pair of these two, to be looked at side by side; its id."""
    first, second = sorted((one_id, other_id))
    people = queries.get_many(db, [first, second])
    if first == second:
        raise Invalid({"other": N_("This is the same record.")})
    if len(people) < 2:
        raise NotFound()
    if known := db.value(KNOWN, first=first, second=second):
        return known
    facts = facts_of(db, [first, second])
    with db.change(actor, "duplicates.compared") as details:
        details |= {"first": people[first].number, "second": people[second].number}
        _put(db, first, second, because(facts[first], facts[second]), details.event_id)
    return db.value(KNOWN, first=first, second=second)


def keep_apart(db: Database, actor: Actor, patient_id: int, alike: list[Likeness]) -> None:
    """Said while registering or correcting: none of these is this person. Of those the weekly look would ask about."""
    for one in alike:
        if one.score >= LISTED and not one.patient.restricted:
            tell_apart(db, actor, compare(db, actor, patient_id, one.patient.id))


def tell_apart(db: Database, actor: Actor, pair_id: int) -> None:
    """They are two people: remembered, and not asked again. Twice changes nothing."""
    _turn(db, actor, pair_id, apart=True)


def ask_again(db: Database, actor: Actor, pair_id: int) -> None:
    _turn(db, actor, pair_id, apart=False)


def _turn(db: Database, actor: Actor, pair_id: int, apart: bool) -> None:
    one = pair(db, pair_id)
    if one is None:
        raise NotFound()
    if bool(one.told_apart) == apart:
        return
    kind = "patient.told_apart" if apart else "patient.told_apart_undone"
    with db.change(actor, kind, one.first.id) as details:
        details |= {"other": one.second.number, "pair": pair_id}
        with db.change(actor, kind, one.second.id) as own:
            own |= {"other": one.first.number, "pair": pair_id}
        db.update("duplicate_pairs", pair_id, {"told_apart_event_id": details.event_id if apart else None})


# ── looking through everybody ──

SAME_PHONE = """
WITH shared AS (
  SELECT number FROM patient_phones WHERE retired_event_id IS NULL
  GROUP BY number HAVING count(DISTINCT patient_id) BETWEEN 2 AND :family
)
SELECT json_group_array(DISTINCT h.patient_id) FROM shared CROSS JOIN patient_phones h ON h.number = shared.number
WHERE h.retired_event_id IS NULL GROUP BY h.number
"""
# The beginning of somebody's name, in characters or pinyin, together with the day they were born.
SAME_NAME = """
SELECT json_group_array(DISTINCT p.id) FROM patient_keys k CROSS JOIN patients p ON p.id = k.patient_id
WHERE k.place IN (0, 2) AND p.birth_date IS NOT NULL AND p.withdrawn_event_id IS NULL AND k.key GLOB '[^0-9]*'
GROUP BY k.key, substr(p.birth_date, 1, 4) || CASE WHEN p.birth_about THEN '' ELSE substr(p.birth_date, 5) END
HAVING count(DISTINCT p.id) BETWEEN 2 AND :family
"""
SAME_UNDATED = """
SELECT json_group_array(DISTINCT p.id) FROM patients p JOIN patient_phones h ON h.patient_id = p.id
WHERE p.withdrawn_event_id IS NULL AND p.name_is_number = 0 AND h.retired_event_id IS NULL AND p.name IN (
  SELECT name FROM patients WHERE birth_date IS NULL AND withdrawn_event_id IS NULL)
GROUP BY p.name, h.number HAVING count(DISTINCT p.id) > 1
"""
TOLD_APART = "SELECT first_id, second_id FROM duplicate_pairs WHERE told_apart_event_id IS NOT NULL"
STANDING = "SELECT first_id, second_id, score FROM duplicate_pairs WHERE told_apart_event_id IS NULL AND score > 0"


def look_through(db: Database) -> int:
    """Everybody against everybody, by what is sorted already; how many pairs are new. Only differences are written."""
    found = _candidates(db)
    facts = facts_of(db, sorted({id for both in found for id in both}))
    alike = {both: because(facts[both[0]], facts[both[1]]) for both in found - _apart(db) if facts.keys() >= set(both)}
    likely = {both: why for both, why in alike.items() if score(why) >= LISTED}
    standing = {(first, second): points for first, second, points in db.all(tuple, STANDING)}
    fresh = [(both, why) for both, why in likely.items() if standing.get(both) != score(why)]
    gone = [(both, ()) for both in standing.keys() - likely.keys() if standing[both] >= LISTED]
    _write(db, fresh + gone)
    return len(likely.keys() - standing.keys())


def _candidates(db: Database) -> set[tuple[int, int]]:
    groups = [json.loads(ids) for sql in (SAME_PHONE, SAME_NAME) for ids in db.all(str, sql, family=FAMILY)]
    groups += [json.loads(ids) for ids in db.all(str, SAME_UNDATED)]
    return {both for ids in groups for both in combinations(sorted(ids), 2)}


def _apart(db: Database) -> set[tuple[int, int]]:
    """Told apart, themselves or as the records they were before they were joined to others."""
    told = db.all(tuple, TOLD_APART)
    now = in_place_of(db, sorted({id for both in told for id in both}))
    return {tuple(sorted(now.get(id, id) for id in both)) for both in told}


def _write(db: Database, found: list[tuple[tuple[int, int], tuple[str, ...]]]) -> None:
    for some in (found[n:n + CHUNK] for n in range(0, len(found), CHUNK)):
        with db.change(None, "duplicates.found") as details:
            details["n"] = len(some)
            for (first, second), why in some:
                _put(db, first, second, why, details.event_id)


def _put(db: Database, first: int, second: int, why: tuple[str, ...], event: int) -> None:
    db.execute(PUT, first=first, second=second, score=score(why), because=json.dumps(why), event=event)
