"""Past, family, allergies, medicines: what the record knows, and "unchanged" in one tap. A change goes through the record's own verbs."""

import msgspec

from app.clinic import patients, records
from app.clinic.encounters import queries
from app.clinic.encounters.keeping import check_open
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.words import N_, _

PARTS = {
    "past": (N_("Past illnesses"), ("conditions", "procedures", "injuries", "transfusions")), "family": (N_("Family history"), ("family_history",)),
    "allergies": (N_("Allergies"), ("allergies",)), "medicines": (N_("Medicines"), ("medications",)),
}  # fmt: skip
UNCHANGED, TAKEN_BACK = N_("Asked, unchanged: %(parts)s"), N_("“Unchanged” taken back: %(parts)s")


def _teller(sentence: str):
    return lambda said: _(sentence, parts=_(", ").join(_(PARTS[part][0]) for part in said.get("parts", ()) if part in PARTS))


for _kind, _sentence in (("unchanged", UNCHANGED), ("unchanged_taken_back", TAKEN_BACK)):
    events.declare(f"encounter.{_kind}", _sentence, clinical=True, describe=_teller(_sentence))


class Known(msgspec.Struct, frozen=True):
    """A part as this actor may see it. lines: (section id, entry id, words). none: said to be none. asked: whether anybody ever asked."""

    id: str
    title: str
    sections: tuple[str, ...]
    lines: list[tuple[str, int, str]]
    withheld: int
    none: str
    asked: bool
    check: queries.Check | None


def known(db: Database, actor: Actor, patient_id: int, day: str, id: int = 0) -> list[Known]:
    """Each part with what stands in the record on that day, and when it was said to be unchanged: in consultation `id`, else last."""
    wanted = [id for _title, ids in PARTS.values() for id in ids]
    parts, checks = records.parts(db, actor, patient_id, wanted), queries.checks(db, patient_id) | queries.checked_in(db, id)
    return [_known(id, title, [parts[one] for one in ids], day, checks.get(id)) for id, (title, ids) in PARTS.items()]


def _known(id: str, title: str, parts: list[records.Part], day: str, check: queries.Check | None) -> Known:
    lines = [(part.id, one.id, records.SECTIONS[part.id].line(one)) for part in parts for one in part.entries if not one.over(day)]
    withheld = sum(part.withheld for part in parts)
    none = records.SECTIONS[parts[0].id].none if parts[0].none_known else ""
    return Known(id, title, tuple(part.id for part in parts), lines, withheld, none, bool(lines or withheld or none or parts[0].entries), check)


def unchanged(db: Database, actor: Actor, patient: patients.Patient, id: int, only: str = "") -> None:
    """It was asked and nothing has changed: of one part, or of all that were ever asked about. Twice is once."""
    if only and only not in PARTS:
        raise NotFound()
    with db.aside():
        check_open(db, patient, id)
        done = queries.checked_in(db, id)
        asked = [part.id for part in known(db, actor, patient.id, "") if part.asked and part.id not in done and only in ("", part.id)]
        if only and only not in done and not asked:
            raise Refusal(N_("Nobody has asked about this yet. Write down what there is, or that there is nothing."))
        if asked:
            with db.change(actor, "encounter.unchanged", patient.id) as details:
                details |= {"entry": id, "parts": asked}
                db.insert_many("encounter_checks", [{"encounter_id": id, "part": part, "event_id": details.event_id} for part in asked])


TAKE_BACK = "UPDATE encounter_checks SET retired_event_id = :event WHERE encounter_id = :id AND part = :part AND retired_event_id IS NULL"


def take_back(db: Database, actor: Actor, patient: patients.Patient, id: int, part: str) -> None:
    """It is not unchanged after all."""
    with db.aside():
        check_open(db, patient, id)
        with db.change(actor, "encounter.unchanged_taken_back", patient.id) as details:
            details |= {"entry": id, "parts": [part]}
            if not db.execute(TAKE_BACK, id=id, part=part, event=details.event_id):
                raise NotFound()


def say_none(db: Database, actor: Actor, patient: patients.Patient, id: int, part: str) -> None:
    """It was asked, and there is none: by the record's own verb."""
    if part not in PARTS:
        raise NotFound()
    with db.aside():
        check_open(db, patient, id)
        records.record_none(db, actor, patient.id, records.SECTIONS[PARTS[part][1][0]])
