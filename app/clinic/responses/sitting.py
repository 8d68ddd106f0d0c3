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
from app.core.errors import Busy, Conflict, NotFound, Refusal
from app.core.forms import once
from app.core.words import N_

patients.belongs("responses")
patients.belongs("answers")

OVER = N_("This questionnaire has been sent already.")
OTHER_HAND = N_("Somebody else is filling in the same questionnaire. Nothing of theirs was changed: compare both, then answer again if yours is right.")
MOST_TRIES = 8
SAVE = """
UPDATE sittings SET given = :given, calculated = :calculated, taken_over = :taken_over, touched = :touched, revision = revision + 1, saved_at = :at
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
    """Keep some answers. hand: the page they come from, for it may be behind by saves of its own whose answers got lost on the way.

    Raises Conflict with both texts where another page gave another answer to the same question meanwhile.
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
    for _try in range(MOST_TRIES):
        if (done := _try_once(db, response_id, revision, how, hand, taken)) is not None:
            return done
    raise Busy()


def _try_once(
    db: Database, response_id: int, revision: int, how: Callable[[Definition, Given], Given], hand: str, taken: Mapping[str, list[str]],
) -> Answered | None:
    """None where somebody else saved while this was worked out."""
    one, sitting = being_filled(db, response_id)
    if patients.restricted(db, [one.patient_id]):  # what is kept on the way is no event, which would be refused
        raise Refusal(patients.REFUSED)
    definition, before = definition_of(db, one), state_of(db, one, sitting)
    given = how(definition, sitting.given)
    differ = [path for path in given | sitting.given if given.get(path) != sitting.given.get(path)]
    _refuse_other_hand(definition, sitting, given, [path for path in differ if _theirs(sitting, path, revision, hand)], one.language)
    after = questionnaires.evaluate(definition, given, context(db, one), before=before) if differ else before
    still = {path: source for path, source in sitting.taken_over.items() if path not in differ}
    touched = sitting.touched | {path: (sitting.revision + 1, hand) for path in differ}
    if not _keep(db, one, sitting, after, still | dict(taken), touched):
        return None
    behind = any(_theirs(sitting, path, revision, hand) for path in sitting.touched)
    return Answered(before, after, {}, {}, sitting.revision + 1, behind)


def _theirs(sitting: Sitting, path: str, seen: int, hand: str) -> bool:
    """Whether another page changed this since it was seen."""
    changed, by = sitting.touched.get(path, (0, ""))
    return changed > seen and not (hand and by == hand)


def _refuse_other_hand(definition: Definition, sitting: Sitting, given: Given, paths: list[str], language: str) -> None:
    if paths:
        items = [(path, item_at(definition, path)) for path in paths]
        raise Conflict(OTHER_HAND, [
            (item.text.said(language)[0], *(told(item, one.get(path, []), language) for one in (given, sitting.given)))
            for path, item in items if item
        ])


def _keep(
    db: Database, one: Response, sitting: Sitting, state: State, taken_over: dict[str, list[str]], touched: dict[str, tuple[int, str]],
) -> bool:
    """Only where nobody saved meanwhile."""
    with db.aside():
        return bool(db.execute(
            SAVE, id=one.id, seen=sitting.revision, given=fhirjson.dumps(state.given), calculated=fhirjson.dumps(state.results),
            taken_over=fhirjson.dumps(taken_over), touched=fhirjson.dumps(touched), at=clock.stamp(),
        ))


def together(first: Answered, then: Answered) -> Answered:
    """Two steps as one: from before the first to after the second."""
    return Answered(first.before, then.after, first.errors | then.errors, first.raw | then.raw, then.revision, first.behind or then.behind)
