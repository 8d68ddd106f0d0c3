"""Entered in error: any entry of the wrong person, struck out with a reason and filed with the right one in one step."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import mistakes, patients
from app.core.access import Actor, May
from app.core.db import Database
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post

PLACE = "/patients/{patient_id:int}/mistakes/{kind:str}/{entry_id:int}"


class Marking(msgspec.Struct, frozen=True):
    """whose: whose it is, as typed. to: whose it is, as chosen. find: only look for them."""

    reason: Annotated[str, Field(most=200, required=N_("Please say why."))]
    whose: Annotated[str, Field(most=60)] = ""
    to: int | None = None
    find: bool = False


class Moving(Marking, frozen=True):
    """Of what was struck out before: the reason has been said."""

    reason: Annotated[str, Field(most=200)] = ""


@get(PLACE, needs=May.FIND_PATIENTS)
def show(db: TheDb, actor: TheActor, patient: ThePatient, kind: FromPath[str], entry_id: FromPath[int]) -> Page:
    return _show(db, actor, patient, *mistakes.find(db, actor, patient.id, kind, entry_id))


@post(PLACE, needs=May.FIND_PATIENTS)
def mark(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, kind: FromPath[str], entry_id: FromPath[int], data: Fields
) -> Page | Response:
    found, entry = mistakes.find(db, actor, patient.id, kind, entry_id)
    known = mistakes.mistake(db, found.id, entry.id)
    form = bind(Moving if known else Marking, data)
    if form.raw["find"]:
        form.errors.clear()
        return _show(db, actor, patient, found, entry, form)
    if form.ok and form.value.to is None and (form.value.whose or known):
        form.errors["to"] = _("Please choose somebody.")
    if known:
        done = form.attempt(lambda given: mistakes.refile(db, actor, patient, found.id, entry.id, given.to) or True)
    else:
        done = form.attempt(lambda given: mistakes.mark(db, actor, patient, found.id, entry.id, given.reason, given.to) or True)
    if not done:
        return _show(db, actor, patient, found, entry, form, 422)
    return go(request, f"/patients/{patient.id}/mistakes/{found.id}/{entry.id}")


def _show(
    db: Database, actor: Actor, patient: patients.Patient, kind: mistakes.Kind, entry: mistakes.Entry,
    form: Form | None = None, status: int = 200,
) -> Page:
    known = mistakes.mistake(db, kind.id, entry.id)
    form = form or blank(Marking)
    hits = patients.search(db, form.raw["whose"], actor).hits if form.raw["whose"] else []
    return page(
        "mistakes/show.html", "mistake", status=status, patient=patient, kind=kind, entry=entry, known=known, form=form,
        hits=[hit for hit in hits if known or hit.id != patient.id],
    )


handlers = [show, mark]
