"""The tray: what could not be filed, why, what happens if nobody acts, and what can be done."""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import exams, patients
from app.core.access import May
from app.core.errors import NotFound
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.exams import choices, found, groups, strokes
from app.routes.web import Fields, Page, TheActor, TheDb, get, go, page, post

SCREEN = 12


class Dismissal(msgspec.Struct, frozen=True):
    """place: -1 where the pile is of whole lines."""

    why: Annotated[str, Field(most=300, required=N_("Please say why."))]
    reason: Annotated[str, Field(most=40)] = ""
    place: int = -1


class Owner(msgspec.Struct, frozen=True):
    """person: a patient's number, card or document, as typed or scanned; or the id of one who was offered."""

    person: Annotated[str, Field(most=60)] = ""
    patient_id: int | None = None


class Shown(msgspec.Struct, frozen=True):
    """A slip, whom it names, and the people it may be about beside what it says."""

    slip: exams.Slip
    who: str
    people: list[tuple[patients.Patient, list[tuple[str, str, str, bool | None]]]]


@get("/manage/tray", needs=May.IMPORT, slow=True)
def index(db: TheDb) -> Page:
    return _tray(db, blank(Dismissal))


@get("/manage/tray/{batch_id:int}", needs=May.IMPORT, slow=True)
def pile(
    db: TheDb, actor: TheActor, batch_id: FromPath[int], reason: Annotated[str, QueryParameter(name="reason")] = "",
    place: Annotated[int, QueryParameter(name="place")] = -1, after: Annotated[int, QueryParameter(name="after")] = 0,
) -> Page:
    return _pile(db, actor, batch_id, reason, place, after)


@post("/manage/tray/slips/{slip_id:int}/person", needs=May.IMPORT)
def give(request: Request, db: TheDb, actor: TheActor, slip_id: FromPath[int], data: Fields) -> Page | Response:
    slip, form = _slip(db, slip_id), bind(Owner, data)
    owner = form.value.patient_id or patients.scanned(db, form.value.person) if form.ok else None
    if owner is None:
        form.errors["person"] = _("Nobody has this number. Scan the card, or type the ID number or the patient's number.")
        return _pile(db, actor, slip.batch_id, slip.reason, _of(slip), slip.id - 1, form, slip.id)
    exams.give(db, actor, slip_id, owner)
    return go(request, _back(slip))


@post("/manage/tray/slips/{slip_id:int}/registration", needs=May.IMPORT)
def register(request: Request, db: TheDb, actor: TheActor, slip_id: FromPath[int]) -> Response:
    slip = _slip(db, slip_id)
    exams.create(db, actor, slip_id)
    return go(request, _back(slip))


@post("/manage/tray/slips/{slip_id:int}/dismissal", needs=May.IMPORT)
def dismiss(request: Request, db: TheDb, actor: TheActor, slip_id: FromPath[int], data: Fields) -> Page | Response:
    slip, form = _slip(db, slip_id), bind(Dismissal, data)
    if form.attempt(lambda given: exams.dismiss(db, actor, slip_id, given.why) or True) is None:
        return _pile(db, actor, slip.batch_id, slip.reason, _of(slip), slip.id - 1, form, slip.id)
    return go(request, _back(slip))


@post("/manage/tray/{batch_id:int}/dismissal", needs=May.IMPORT)
def dismiss_pile(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int], data: Fields) -> Page | Response:
    form = bind(Dismissal, data)
    place = form.value.place if form.ok and form.value.place >= 0 else None
    if form.attempt(lambda given: exams.dismiss_pile(db, actor, batch_id, given.reason, place, given.why) or True) is None:
        return _tray(db, form, 422)
    return go(request, "/manage/tray")


@post("/manage/tray/{batch_id:int}/registrations", needs=May.IMPORT)
def register_all(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int]) -> Response:
    found(db, batch_id)
    exams.create_all(db, actor, batch_id)
    return go(request, f"/manage/imports/{batch_id}")


@post("/manage/tray/{batch_id:int}/column", needs=May.IMPORT)
def map_column(request: Request, db: TheDb, actor: TheActor, batch_id: FromPath[int], data: Fields) -> Response:
    chosen = choices(found(db, batch_id), data)
    if len(chosen) != 1 or chosen[0].what == "unknown":
        return go(request, "/manage/tray")
    exams.map_column(db, actor, request.app.state.files, batch_id, chosen[0])
    return go(request, f"/manage/imports/{batch_id}")


# ── parts ──

def _tray(db: Any, form: Form, status: int = 200) -> Page:
    received, filed, tray, duplicate, refused = totals = exams.totals(db)
    return page(
        "exams/tray.html", status=status, totals=totals, piles=exams.piles(db), reasons=exams.REASONS, groups=groups(),
        form=form, strokes=strokes(received, filed=filed, tray=tray, duplicate=duplicate, refused=refused),
    )


def _slip(db: Any, slip_id: int) -> exams.Slip:
    slip = exams.slip(db, slip_id)
    if slip is None:
        raise NotFound()
    return slip


def _of(slip: exams.Slip) -> int:
    return slip.place if slip.place is not None else -1


def _back(slip: exams.Slip) -> str:
    return f"/manage/tray/{slip.batch_id}?reason={slip.reason}&place={_of(slip)}&after={slip.id}"


def _pile(
    db: Any, actor: Any, batch_id: int, reason: str, place: int, after: int, form: Form | None = None, wrong: int | None = None
) -> Page:
    batch = found(db, batch_id)
    column = place if place >= 0 else None
    slips = exams.waiting(db, batch_id, reason, column, after, SCREEN + 1)
    return page(
        "exams/pile.html", status=422 if form else 200, batch=batch, reason=reason, place=place, reasons=exams.REASONS,
        shown=[_shown(db, actor, slip) for slip in slips[:SCREEN]], after=after,
        more=slips[SCREEN - 1].id if len(slips) > SCREEN else None, form=form or Form({"why": "", "person": ""}), wrong=wrong,
    )


def _shown(db: Any, actor: Any, slip: exams.Slip) -> Shown:
    person = exams.said(db, slip)
    return Shown(slip, " ".join(filter(None, (person.name, person.id or person.card))), [
        (patient, exams.compared(person, patient, patients.document(db, patient.id, patients.RESIDENT_ID)))
        for patient in exams.candidates(db, slip, actor)
    ])


handlers = [index, pile, give, register, dismiss, dismiss_pile, register_all, map_column]
