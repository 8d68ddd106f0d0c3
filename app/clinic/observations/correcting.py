"""Corrections: a new version beside the old one, and everything computed from it anew."""

from app.clinic import catalogue
from app.clinic.observations import queries
from app.clinic.observations.actions import RETIRE, check_when, insert, shown
from app.clinic.observations.derived import INPUTS
from app.clinic.observations.filing import abnormal, derived_row, rows, usable
from app.clinic.observations.shapes import NewValue, Observation, Row
from app.clinic.patients import Patient
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.words import N_

GLUCOSE = ("GLU", "FPG", "RPG")  # a correction may say which of these it was


def correct(
    db: Database, actor: Actor, patient: Patient, id: int, new: NewValue | None, reason: str, taken_at: str | None = None
) -> int | None:
    """Replace a value by a new version, or strike it out (new=None); the new id.

    Only glucose may change its code, to say what it was. Raises Conflict when somebody was faster.
    """
    old = _present(db, patient, id)
    _check_correction(old, new, reason, taken_at)
    with db.change(actor, "observation.corrected", patient.id) as details:
        if not db.execute(RETIRE, id=id, event=details.event_id):
            raise _stale(db, patient, old, new)
        made = replace(db, patient, old, new, taken_at or old.taken_at, details.event_id)
        own = made[0] if new else None
        new_id = own.columns["id"] if own else None
        details |= {
            "observation": new_id, "replaces": id, "code": old.code, "reason": reason,
            "taken_at": old.taken_at, "was": old.shown, "now": shown(own) if own else None, "abnormal": abnormal(made),
            **({"became": new.code} if new and new.code != old.code else {}),
        }
    return new_id


def _present(db: Database, patient: Patient, id: int) -> Observation:
    old = queries.observation(db, patient.id, id)
    if old is None:
        raise NotFound()
    return old


def _check_correction(old: Observation, new: NewValue | None, reason: str, taken_at: str | None) -> None:
    if old.derived:
        raise Refusal(N_("This value is computed. Correct what it was computed from."))
    errors = {}
    if not reason.strip():
        errors["reason"] = N_("Please say why.")
    if new and new.code != old.code and not {new.code, old.code} <= set(GLUCOSE):
        errors["code"] = N_("This is another indicator: strike this value out and record the right one.")
    if errors:
        raise Invalid(errors)
    check_when(taken_at or old.taken_at)


def _stale(db: Database, patient: Patient, old: Observation, new: NewValue | None) -> Conflict:
    newest = next((value for value in queries.series(db, patient.id, old.code) if value.taken_at == old.taken_at), None)
    mine = new.written or str(new.value) if new else "—"
    return Conflict(
        N_("Somebody else has corrected this value in the meantime."),
        [(N_("Result"), mine, newest.shown if newest else "—")],
    )


def replace(db, patient, old: Observation, new: NewValue | None, taken_at: str, event_id: int) -> list[Row]:
    """The new version first, then everything that is computed from it, anew."""
    limits = catalogue.in_force(db)
    made = rows(patient, taken_at, [new], limits, queries.next_id(db))[:1] if new else []
    if made and made[0].columns["value"] == old.value:
        reported = {"reported_value": old.reported_value, "reported_unit": old.reported_unit}
        made = [Row(made[0].columns | reported)]
    insert(db, made, old.report_id, event_id, replaces=old.id)
    for computed in queries.dependents(db, [old.id]):
        db.execute(RETIRE, id=computed.id, event=event_id)
        made += _recompute(db, patient, computed, old, made[:1], taken_at, limits, event_id)
    if new and len(made) == 1:
        made += _computable(db, patient, old, made[0], taken_at, limits, event_id)
    return made


def _recompute(db, patient, computed, old, new: list[Row], taken_at, limits, event_id) -> list[Row]:
    sources = {value.code: (value.id, value.value) for value in queries.inputs(db, computed.id) if value.id != old.id}
    row = derived_row(patient, taken_at, computed.code, sources | usable(r.columns for r in new), limits, queries.next_id(db))
    if row is None:
        return []
    insert(db, [row], computed.report_id, event_id, replaces=computed.id)
    return [row]


def _computable(db, patient, old, own: Row, taken_at, limits, event_id) -> list[Row]:
    """What nothing could be computed from before may now be enough, as `<5` becoming 50 for eGFR."""
    for code, needed in INPUTS.items():
        beside = queries.report_values(db, patient.id, old.report_id) if old.report_id else []
        if needed == (own.columns["code"],) and all(value.code != code for value in beside):
            row = derived_row(patient, taken_at, code, usable([own.columns]), limits, queries.next_id(db))
            if row:
                insert(db, [row], old.report_id, event_id)
                return [row]
    return []
