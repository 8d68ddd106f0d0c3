"""Photos and PDFs of a person: all of them, a new one, one with its versions, the file itself."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import litestar
import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import attachments, mistakes
from app.clinic.attachments import Attachment, NewAttachment
from app.clinic.patients import Patient
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Conflict, NotFound, Refusal
from app.core.files import Incoming
from app.core.forms import Field, Form, bind, blank
from app.core.words import N_, _
from app.routes.uploads import receive
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, in_thread, page, post, redirect

ALL = "/patients/{patient_id:int}/attachments"
ONE = ALL + "/{attachment_id:int}"
ON_A_PAGE = 50
TOO_LARGE = N_("At most 20 MB. What you typed is still here; choose a smaller file.")
# Whatever a file holds, a browser may only draw it: no script, no form, no way out, no name but ours.
ALONE = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"


class Reason(msgspec.Struct, frozen=True):
    reason: Annotated[str, Field(most=200)]


@get(ALL, needs=May.SEE_CLINICAL)
def index(db: TheDb, actor: TheActor, patient: ThePatient, number: Annotated[int, QueryParameter(name="page")] = 1) -> Page:
    found, withheld = attachments.page_of(db, actor, patient.id)
    start = (min(max(number, 1), 10**6) - 1) * ON_A_PAGE
    return page(
        "attachments/index.html", patient=patient, found=found[start : start + ON_A_PAGE], withheld=withheld, number=start // ON_A_PAGE + 1,
        more=len(found) > start + ON_A_PAGE, gone=attachments.taken_out(db, actor, patient.id),
        called=partial(attachments.called, db, patient.id),
    )


@get(ALL + "/new", needs=May.RECORD_CLINICAL)
def new(
    db: TheDb, actor: TheActor, patient: ThePatient, place: Annotated[str, QueryParameter(name="place")] = "",
) -> Page:
    return _new(db, actor, patient, blank(NewAttachment, place=place, token=secrets.token_hex(16)))


def _new(db: Database, actor: Actor, patient: Patient, form: Form, status: int = 200) -> Page:
    return page(
        "attachments/new.html", "attachment-form", patient=patient, form=form, belongs=attachments.choices(db, actor, patient.id),
        today=clock.today().isoformat(), status=status,
    )


@litestar.post(ALL, needs=May.RECORD_CLINICAL, status_code=200, request_max_body_size=None)
async def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient) -> Any:
    """The file goes from the network to the disk piece by piece; then a thread judges and keeps it."""
    with request.app.state.files.incoming() as arriving:
        upload = await receive(request, arriving, attachments.LARGEST_FILE)
        return await _keep(
            request=request, db=db, actor=actor, patient=patient, uploads=upload.typed, arrived=None if upload.too_large else arriving,
        )


@in_thread
def _keep(
    request: Request, db: Database, actor: Actor, patient: Patient, uploads: dict[str, list[str]], arrived: Incoming | None,
) -> Any:
    form = bind(NewAttachment, uploads)
    if arrived is None:
        form.errors["file"] = _(TOO_LARGE)
        return _new(db, actor, patient, form, 413)
    files = request.app.state.files
    id = form.attempt(lambda given: attachments.add(db, actor, files, patient.id, given, arrived))
    if id is None:
        return _new(db, actor, patient, form, 422)
    return go(request, f"/patients/{patient.id}/attachments#attachment-{id}")


@get(ONE, needs=May.SEE_CLINICAL)
def show(db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int]) -> Page | Response:
    found = _own(db, actor, patient, attachment_id)
    stands = attachments.newest(db, found.id)
    if stands != found.id:
        return redirect(f"/patients/{patient.id}/attachments/{stands}")
    return _show(db, actor, patient, found, blank(Reason))


def _show(db: Database, actor: Actor, patient: Patient, one: Attachment, form: Form, status: int = 200) -> Page:
    return page(
        "attachments/show.html", patient=patient, one=one, versions=attachments.history(db, actor, patient.id, one.id), form=form, status=status,
        called=partial(attachments.called, db, patient.id),
    )


@get(ONE + "/file", needs=May.SEE_CLINICAL, slow=True)
def file(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int]) -> Response:
    found = _own(db, actor, patient, attachment_id)
    return alone(request, found.file, found.media_type, found.file_name)


@get(ONE + "/small", needs=May.SEE_CLINICAL, slow=True)
def small(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int]) -> Response:
    found = _own(db, actor, patient, attachment_id)
    if found.thumbnail is None:
        raise NotFound()
    return alone(request, found.thumbnail, "image/jpeg", f"small-{found.id}.jpg")


def alone(request: Request, sha: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Content-Security-Policy": ALONE}
    return Response(request.app.state.files.read(sha), media_type=media_type, headers=headers)


@get(ONE + "/edit", needs=May.RECORD_CLINICAL)
def edit(db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int]) -> Page:
    one = _own(db, actor, patient, attachment_id)
    form = blank(
        NewAttachment, title=one.title, taken_on=one.taken_on, place=one.place.typed, sensitive=bool(one.sensitive),
    )  # fmt: skip
    form.raw["reason"] = ""
    return _edit(db, actor, patient, form, one.id)


def _edit(
    db: Database, actor: Actor, patient: Patient, form: Form, id: int, status: int = 200, conflict: Conflict | None = None,
) -> Page:
    return page(
        "attachments/edit.html", "attachment-form", patient=patient, form=form, id=id, conflict=conflict, status=status,
        belongs=attachments.choices(db, actor, patient.id), today=clock.today().isoformat(),
    )


@post(ONE, needs=May.RECORD_CLINICAL)
def update(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int], data: Fields,
) -> Any:
    """What is said about it. Its id is the version that was seen."""
    _own(db, actor, patient, attachment_id)
    form, why = bind(NewAttachment, data), bind(Reason, data)
    form.raw["reason"] = why.raw["reason"]
    form.errors |= why.errors
    try:
        id = form.attempt(lambda given: attachments.correct(db, actor, patient.id, attachment_id, given, why.value.reason))
    except Conflict as conflict:
        return _edit(db, actor, patient, form, attachments.newest(db, attachment_id), 409, conflict)
    if id is None:
        return _edit(db, actor, patient, form, attachment_id, 422)
    return go(request, f"/patients/{patient.id}/attachments/{id}")


@post(ONE + "/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(
    request: Request, db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int], data: Fields,
) -> Any:
    one = _own(db, actor, patient, attachment_id)
    form = bind(Reason, data)
    if form.attempt(lambda given: attachments.withdraw(db, actor, patient.id, one.id, given.reason) or True) is None:
        return _show(db, actor, patient, one, form, 422)
    return go(request, f"/patients/{patient.id}/attachments/{one.id}")


@post(ONE + "/restoration", needs=May.RECORD_CLINICAL)
def put_back(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, attachment_id: FromPath[int]) -> Response:
    one = _own(db, actor, patient, attachment_id)
    if mistakes.mistake(db, "attachments", one.id):
        raise Refusal(N_("This was struck out as another person's."))
    attachments.put_back(db, actor, patient.id, one.id)
    return go(request, f"/patients/{patient.id}/attachments/{attachment_id}")


def _own(db: Database, actor: Actor, patient: Patient, id: int) -> Attachment:
    """This person's, and for these eyes."""
    found = attachments.get(db, actor, patient.id, id)
    if found is None:
        raise NotFound()
    return found


# ── for pages about something else ──

def kept(db: Database, actor: Actor) -> Callable[[Patient], dict[tuple[str, int], list[Attachment]]]:
    """In a template: frame.kept(patient), by (section, entry)."""
    return lambda patient: attachments.of_entries(db, actor, patient.id)


def kept_with_results(db: Database, actor: Actor) -> Callable[[Patient, int], list[Attachment]]:
    return lambda patient, report_id: attachments.of_report(db, actor, patient.id, report_id)


handlers = [index, new, create, show, file, small, edit, update, withdraw, put_back]
