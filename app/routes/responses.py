"""A person's questionnaires: what is open, what was answered, one response with its scores, corrections."""

import secrets
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import invitations, mistakes, questionnaires, responses
from app.clinic.patients import Patient
from app.core import clock, words
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import NotFound, Refusal
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

ALL = "/patients/{patient_id:int}/questionnaires"
ONE = ALL + "/{response_id:int}"
ON_A_PAGE = 50
NOT_OFFERED = N_("This questionnaire is not in use any more. Please choose another one.")


class Reason(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]


class Begun(msgspec.Struct, frozen=True):
    questionnaire: int
    by: Literal["staff", "paper"] = "staff"
    token: Annotated[str, Field(most=64)] = ""


class Taken(msgspec.Struct, frozen=True):
    offer: Annotated[str, Field(most=300)]


@get(ALL, needs=May.SEE_CLINICAL)
def index(db: TheDb, patient: ThePatient, number: Annotated[int, QueryParameter(name="page")] = 1) -> Page:
    number = min(max(number, 1), 10**6)
    found = responses.done(db, patient.id, ON_A_PAGE + 1, (number - 1) * ON_A_PAGE)
    return page(
        "responses/index.html", patient=patient, open_ones=responses.open_ones(db, patient.id), found=found[:ON_A_PAGE], number=number,
        more=len(found) > ON_A_PAGE, gone=responses.taken_out(db, patient.id), told=_told(db, found[:ON_A_PAGE]),
        troubled=responses.troubled(db, found[:ON_A_PAGE]),
        asked=invitations.open_of(db, patient.id), states=invitations.STATES, today=clock.today().isoformat(),
    )


def _told(db: Database, found: list[responses.Response]) -> dict[int, list[responses.Told]]:
    """The scores of each, as they were worked out."""
    rows = responses.scores(db, found)
    return {one.id: responses.scored(responses.definition_of(db, one), rows.get(one.id, [])) for one in found if one.id in rows}


@get(ALL + "/new", needs=May.RECORD_CLINICAL)
def new(db: TheDb, patient: ThePatient) -> Page:
    return _new(db, patient, blank(Begun, token=secrets.token_hex(16)))


def _new(db: Database, patient: Patient, form: Form, status: int = 200) -> Page:
    offered = [one for one in questionnaires.current(db) if one.use != "consultation"]
    last = {one.id: responses.last(db, patient.id, one.questionnaire_id) for one in offered}
    return page("responses/new.html", patient=patient, form=form, offered=offered, last=last, status=status)


@post(ALL, needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(Begun, data)
    id = form.attempt(lambda given: responses.begin(
        db, actor, patient, _offered(db, given.questionnaire), given.by, given.token, words.language()))
    if id is None:
        return _new(db, patient, form, 422)
    return go(request, f"/patients/{patient.id}/questionnaires/{id}/sitting")


def _offered(db: Database, questionnaire_id: int) -> questionnaires.Version:
    """Its version in force."""
    found = next((one for one in questionnaires.current(db) if one.questionnaire_id == questionnaire_id), None)
    if found is None:
        raise Refusal(NOT_OFFERED)
    return found


@get(ONE, needs=May.SEE_CLINICAL, slow=True)
def show(db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int]) -> Page | Response:
    one = own(db, patient, response_id)
    if one.open and not one.retired:
        return redirect(f"/patients/{patient.id}/questionnaires/{one.id}/sitting")
    return _show(db, actor, patient, one, blank(Reason))


def _show(db: Database, actor: Actor, patient: Patient, one: responses.Response, form: Form, status: int = 200) -> Page:
    definition, answered = responses.definition_of(db, one), not one.open
    standing = answered and not one.retired
    return page(
        "responses/show.html", patient=patient, one=one, form=form, definition=definition, status=status,
        lines=responses.lines(definition, responses.fhir(db, one.id)) if answered else [],
        told=responses.scored(definition, responses.answers(db, one.id)) if answered else [],
        unscored=responses.unscored(definition, responses.fhir(db, one.id)) if answered else [],
        offers=responses.offers(db, actor, one) if standing and actor.may(May.RECORD_CLINICAL) else [],
        versions=responses.history(db, one.id), newest=responses.newest(db, one.id), correcting=responses.correction_of(db, one.id),
    )


@post(ONE + "/correction", needs=May.RECORD_CLINICAL)
def correct(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int], data: Fields) -> Any:
    one, form = own(db, patient, response_id), bind(Reason, data)
    id = form.attempt(lambda given: responses.correct(db, actor, patient.id, one.id, given.reason))
    if id is None:
        return _show(db, actor, patient, one, form, 422)
    return go(request, f"/patients/{patient.id}/questionnaires/{id}/sitting")


@post(ONE + "/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int], data: Fields) -> Any:
    one, form = own(db, patient, response_id), bind(Reason, data)
    if form.attempt(lambda given: responses.withdraw(db, actor, patient.id, one.id, given.reason) or True) is None:
        return _show(db, actor, patient, one, form, 422)
    return go(request, f"/patients/{patient.id}/questionnaires/{one.id}")


@post(ONE + "/restoration", needs=May.RECORD_CLINICAL)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int]) -> Response:
    one = own(db, patient, response_id)
    if mistakes.mistake(db, "responses", one.id):
        raise Refusal(N_("This was struck out as another person's."))
    responses.put_back(db, actor, patient.id, one.id)
    return go(request, f"/patients/{patient.id}/questionnaires/{one.id}")


@post(ONE + "/record", needs=May.RECORD_CLINICAL)
def take_over(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int], data: Fields) -> Any:
    """What was answered goes into the record."""
    one, form = own(db, patient, response_id), bind(Taken, data)
    if one.open or one.retired:
        raise NotFound()
    if form.attempt(lambda given: responses.take_over(db, actor, one, given.offer) or True) is None:
        return _show(db, actor, patient, one, form, 422)
    return go(request, f"/patients/{patient.id}/questionnaires/{one.id}#record")


def own(db: Database, patient: Patient, response_id: int) -> responses.Response:
    found = responses.get(db, response_id, patient.id)
    if found is None:
        raise NotFound()
    return found


handlers = [index, new, create, show, correct, withdraw, put_back, take_over]
