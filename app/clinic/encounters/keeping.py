"""Keeping a section while it is typed: every save counts, none is silently written over, nothing typed is refused for its content."""

from collections.abc import Mapping

import msgspec

from app.clinic import patients
from app.clinic.encounters import queries
from app.clinic.encounters.sections import CERTAINTIES, MOST_CHARACTERS, Section, section
from app.clinic.encounters.shapes import Text
from app.core import clock
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal, TooLarge
from app.core.words import N_, _

OTHER_HAND = N_("Somebody else wrote here meanwhile. Nothing is lost: compare both, then choose.")
LOCKED = N_("This consultation is signed or was taken back, so nothing is changed in it any more. Add an addendum instead.")
SAVE = """
UPDATE encounter_texts SET revision = :revision, body = :body, n = :n, saved_at = :at
WHERE encounter_id = :id AND section = :section AND revision = :was
"""


class Typed(msgspec.Struct, frozen=True):
    """A section as one page sends it. seen: the revision it was opened with. hand: the page, n: how often it has saved. over: words it saw and goes over."""

    fields: Mapping[str, str]
    seen: int = 0
    hand: str = ""
    n: int = 0


def keep(db: Database, actor: Actor, patient: patients.Patient, id: int, section_id: str, typed: Typed) -> Text | None:
    """Keep what stands in the section now; None where that is nothing. Raises Conflict with both texts where another page was faster."""
    asked = section(section_id)
    body = _body(asked, typed.fields)
    with db.aside():  # unfinished words are no facts yet
        check_open(db, patient, id)
        now = queries.newest(db, id, asked.id)
        own = now is not None and bool(typed.hand) and (now.hand, now.staff_id) == (typed.hand, actor.id)
        if _said_already(now, body, typed, own):
            return now
        if now is not None and not own and now.revision != typed.seen:
            raise Conflict(OTHER_HAND, differences(asked, body, now.body))
        _write(db, actor, id, asked, now, body, typed, own)
        return queries.newest(db, id, asked.id)


def _said_already(now: Text | None, body: Mapping[str, str], typed: Typed, own: bool) -> bool:
    """The same words, nothing where there was nothing, or a save that came late behind a later one of the same page."""
    if now is None:
        return not body
    return now.body == body or (own and 0 < typed.n <= now.n)


def check_open(db: Database, patient: patients.Patient, id: int) -> None:
    """Raises NotFound, or Refusal where nothing may be written in it (any more)."""
    one = queries.encounter(db, patient.id, id)
    if one is None:
        raise NotFound()
    if not one.is_open:
        raise Refusal(LOCKED)
    if patient.restricted:
        raise Refusal(patients.REFUSED)


def _body(asked: Section, fields: Mapping[str, str]) -> dict[str, str]:
    body = {name: text for name, text in fields.items() if asked.takes(name) and text}
    if any(len(text) > MOST_CHARACTERS for text in body.values()):
        raise TooLarge(N_("At most %(most)s characters fit here. Nothing was cut: please shorten it, or write on in another section."), most=MOST_CHARACTERS)
    return body


def _write(db: Database, actor: Actor, id: int, asked: Section, now: Text | None, body: dict, typed: Typed, own: bool) -> None:
    revision, was = (now.revision if now else 0) + 1, now.revision if now else 0
    words, at = msgspec.json.encode(body).decode(), clock.stamp()
    if own:
        db.execute(SAVE, id=id, section=asked.id, revision=revision, was=was, body=words, n=typed.n, at=at)
        return
    db.insert("encounter_texts", {
        "encounter_id": id, "section": asked.id, "revision": revision, "body": words, "hand": typed.hand, "n": typed.n, "staff_id": actor.id,
        "saved_at": at,
    })


def differences(asked: Section, mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The fields that differ, as (label's id, mine, theirs)."""
    names = [*theirs, *(name for name in mine if name not in theirs)]
    return [(asked.label(name), _said(name, mine), _said(name, theirs)) for name in names if mine.get(name) != theirs.get(name)]


def _said(name: str, body: Mapping[str, str]) -> str:
    text = body.get(name, "")
    if name.startswith("certainty_"):
        return _(CERTAINTIES.get(text, ""))
    return (_("yes") if text else "") if name.startswith("record_") else text


def link_report(db: Database, patient: patients.Patient, id: int, report_id: int) -> None:
    """What was measured belongs to this consultation; inside the change that filed it."""
    check_open(db, patient, id)
    db.insert("encounter_reports", {"encounter_id": id, "report_id": report_id})
