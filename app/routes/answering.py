"""Filling in a questionnaire at the clinic: every answer is kept when it is given, and only what changed on the page comes back."""

import secrets
from collections.abc import Mapping, Set
from typing import Any

import litestar
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import questionnaires, responses
from app.clinic.patients import Patient
from app.core import words
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, Invalid
from app.core.files import Incoming
from app.core.words import N_, _
from app.routes.responses import ONE, own
from app.routes.uploads import receive
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, in_thread, is_htmx, page, post, redirect

LARGEST = 20 * 2**20
TOO_LARGE = N_("At most 20 MB. Please choose a smaller file.")


@get(ONE + "/sitting", needs=May.RECORD_CLINICAL, slow=True)
def show(db: TheDb, patient: ThePatient, response_id: FromPath[int]) -> Page | Response:
    one = own(db, patient, response_id)
    if not one.open or one.retired:
        return redirect(f"/patients/{patient.id}/questionnaires/{one.id}")
    return _page(db, patient, one)


def _page(db: Database, patient: Patient, one: responses.Response, errors: Mapping[str, str] = {}, status: int = 200, **more: Any) -> Page:
    _one, sitting = responses.being_filled(db, one.id)
    state = responses.state_of(db, one, sitting)
    return page(
        "responses/sitting.html", patient=patient, one=one, sheet=_sheet(db, one, state, sitting, errors=errors), sitting=sitting,
        hand=secrets.token_hex(8), status=status, errors=errors, **{"raw_at": "", "conflict": None} | more,
    )


def _sheet(
    db: Database, one: responses.Response, state: questionnaires.State, sitting: responses.Sitting, **more: Any,
) -> responses.Sheet:
    definition = responses.definition_of(db, one)
    return responses.Sheet(
        definition, state, words.language(), known=responses.prefill(db, one, definition, state), taken_over=sitting.taken_over,
        files=f"/patients/{one.patient_id}/questionnaires/{one.id}/files", pictures=f"/patients/{one.patient_id}/attachments", **more,
    )


# ── every answer ──

@post(ONE + "/answers", needs=May.RECORD_CLINICAL)
def answer(request: Request, db: TheDb, patient: ThePatient, response_id: FromPath[int], data: Fields) -> Page | Response:
    """_revision and _hand say which page sends what it knew; the other names that begin with _ are buttons."""
    one = own(db, patient, response_id)
    fields = responses.sent(data)
    try:
        done = _take(db, one, data, fields)
    except Conflict as conflict:
        return _afresh(db, patient, one, conflict)
    return _answered(request, db, patient, one, done, set(fields))


def _take(db: Database, one: responses.Response, data: dict[str, Any], fields: dict[str, list[str]]) -> responses.Answered:
    revision, hand = _number(data.get("_revision")), str(data.get("_hand", ""))[:64]
    done = responses.answer(db, one.id, revision, fields, words.language(), hand)
    for name, how in STEPS.items():
        if value := str(data.get(name, "")):
            step = how(db, one, done.revision, value, hand)
            done = responses.together(done, step)
    return done


def _number(text: Any) -> int:
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 10 else 0


def _confirm(db: Database, one: responses.Response, revision: int, path: str, hand: str) -> responses.Answered:
    """One answer that was known, or all of them."""
    _one, sitting = responses.being_filled(db, one.id)
    known = responses.prefill(db, one, responses.definition_of(db, one), responses.state_of(db, one, sitting))
    return responses.confirm(db, one.id, revision, known if path == "*" else {at: each for at, each in known.items() if at == path}, hand)


def _repeat(db: Database, one: responses.Response, revision: int, group: str, hand: str) -> responses.Answered:
    return responses.rearrange(db, one.id, revision, lambda definition, given: questionnaires.repeat(definition, given, group), hand)


def _drop(db: Database, one: responses.Response, revision: int, instance: str, hand: str) -> responses.Answered:
    return responses.rearrange(db, one.id, revision, lambda definition, given: questionnaires.drop(definition, given, instance), hand)


def _unfile(db: Database, one: responses.Response, revision: int, value: str, hand: str) -> responses.Answered:
    path, _mark, id = value.rpartition("#")
    return responses.unattach(db, one.id, revision, path, id, hand)


