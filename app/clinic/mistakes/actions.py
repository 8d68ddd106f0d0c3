from typing import Any

from app.clinic import patients
from app.clinic.mistakes import queries
from app.clinic.mistakes.kinds import KINDS, find
from app.clinic.mistakes.shapes import Entry, Kind
from app.core import events
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Invalid, Refusal
from app.core.words import N_, _

STRUCK, MOVED = N_("Entered in error: %(what)s (%(reason)s)"), N_("Entered in error: %(what)s (%(reason)s). It is filed with %(to)s now")
LATER, HERE = N_("Now filed with %(to)s: %(what)s"), N_("Filed here, because it had been entered with %(from)s in error: %(what)s")


def _told(sentence: str, details: dict[str, Any]) -> str:
    kind = KINDS.get(details.get("what", ""))
    return _(sentence, **{
        "what": _(kind.name) if kind else "—", "reason": details.get("reason") or _("a sensitive entry"),
        "to": details.get("to", "—"), "from": details.get("from", "—"),
    })


for _noun, _clinical in (("entry", True), ("card", False), ("consent", False)):
    events.declare(f"{_noun}.mistaken", "", clinical=_clinical, describe=lambda said: _told(MOVED if said.get("to") else STRUCK, said))
    events.declare(f"{_noun}.moved", "", clinical=_clinical, describe=lambda said: _told(LATER, said))
    events.declare(f"{_noun}.refiled", "", clinical=_clinical, describe=lambda said: _told(HERE, said))


def mark(
    db: Database, actor: Actor, patient: patients.Patient, kind_id: str, entry_id: int, reason: str, right_id: int | None = None
) -> None:
    """Strike an entry out as entered in error and, where it is known whose it is, file it there. Twice is once."""
    with db.aside():
        kind, entry = find(db, actor, patient.id, kind_id, entry_id)
        if queries.mistake(db, kind.id, entry.id):
            return
        if entry.gone:
            raise Refusal(N_("This was taken out already."))
        right = _right(db, patient, right_id)
        with db.change(actor, f"{kind.noun}.mistaken", patient.id) as details:
            details |= {"what": kind.id, "reason": "" if entry.sensitive else reason} | ({"to": right.number} if right else {})
            kind.strike(db, actor, patient, entry, reason)
            id = db.insert("mistakes", {
                "patient_id": patient.id, "kind": kind.id, "entry_id": entry.id, "reason": reason, "event_id": details.event_id,
            })
            if right:
                _refile(db, actor, kind, entry, patient, right, id)


def refile(db: Database, actor: Actor, patient: patients.Patient, kind_id: str, entry_id: int, right_id: int) -> None:
    """File what was struck out with the person whose it is. Twice is once."""
    with db.aside():
        kind, entry = find(db, actor, patient.id, kind_id, entry_id)
        known = queries.mistake(db, kind.id, entry.id)
        if known is None:
            raise Refusal(N_("This entry stands. Strike it out first, with a reason."))
        if known.right_id:
            return
        right = patients.get(db, right_id)
        if right is None:
            raise Invalid({"to": N_("Please choose somebody.")})
        with db.change(actor, f"{kind.noun}.moved", patient.id) as details:
            details |= {"what": kind.id, "to": right.number}
            _refile(db, actor, kind, entry, patient, right, known.id)


def _right(db: Database, patient: patients.Patient, right_id: int | None) -> patients.Patient | None:
    if right_id is None:
        return None
    right = patients.get(db, right_id)
    if right is None or right.id == patient.id:
        raise Invalid({"to": N_("This is the person it was entered with. Choose another.") if right else N_("Please choose somebody.")})
    return right


def _refile(
    db: Database, actor: Actor, kind: Kind, entry: Entry, wrong: patients.Patient, right: patients.Patient, mistake_id: int
) -> None:
    with db.change(actor, f"{kind.noun}.refiled", right.id) as details:
        details |= {"what": kind.id, "from": wrong.number}
        kind.refile(db, actor, right, entry)
        db.update("mistakes", mistake_id, {"right_id": right.id, "refiled_event_id": details.event_id})
