"""Writes: record, file, correct, strike out, withdraw. A value is never changed in place."""

from collections.abc import Sequence
from datetime import date

from app.clinic import catalogue
from app.clinic.observations import queries
from app.clinic.observations.derived import INPUTS
from app.clinic.observations.filing import abnormal, derived_row, rows, usable
from app.clinic.observations.shapes import NewValue, Observation, Row
from app.clinic.patients import Patient, age
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.words import N_, _

STAFF = "staff"
GLUCOSE = ("GLU", "FPG", "RPG")  # a correction may say which of these it was

RETIRE = "UPDATE observations SET retired_event_id = :event WHERE id = :id AND retired_event_id IS NULL"
RETIRE_REPORT = "UPDATE observations SET retired_event_id = :event WHERE report_id = :report AND retired_event_id IS NULL"

RECORDED = N_("Recorded %(values)s")
FILED = N_("Filed %(n)s results of %(day)s from %(source)s")
FILED_OUT = N_("Filed %(n)s results of %(day)s from %(source)s, %(out)s out of range: %(names)s")
CORRECTED = N_("Corrected %(name)s of %(day)s: %(was)s became %(now)s (%(reason)s)")
STRUCK = N_("Struck out %(name)s of %(day)s, %(was)s (%(reason)s)")
WITHDRAWN = N_("Withdrew %(n)s results of %(day)s (%(reason)s)")


def _tell_recorded(details: dict) -> str:
    told = [f"{catalogue.name_of(code)} {shown}" for code, shown in details["values"]]
    return _(RECORDED, values=_(", ").join(told))


def _tell_filed(details: dict) -> str:
    names = _(", ").join(catalogue.name_of(code) for code in details["abnormal"])
    sentence = FILED_OUT if details["abnormal"] else FILED
    return _(sentence, n=details["n"], day=details["taken_at"][:10], source=details["source"], names=names,
             out=len(details["abnormal"]))


def _tell_corrected(details: dict) -> str:
    sentence = CORRECTED if details["now"] is not None else STRUCK
    return _(sentence, **{**details, "name": catalogue.name_of(details["code"]), "day": details["taken_at"][:10]})


events.declare("observation.recorded", RECORDED, clinical=True, describe=_tell_recorded)
events.declare("report.filed", FILED, clinical=True, describe=_tell_filed)
events.declare("observation.corrected", CORRECTED, clinical=True, describe=_tell_corrected)
events.declare("report.withdrawn", WITHDRAWN, clinical=True)


def record(
    db: Database, actor: Actor, patient: Patient, taken_at: str, values: Sequence[NewValue], token: str | None = None
) -> int:
    """File what somebody measured, as one report; its id. The same token again files nothing."""
    _check_when(taken_at)
    if not values:
        raise Invalid({"": N_("Nothing was entered.")})
    with db.change(actor, "observation.recorded", patient.id) as details:
        if token and (filed := queries.by_token(db, token)):
            raise AlreadyFiled(filed)
        report_id, made = _file(db, patient, taken_at, STAFF, values, None, details.event_id, token)
        shown = [[row.columns["code"], _shown(row)] for row in made]
        details |= {"report": report_id, "taken_at": taken_at, "values": shown, "abnormal": abnormal(made)}
    return report_id


class AlreadyFiled(Exception):
    """The form was sent twice; args[0] is the report the first one made."""


def file_report(
    db: Database, actor: Actor | None, patient: Patient, taken_at: str, source: str, values: Sequence[NewValue],
    batch_id: int | None = None, work_from: str | None = None,
) -> int:
    """File what a sender reported; the report's id. Codes and units must be the catalogue's (see to_unit).

    Meant to be called many times inside one change of an import: about 0.6 ms for 38 values.
    """
    with db.change(actor, "report.filed", patient.id) as details:
        report_id, made = _file(db, patient, taken_at, source, values, batch_id, details.event_id, None)
        details |= {
            "report": report_id, "taken_at": taken_at, "source": source, "n": len(values), "abnormal": abnormal(made),
            **({"batch": batch_id} if batch_id is not None else {}), **({"work_from": work_from} if work_from else {}),
        }
    return report_id


def correct(
    db: Database, actor: Actor, patient: Patient, id: int, new: NewValue | None, reason: str, taken_at: str | None = None
) -> int | None:
    """Replace a value by a new version, or strike it out (new=None); the new id.

    Only glucose may change its code, to say what it was. Raises Conflict when somebody was faster.
    """
    old = queries.observation(db, patient.id, id)
    if old is None:
        raise NotFound()
    _check_correction(old, new, reason, taken_at)
    with db.change(actor, "observation.corrected", patient.id) as details:
        if not db.execute(RETIRE, id=id, event=details.event_id):
            raise _stale(db, patient, old, new)
        made = _replace(db, patient, old, new, taken_at or old.taken_at, details.event_id)
        own = made[0] if new else None
        details |= {
            "observation": own.columns["id"] if own else None, "replaces": id, "code": old.code, "reason": reason,
            "taken_at": old.taken_at, "was": old.shown, "now": _shown(own) if own else None, "abnormal": abnormal(made),
        }
    return own.columns["id"] if own else None


