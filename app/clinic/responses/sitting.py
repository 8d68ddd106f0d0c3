"""A sitting: begun once, and every answer kept the moment it is given.

Answers on their way are no facts, so they are written beside the events. What is shown, required and worked out is computed
before the writer is asked for; the save then takes only if nobody else saved meanwhile.
"""

from collections.abc import Callable, Mapping

import msgspec

from app.clinic import patients, questionnaires
from app.clinic.questionnaires import Definition, Given, State
from app.clinic.responses import queries
from app.clinic.responses.context import context
from app.clinic.responses.shapes import Answered, Hand, Prefill, Response, Sitting
from app.clinic.responses.telling import details_of
from app.clinic.responses.typed import item_at, told
from app.core import clock, fhirjson
from app.core.access import Actor
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_

patients.belongs("responses")
patients.belongs("answers")

OVER = N_("This questionnaire has been sent already.")
OTHER_HAND = N_("Somebody else is filling in the same questionnaire. Nothing of theirs was changed: compare both, then answer again if yours is right.")
SAVE = """
UPDATE sittings SET given = :given, calculated = :calculated, taken_over = :taken_over, revision = revision + 1, hand = :hand, saved_at = :at
WHERE response_id = :id AND revision = :seen
"""


def begin(
    db: Database, actor: Actor | None, patient: patients.Patient, version: questionnaires.Version, by: Hand, token: str = "", language: str = "",
) -> int:
    """An empty sitting; the response's id. The same token again begins nothing."""
    with db.aside():
        if begun := db.value(queries.BY_TOKEN, token=once(token, patient.id)):
            return begun
        return open_row(db, actor, patient, version, by, {}, token=once(token, patient.id), language=language or patient.language)


def open_row(
    db: Database, actor: Actor | None, patient: patients.Patient, version: questionnaires.Version, by: Hand, given: Given, **more,
) -> int:
    with db.change(actor, "response.begun", patient.id) as details:
        id = db.insert("responses", {
            "patient_id": patient.id, "questionnaire_id": version.questionnaire_id, "version_id": version.id, "asked_by": by,
            "begun_event_id": details.event_id, **more,
        })
        db.insert("sittings", {"response_id": id, "given": fhirjson.dumps(given), "calculated": "{}", "saved_at": clock.stamp()})
        details |= details_of(queries.get(db, id))
    return id


def definition_of(db: Database, one: Response) -> Definition:
    """What was asked, in the version it was asked in."""
    return questionnaires.version(db, one.version_id).definition


def being_filled(db: Database, response_id: int) -> tuple[Response, Sitting]:
    """An open response and its answers so far. Raises NotFound, or Refusal where it is over."""
    one = queries.get(db, response_id)
    if one is None:
        raise NotFound()
    sitting = queries.sitting(db, response_id) if one.open and not one.retired else None
    if sitting is None:
        raise Refusal(OVER)
    return one, sitting


def state_of(db: Database, one: Response, sitting: Sitting) -> State:
    """What is so with the answers kept; nothing is worked out again that was before."""
    return questionnaires.evaluate(definition_of(db, one), sitting.given, context(db, one), pinned=sitting.calculated)


def answer(
    db: Database, response_id: int, revision: int, fields: Mapping[str, list[str]], language: str, hand: str = "",
) -> Answered:
    """Keep some answers. hand: the page they come from; it may save again with a revision that is behind only by its own saves.

    Raises Conflict with both texts where another page saved meanwhile.
    """
    found: tuple = ()

    def take(definition: Definition, given: Given) -> Given:
        nonlocal found
        found = questionnaires.take(definition, given, fields, language)
        return found[0]

    done = rearrange(db, response_id, revision, take, hand)
    return msgspec.structs.replace(done, errors=found[1], raw=found[2])


def confirm(db: Database, response_id: int, revision: int, known: Mapping[str, Prefill], hand: str = "") -> Answered:
    """Take over answers that were known already. Where each came from is kept with it."""
    given = {path: one.value for path, one in known.items()}
    taken = {path: [one.source, one.date] for path, one in known.items()}
    return rearrange(db, response_id, revision, lambda _definition, before: before | given, hand, taken)


def rearrange(
    db: Database, response_id: int, revision: int, how: Callable[[Definition, Given], Given], hand: str = "",
    taken: Mapping[str, list[str]] = {},
) -> Answered:
    """One repetition of a group more or less, a file come or gone: whatever is no field of the form."""
    one, sitting = being_filled(db, response_id)
    definition = definition_of(db, one)
    given = how(definition, sitting.given)
    _refuse_other_hand(definition, sitting, given, revision, hand, one.language)
    still = {path: source for path, source in sitting.taken_over.items() if given.get(path) == sitting.given.get(path)}
    return _keep(db, one, sitting, given, still | dict(taken), hand)


def _refuse_other_hand(definition: Definition, sitting: Sitting, given: Given, revision: int, hand: str, language: str) -> None:
    """A page may be behind by its own saves whose answers got lost on the way, and by nobody else's."""
    if revision == sitting.revision or (hand and hand == sitting.hand):
        return
    differ = [path for path in given if given[path] != sitting.given.get(path)]
    if differ:
        raise Conflict(OTHER_HAND, [
            (item.text.said(language)[0], *(told(item, one.get(path, []), language) for one in (given, sitting.given)))
            for path, item in ((path, item_at(definition, path)) for path in differ)
        ])


def _keep(db: Database, one: Response, sitting: Sitting, given: Given, taken_over: dict[str, list[str]], hand: str) -> Answered:
    before = state_of(db, one, sitting)
    after = before
    if given != sitting.given:
        after = questionnaires.evaluate(definition_of(db, one), given, context(db, one), before=before)
    with db.aside():
        kept = db.execute(
            SAVE, id=one.id, seen=sitting.revision, given=fhirjson.dumps(given), calculated=fhirjson.dumps(after.results),
            taken_over=fhirjson.dumps(taken_over), hand=hand, at=clock.stamp(),
        )
        if not kept:
            raise Conflict(OTHER_HAND)
    return Answered(before, after, {}, {}, sitting.revision + 1)
