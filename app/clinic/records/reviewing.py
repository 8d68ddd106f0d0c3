"""Writing down what is really taken; correcting it by a version; taking it back."""

from typing import Any

from app.clinic import patients
from app.clinic.records import queries, reviews
from app.clinic.records.actions import record
from app.clinic.records.illness import NewMedication
from app.clinic.records.reviews import NewLine, NewReview, OwnMedicine, Review
from app.clinic.records.sections import SECTIONS
from app.core import clock, events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_, _

patients.belongs("medication_reviews")

OTHER_HAND = N_("Somebody else changed this meanwhile. Nothing of yours is lost: compare both, then save over the newer one.")
COUNTS = {
    "regular": N_("%(n)s regularly"), "irregular": N_("%(n)s irregularly"), "not": N_("%(n)s not at all"), "own": N_("%(n)s on their own"),
}  # fmt: skip
TALKED = N_("What is really taken: %(counts)s")
CORRECTED = N_("What is really taken, corrected: %(counts)s (%(reason)s)")
WITHDRAWN = N_("What is really taken, taken back: %(counts)s (%(reason)s)")
MEDICINES = SECTIONS["medications"]


def _teller(sentence: str):
    def tell(details: dict[str, Any]) -> str:
        counts = [_(told, n=details[name]) for name, told in COUNTS.items() if details.get(name)]
        return _(sentence, counts=_(", ").join(counts) or "—", reason=details.get("reason", "—"))
    return tell


for _kind, _sentence in (("recorded", TALKED), ("corrected", CORRECTED), ("withdrawn", WITHDRAWN)):
    events.declare(f"review.{_kind}", _sentence, clinical=True, describe=_teller(_sentence))


def talk_through(
    db: Database, actor: Actor, patient_id: int, new: NewReview, lines: dict[int, NewLine], own: list[OwnMedicine] = (),
) -> int:
    """Write down a talk; its id. lines: by the medicine's version that was seen. own: each becomes an entry. Raises Invalid."""
    lines = _sound(db, actor, patient_id, new, lines, own)
    with db.aside():  # asked under the lock: two taps may arrive together
        if new.token and (sent := db.value(reviews.BY_TOKEN, token=once(new.token, patient_id))):
            return sent
        with db.change(actor, "review.recorded", patient_id) as details:
            id = _insert(db, patient_id, new, {"token": once(new.token, patient_id), "event_id": details.event_id})
            rows = [_row(medication, line) for medication, line in lines.items()]
            rows += [_found(db, actor, patient_id, new, one) for one in own]
            details |= _keep(db, id, rows)
    return id


def correct_talk(
    db: Database, actor: Actor, patient_id: int, id: int, new: NewReview, lines: dict[int, NewLine], reason: str,
) -> int:
    """A new version in the place of `id`, the one that was seen. Answers the actor may not see stay. Raises Conflict, Invalid."""
    lines = _sound(db, actor, patient_id, new, lines, ())
    with db.change(actor, "review.corrected", patient_id) as details:
        old = _standing(db, actor, patient_id, id, (new, lines))
        db.update("medication_reviews", id, {"retired_event_id": details.event_id})
        version = _insert(db, patient_id, new, {"replaces_id": old.id, "reason": reason, "event_id": details.event_id})
        seen = {line.medication_id for line in reviews.reviewed(db, actor, patient_id, id)}
        kept = [_as_row(line) for line in db.all(reviews.Line, reviews.LINES, id=id)
                if line.medication_id not in seen or (line.takes == "own" and line.medication_id not in lines)]  # fmt: skip
        details |= _keep(db, version, kept + [_row(medication, line) for medication, line in lines.items()]) | {"reason": reason}
    return version