def withdraw_report(db: Database, actor: Actor | None, report_id: int, reason: str) -> int:
    """Take back a whole report and what was computed from it; returns how many values went."""
    found = db.one(tuple, "SELECT patient_id, taken_at FROM diagnostic_reports WHERE id = :id AND withdrawn_event_id IS NULL",
                   id=report_id)
    if found is None:
        raise NotFound()
    patient_id, taken_at = found
    with db.change(actor, "report.withdrawn", patient_id) as details:
        ids = [value.id for value in queries.report_values(db, patient_id, report_id)]
        gone = db.execute(RETIRE_REPORT, event=details.event_id, report=report_id)
        for computed in queries.dependents(db, ids):
            db.execute(RETIRE, id=computed.id, event=details.event_id)
        db.update("diagnostic_reports", report_id, {"withdrawn_event_id": details.event_id})
        details |= {"report": report_id, "n": gone, "day": taken_at[:10], "reason": reason, "abnormal": []}
    return gone


# ── parts ──

def _file(db, patient, taken_at, source, values, batch_id, event_id, token) -> tuple[int, list[Row]]:
    report_id = db.insert("diagnostic_reports", {
        "patient_id": patient.id, "taken_at": taken_at, "source": source, "batch_id": batch_id, "token": token,
        "event_id": event_id,
    })
    limits = catalogue.in_force(db)
    made = rows(patient, taken_at, values, limits, queries.next_id(db))
    made += _bmi_by_known_height(db, patient, taken_at, made, limits)
    _insert(db, made, report_id, event_id)
    return report_id, made


def _insert(db: Database, made: Sequence[Row], report_id: int | None, event_id: int, replaces: int | None = None) -> None:
    more = {"report_id": report_id, "replaces_id": replaces, "event_id": event_id}
    db.insert_many("observations", [row.columns | more for row in made])
    db.insert_many("observation_inputs", [
        {"observation_id": row.columns["id"], "input_id": input} for row in made for input in row.inputs
    ])


def _bmi_by_known_height(db, patient, taken_at, made, limits) -> list[Row]:
    """An adult's height is not measured every time; the last one serves."""
    found = usable(row.columns for row in made)
    years = age(patient, date.fromisoformat(taken_at[:10]))
    if "WEIGHT" not in found or "HEIGHT" in found or years is None or years < catalogue.ADULT:
        return []
    if any(row.columns["code"] == "BMI" for row in made):
        return []
    height = queries.newest_height(db, patient.id, taken_at)
    if height is None:
        return []
    values = {"WEIGHT": found["WEIGHT"], "HEIGHT": height}
    row = derived_row(patient, taken_at, "BMI", values, limits, made[-1].columns["id"] + 1)
    return [row] if row else []


def _replace(db, patient, old: Observation, new: NewValue | None, taken_at: str, event_id: int) -> list[Row]:
    """The new version first, then everything that is computed from it, anew."""
    limits = catalogue.in_force(db)
    made = rows(patient, taken_at, [new], limits, queries.next_id(db))[:1] if new else []
    _insert(db, made, old.report_id, event_id, replaces=old.id)
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
    _insert(db, [row], computed.report_id, event_id, replaces=computed.id)
    return [row]


def _computable(db, patient, old, own: Row, taken_at, limits, event_id) -> list[Row]:
    """What nothing could be computed from before may now be enough, as `<5` becoming 50 for eGFR."""
    for code, needed in INPUTS.items():
        if needed == (own.columns["code"],):
            row = derived_row(patient, taken_at, code, usable([own.columns]), limits, queries.next_id(db))
            if row:
                _insert(db, [row], old.report_id, event_id)
                return [row]
    return []


def _shown(row: Row) -> str:
    columns = row.columns
    indicator = catalogue.indicators()[columns["code"]]
    return catalogue.quantity(indicator, columns["value"], columns["text"], columns["comparator"])


def _check_when(taken_at: str) -> None:
    if taken_at > (clock.wall() if "T" in taken_at else clock.today().isoformat()):
        raise Invalid({"taken_at": N_("This time has not come yet.")})


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
    _check_when(taken_at or old.taken_at)


def _stale(db: Database, patient: Patient, old: Observation, new: NewValue | None) -> Conflict:
    newest = next((value for value in queries.series(db, patient.id, old.code) if value.taken_at == old.taken_at), None)
    mine = new.written or str(new.value) if new else "—"
    return Conflict(
        N_("Somebody else has corrected this value in the meantime."),
        [(N_("Result"), mine, newest.shown if newest else "—")],
    )
