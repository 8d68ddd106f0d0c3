"""Taking a whole list back, in chunks: whom it registered and nobody touched since goes, who was filled in is as before."""

import msgspec

from app.clinic import patients, records
from app.clinic.exams import HOLD, Lost, Pace, Told, chunked
from app.clinic.rosters import queries
from app.clinic.rosters.matching import systems
from app.clinic.rosters.running import renew, rest, starter
from app.clinic.rosters.shapes import Before, Line, Roster
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.words import N_

events.declare(
    "roster.undone",
    N_("Took the list %(file)s back: %(people)s people; %(kept)s stay, somebody has done something with them since"),
    clinical=False,
)
events.declare("roster.given_back", N_("Is again as before the list %(file)s"), clinical=False)

UNTAKEN = N_("The list was taken back.")

# The newest first, so that a person is emptied in the order they were filled.
FILED = """
SELECT id FROM roster_lines WHERE roster_id = :roster AND outcome IN ('registered', 'joined', 'known') AND id < :before
ORDER BY id DESC LIMIT :limit
"""
TOTAL = "SELECT count(*) FROM roster_lines WHERE roster_id = :roster AND outcome IN ('registered', 'joined', 'known')"
# What the house does by itself is nobody's doing, nor is looking; what a list of people did is what is being taken back.
TOUCHED = """
SELECT EXISTS (SELECT 1 FROM events e LEFT JOIN events c ON c.id = e.cause_id
  WHERE e.patient_id = :patient AND e.id > :since AND e.kind NOT LIKE 'roster.%' AND e.kind NOT LIKE 'list.%'
    AND coalesce(c.kind, '') NOT LIKE 'roster.%'
    AND NOT (e.actor_id IS NULL AND (e.kind LIKE 'tag.%' OR e.kind LIKE 'work.%' OR e.kind LIKE 'duplicates.%')))
"""
DROP_IDENTIFIER = """
UPDATE patient_identifiers SET retired_event_id = :event
WHERE patient_id = :patient AND system = :system AND value = :value AND retired_event_id IS NULL
"""
DROP_KEY = "DELETE FROM patient_keys WHERE place = :place AND key = :key AND patient_id = :patient"


def take_back(db: Database, roster: Roster, claim: str, hold: float = HOLD, told: Told | None = None) -> None:
    """Undo every line that was filed; ends quietly when the claim is lost."""
    actor, pace, before, done = starter(db, roster), Pace(hold), 2**62, 0
    total = db.value(TOTAL, roster=roster.id)
    try:
        while ids := db.all(int, FILED, roster=roster.id, before=before, limit=pace.size):
            with chunked(db, pace, len(ids)):
                renew(db, roster, claim, done)
                for id in ids:
                    _undo(db, actor, roster, queries.line(db, id))
            before, done = ids[-1], done + len(ids)
            if told:
                told(done, total)
        with db.change(actor, "roster.undone") as details:
            renew(db, roster, claim, done)
            counts = queries.counts(db, roster.id)
            details |= {"file": roster.file_name, "roster": roster.id, "people": counts.undone, "kept": counts.registered}
            rest(db, roster.id, "undone")
    except Lost:
        return


def _undo(db: Database, actor: Actor | None, roster: Roster, line: Line) -> None:
    patient = patients.get(db, line.patient_id) if line.patient_id else None
    if patient and patient.restricted:  # nothing is written about them, so this line stays
        return
    if line.outcome == "registered":
        if patient and _touched(db, line):
            return
        if patient:
            _forget_numbers(db, patient, roster)
            patients.withdraw(db, actor, patient.id, UNTAKEN)
    elif patient and line.before:
        _give_back(db, actor, roster, patient, msgspec.json.decode(line.before, type=Before))
    db.update("roster_lines", line.id, {"outcome": "undone"})


def _touched(db: Database, line: Line) -> bool:
    return bool(db.value(TOUCHED, patient=line.patient_id, since=line.event_id))


def _give_back(db: Database, actor: Actor | None, roster: Roster, patient: patients.Patient, before: Before) -> None:
    """What the list filled in goes, unless somebody has changed it since."""
    with db.change(actor, "roster.given_back", patient.id) as details:
        details |= {"file": roster.file_name, "roster": roster.id}
        now = patients.as_new(db, patient)
        was, became = (msgspec.convert(one, patients.NewPatient) for one in (before.was, before.became))
        if (back := as_before(now, was, became)) != now:
            patients.edit(db, actor, patient.id, patient.version, back)
        for system, value in before.numbers:
            db.execute(DROP_IDENTIFIER, patient=patient.id, system=system, value=value, event=details.event_id)
            _drop_keys(db, patient, value)
        if before.note is not None:
            _withdraw_note(db, actor, patient.id, before.note)


def as_before(now: patients.NewPatient, was: patients.NewPatient, became: patients.NewPatient) -> patients.NewPatient:
    """Field by field: what is still as it became is again as it was; of several things those that were added go."""
    changes = {}
    for field in now.__struct_fields__:
        here, old, new = getattr(now, field), getattr(was, field), getattr(became, field)
        if old == new:
            continue
        if isinstance(here, tuple):
            changes[field] = tuple(one for one in here if one in old or one not in new)
        elif here == new:
            changes[field] = old
    return msgspec.structs.replace(now, **changes)


def _withdraw_note(db: Database, actor: Actor | None, patient_id: int, note: int) -> None:
    notes = records.section("notes")
    if actor and any(entry.id == note for entry in records.notes(db, patient_id)):
        records.withdraw(db, actor, patient_id, notes, note, UNTAKEN)


def _forget_numbers(db: Database, patient: patients.Patient, roster: Roster) -> None:
    for system, value in queries.numbers_of(db, [patient.id]).identifiers[patient.id]:
        if system in systems(roster.source_id):
            _drop_keys(db, patient, value)


def _drop_keys(db: Database, patient: patients.Patient, value: str) -> None:
    """Except those by which the person is found anyway."""
    others = patients.keys_of(db, patient)
    for key, place in patients.number_keys(value).items():
        if key not in others:
            db.execute(DROP_KEY, place=place, key=key, patient=patient.id)