def take_back_talk(db: Database, actor: Actor, patient_id: int, id: int, reason: str) -> None:
    """It was never said so. It stays readable; what it added to the record stays there."""
    with db.change(actor, "review.withdrawn", patient_id) as details:
        _standing(db, actor, patient_id, id, None)
        db.update("medication_reviews", id, {"retired_event_id": details.event_id, "retired_reason": reason})
        details |= _counted([{"takes": line.takes} for line in db.all(reviews.Line, reviews.LINES, id=id)])
        details |= {"entry": id, "reason": reason}


def _sound(
    db: Database, actor: Actor, patient_id: int, new: NewReview, lines: dict[int, NewLine], own: list[OwnMedicine] | tuple,
) -> dict[int, NewLine]:
    """The lines that say something; all of them about medicines of this person that the actor may see."""
    wrong: dict[str, str] = {}
    if new.reviewed_on and new.reviewed_on > clock.today():
        wrong["reviewed_on"] = N_("This day has not come yet.")
    said = {medication: line for medication, line in lines.items() if line.says}
    hidden = reviews.hidden(db, actor, patient_id) if said else set()
    for medication, line in said.items():
        if medication in hidden or queries.entry(db, patient_id, MEDICINES, medication) is None:
            raise NotFound()
        if line.takes is None:
            wrong[f"takes_{medication}"] = N_("Please choose one of these.")
        elif line.takes == "regular" and line.missed:
            wrong[f"missed_{medication}"] = N_("Regularly, and yet days were missed? Please choose one of the two.")
    if wrong:
        raise Invalid(wrong)
    if not (said or own or new.noticed or new.agreed):
        raise Refusal(N_("Please answer for one medicine at least, or write down what was noticed."))
    return said


def _standing(
    db: Database, actor: Actor, patient_id: int, id: int, mine: tuple[NewReview, dict[int, NewLine]] | None,
) -> Review:
    old = reviews.review(db, patient_id, id)
    if old is None:
        raise NotFound()
    if old.retired:
        theirs = reviews.review(db, patient_id, reviews.newest_review(db, id))
        lines = reviews.reviewed(db, actor, patient_id, theirs.id)
        raise Conflict(OTHER_HAND, _both(*mine, theirs, lines) if mine else [])
    return old


def _both(mine: NewReview, answers: dict[int, NewLine], theirs: Review, lines: list[reviews.Line]) -> list[tuple[str, str, str]]:
    """What differs, as (label, mine, theirs)."""
    pairs = [(N_("What was noticed"), mine.noticed, theirs.noticed), (N_("What was agreed"), mine.agreed, theirs.agreed)]
    for line in lines:
        own = answers.get(line.medication_id)
        pairs.append((line.drug, reviews.told(own) if own else "", reviews.told(line)))
    return [pair for pair in pairs if pair[1] != pair[2]]


def _insert(db: Database, patient_id: int, new: NewReview, more: dict[str, Any]) -> int:
    return db.insert("medication_reviews", {
        "patient_id": patient_id, "reviewed_on": (new.reviewed_on or clock.today()).isoformat(), "source": new.source,
        "noticed": new.noticed, "agreed": new.agreed, **more,
    })


def _row(medication: int, line: NewLine) -> dict[str, Any]:
    return {"medication_id": medication, "takes": line.takes, "missed": line.missed, "how": line.how, "why": line.why}


def _as_row(line: reviews.Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("medication_id", "takes", "missed", "how", "why")}


def _found(db: Database, actor: Actor, patient_id: int, new: NewReview, one: OwnMedicine) -> dict[str, Any]:
    """What nobody knew of becomes an entry of the record."""
    entry = NewMedication(one.drug, frequency=one.how, why=one.why, source=new.source, noted_on=new.reviewed_on)
    medication = record(db, actor, patient_id, MEDICINES, entry)
    return {"medication_id": medication, "takes": "own", "missed": None, "how": one.how, "why": one.why}


def _keep(db: Database, id: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    db.insert_many("medication_review_lines", [{"review_id": id, **row} for row in rows])
    return {"entry": id, **_counted(rows)}


def _counted(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: n for name in COUNTS if (n := sum(row["takes"] == name for row in rows))}