STEPS = {"_confirm": _confirm, "_repeat": _repeat, "_drop": _drop, "_unfile": _unfile}


def _answered(
    request: Request, db: Database, patient: Patient, one: responses.Response, done: responses.Answered, sent: set[str],
    anew: Set[str] = frozenset(),
) -> Page | Response:
    """The blocks that changed, and what is wrong with what was sent; anew: what is drawn again besides. Without scripts the whole page."""
    if not is_htmx(request):
        return redirect(f"/patients/{patient.id}/questionnaires/{one.id}/sitting")
    _one, sitting = responses.being_filled(db, one.id)
    sheet = _sheet(db, one, done.after, sitting, errors=done.errors, raw=done.raw)
    moved = done.behind or [place.path for place in done.before.places] != [place.path for place in done.after.places]
    changed = set(questionnaires.changed(done.before, done.after)) | anew
    places = [place for place in done.after.places if place.path in changed]
    said = [place for place in done.after.places if place.path in sent and place.path in sheet.shown and place.path not in changed]
    return page(
        "responses/blocks.html", patient=patient, one=one, sheet=sheet, sitting=sitting, places=places, said=said, moved=moved, wrong=done.errors,
        conflict=None,
    )


def _afresh(db: Database, patient: Patient, one: responses.Response, conflict: Conflict) -> Page:
    """Both texts, and the page as it stands now."""
    _one, sitting = responses.being_filled(db, one.id)
    sheet = _sheet(db, one, responses.state_of(db, one, sitting), sitting)
    return page(
        "responses/blocks.html", patient=patient, one=one, sheet=sheet, sitting=sitting, places=[], said=[], moved=True, wrong={}, conflict=conflict,
        status=409,
    )


# ── done ──

@post(ONE + "/completion", needs=May.RECORD_CLINICAL)
def complete(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int], data: Fields) -> Any:
    """Whatever stands on the page is kept first; then it is sent, unless something is missing."""
    one = own(db, patient, response_id)
    at = str(data.get("_answered_at", ""))[:16]
    try:
        done = _take(db, one, data, responses.sent(data))
    except Conflict as conflict:
        return _page(db, patient, one, status=409, conflict=conflict)
    if done.errors:
        return _page(db, patient, one, done.errors, 422, raw_at=at)
    try:
        responses.complete(db, actor, one.id, at)
    except Invalid as invalid:
        return _page(db, patient, one, {path: _said(words) for path, words in invalid.errors.items()}, 422, raw_at=at)
    return go(request, f"/patients/{patient.id}/questionnaires/{one.id}")


def _said(message: str | tuple[str, dict]) -> str:
    return _(message) if isinstance(message, str) else _(message[0], **message[1])


# ── files ──

@litestar.post(ONE + "/files", needs=May.RECORD_CLINICAL, status_code=200, request_max_body_size=None)
async def attach(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, response_id: FromPath[int]) -> Any:
    """A photo or a PDF goes to the disk piece by piece; then a thread judges and keeps it."""
    own(db, patient, response_id)
    with request.app.state.files.incoming() as arriving:
        upload = await receive(request, arriving, LARGEST)
        return await _attach(
            request=request, db=db, actor=actor, patient=patient, response_id=response_id, typed={name: text[-1] for name, text in upload.typed.items()},
            arrived=None if upload.too_large else arriving,
        )


@in_thread
def _attach(
    request: Request, db: Database, actor: Actor, patient: Patient, response_id: int, typed: dict[str, str], arrived: Incoming | None,
) -> Page | Response:
    one, path = own(db, patient, response_id), typed.get("_path", "")
    revision, hand = _number(typed.get("_revision")), typed.get("_hand", "")[:64]
    try:
        if arrived is None:
            raise Invalid({"file": TOO_LARGE})
        done = responses.attach(db, actor, request.app.state.files, one.id, revision, path, arrived, hand)
    except Conflict as conflict:
        return _afresh(db, patient, one, conflict)
    except Invalid as invalid:
        _one, sitting = responses.being_filled(db, one.id)
        state = responses.state_of(db, one, sitting)
        done = responses.Answered(state, state, {path: _said(invalid.errors["file"])}, {}, sitting.revision, False)
    return _answered(request, db, patient, one, done, {path}, set() if done.errors else {path})


handlers = [show, answer, complete, attach]
