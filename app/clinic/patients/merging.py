"""Two records become one person's, and one can become two again, exactly.

What every row said before is kept, so undoing does not guess: a column goes back to what it was unless somebody has
changed it since. Findings, tags and work settle by themselves, by the listeners that follow every write.
"""

import json
from collections.abc import Collection
from typing import Any

from app.clinic.patients.belongings import Picture, belongs, move, moving, picture, primary
from app.clinic.patients.choosing import COLUMNS, choices
from app.clinic.patients.joined import Merge, merge_of, merges_into
from app.clinic.patients.queries import get
from app.clinic.patients.shapes import Patient
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.words import N_, _

JOINED = ("patient.merged", "patient.unmerged")  # after these everything that follows from facts is looked at anew

events.declare("patient.merged", N_("The record %(gone)s was joined to this one"), clinical=False)
events.declare("patient.merged_away", N_("Joined to the record %(kept)s"), clinical=False)
events.declare("patient.unmerged", N_("The records %(gone)s and %(kept)s are two again"), clinical=False)

for _column in ("gone_id", "kept_id"):
    belongs("merges", _column, stays=True)
belongs("patient_keys", stays=True)

CARDS = frozenset({"cards", "card_people"})  # of one person at most one is good: somebody says which
STALE = N_("Somebody changed one of the two records meanwhile. Please compare them again.")
RETIRE_DOCUMENT = """
UPDATE patient_identifiers SET retired_event_id = :event
WHERE patient_id = :id AND system = :system AND retired_event_id IS NULL
"""


def merge(
    db: Database, actor: Actor, kept_id: int, gone_id: int, taken: Collection[str] = (), card_of: int | None = None,
    seen: tuple[int, int] | None = None,
) -> int:
    """Join `gone` to `kept`; the joining's id. taken: the fields that are `gone`'s to say.

    card_of: whose open card stays where both have one. seen: both versions that were compared. Raises Conflict.
    """
    with db.aside():
        kept, gone = _two(db, kept_id, gone_id, seen)
        before = picture(db, [kept_id, gone_id])
        with db.change(actor, "patient.merged", kept_id) as details:
            merge_id = db.insert("merges", {"gone_id": gone_id, "kept_id": kept_id, "event_id": details.event_id})
            numbers = {"merge": merge_id, "gone": gone.number, "kept": kept.number}
            with db.change(actor, "patient.merged_away", gone_id) as own:
                own |= numbers
            _settle_documents(db, kept, gone, taken, details.event_id)
            first = CARDS if card_of == gone_id else frozenset()
            ended = move(db, gone_id, kept_id, details.event_id, first)
            _take(db, kept, gone, taken, details.event_id)
            details |= {**numbers, "taken": sorted(taken), "ended": ended, "abnormal": []}
        db.listen()
        _keep(db, merge_id, before, picture(db, [kept_id, gone_id]), kept_id, gone_id)
    return merge_id


def _two(db: Database, kept_id: int, gone_id: int, seen: tuple[int, int] | None) -> tuple[Patient, Patient]:
    kept, gone = get(db, kept_id), get(db, gone_id)
    if kept is None or gone is None:
        raise NotFound()
    if kept_id == gone_id:
        raise Invalid({"": N_("This is the same record.")})
    if seen is not None and seen != (kept.version, gone.version):
        raise Conflict(STALE, [(one.name, *one.texts) for one in choices(db, kept, gone) if one.both])
    return kept, gone


def _settle_documents(db: Database, kept: Patient, gone: Patient, taken: Collection[str], event: int) -> None:
    """A person has one document of a kind: the other's number goes on finding them."""
    for one in choices(db, kept, gone):
        if one.id.startswith("document_") and all(one.texts):
            loser = kept if one.id in taken else gone
            db.execute(RETIRE_DOCUMENT, id=loser.id, system=one.id.removeprefix("document_"), event=event)


def _take(db: Database, kept: Patient, gone: Patient, taken: Collection[str], event: int) -> None:
    values: dict[str, Any] = {"version": kept.version + 1}
    for field in COLUMNS.keys() & set(taken):
        values |= {column: getattr(gone, column) for column in COLUMNS[field]}
    db.update("patients", gone.id, {"withdrawn_event_id": event})
    db.update("patients", kept.id, values)


# ── the journal ──

KEEP = "INSERT INTO merge_changes (merge_id, table_name, key, columns) VALUES (:merge, :table, :key, :columns)"


def _keep(db: Database, merge_id: int, before: Picture, after: Picture, kept: int, gone: int) -> None:
    """Every column that is not what it was, of every row there was."""
    for (table, key), was in before.items():
        now_key = key if (table, key) in after else _moved(db, table, was, kept, gone)
        now = after[table, now_key]
        if changed := {name: [was[name], now[name]] for name in was if was[name] != now[name]}:
            db.execute(KEEP, merge=merge_id, table=table, key=now_key, columns=json.dumps(changed))


def _moved(db: Database, table: str, was: dict[str, Any], kept: int, gone: int) -> str:
    """The key of a row whose person is part of it."""
    people = {one.column for one in moving() if one.table == table}
    return json.dumps([kept if name in people and was[name] == gone else was[name] for name in primary(db, table)])


# ── undoing ──

CHANGES = "SELECT table_name, key, columns FROM merge_changes WHERE merge_id = :merge"


def unmerge(db: Database, actor: Actor, merge_id: int) -> Merge:
    """Make two records of one again. What was recorded since stays where it is. Raises Refusal when a later one must go first."""
    with db.aside():
        one = standing(db, merge_id)
        with db.change(actor, "patient.unmerged", one.kept_id) as details:
            said = {"merge": one.id, "gone": one.gone_number, "kept": one.kept_number, "since": one.event_id, "abnormal": []}
            db.update("merges", one.id, {"undone_event_id": details.event_id})
            changes = [(table, key, json.loads(columns)) for table, key, columns in db.all(tuple, CHANGES, merge=one.id)]
            changes.sort(key=lambda change: not _moves(change[0], change[2]))  # who goes first makes room for what comes back
            for table, key, columns in changes:
                _restore(db, table, key, columns)
            _later_versions_go_too(db, one)
            details |= said
            with db.change(actor, "patient.unmerged", one.gone_id) as own:
                own |= said
    return one


def standing(db: Database, merge_id: int) -> Merge:
    """The joining, if it can be undone now."""
    one = merge_of(db, merge_id)
    if one is None or one.undone or get(db, one.kept_id) is None:
        raise NotFound()
    if (last := merges_into(db, one.kept_id)[0]).id != one.id:
        raise Refusal(N_("%(number)s was joined later: undo that first."), number=last.gone_number)
    return one


def _moves(table: str, columns: dict[str, list]) -> bool:
    return any(one.table == table and one.column in columns for one in moving())


def _restore(db: Database, table: str, key: str, columns: dict[str, list]) -> None:
    """Each column as it was, unless it has been changed since. The version only goes on: older forms must not fit again."""
    columns = {name: pair for name, pair in columns.items() if (table, name) != ("patients", "version")}
    names, ids = list(columns), json.loads(key)
    sets = ", ".join(f"{name} = CASE WHEN {name} IS :now{n} THEN :was{n} ELSE {name} END" for n, name in enumerate(names))
    where = " AND ".join(f"{name} = :key{n}" for n, name in enumerate(primary(db, table)))
    values = {f"was{n}": columns[name][0] for n, name in enumerate(names)} | {f"now{n}": columns[name][1] for n, name in enumerate(names)}
    if names:
        db.execute(f"UPDATE OR IGNORE {table} SET {sets} WHERE {where}", **values, **{f"key{n}": id for n, id in enumerate(ids)})


FOLLOW = """
UPDATE {table} SET {column} = :gone WHERE {column} = :kept
  AND replaces_id IN (SELECT id FROM {table} WHERE {column} = :gone)
"""


def _later_versions_go_too(db: Database, one: Merge) -> None:
    """What was corrected since is the person's whose it was."""
    for belonging in moving():
        if "replaces_id" in db.columns[belonging.table]:
            sql = FOLLOW.format(table=belonging.table, column=belonging.column)
            while db.execute(sql, gone=one.gone_id, kept=one.kept_id):
                pass
