"""One timeline of everything about a person: on the screen page by page, on paper for a period."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request

from app.clinic import attachments, patients, records, staff
from app.clinic.patients import Patient, Wanted
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.forms import Form, bind
from app.core.words import _
from app.routes.web import Page, TheActor, TheDb, ThePatient, get, page

ON_A_PAGE = 50
ON_PAPER = 2_000
PATH = "/patients/{patient_id:int}/timeline"


@get(PATH, needs=May.FIND_PATIENTS, slow=True)
def index(request: Request, db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    form = _form(request, actor)
    before = _cursor(request)
    entries = _entries(db, actor, patient, form, ON_A_PAGE + 1, before)
    base = f"/patients/{patient.id}/timeline"
    return page(
        "timeline/index.html", patient=patient, entries=entries[:ON_A_PAGE], groups=patients.groups(actor), form=form,
        address=lambda **more: _address(base, form, **more), sheet=_address(f"{base}/sheet", form), paged=before is not None,
        next=entries[ON_A_PAGE - 1].id if len(entries) > ON_A_PAGE else None, authors=_authors(db),
        narrow=any(form.raw[name] for name in ("since", "until", "by", "text")), status=200 if form.ok else 422,
    )


@get(PATH + "/sheet", needs=May.PRINT, look="print", slow=True)
def sheet(request: Request, db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    form = _form(request, actor)
    entries = _entries(db, actor, patient, form, ON_PAPER + 1)
    return page(
        "timeline/sheet.html", patient=patient, entries=entries[:ON_PAPER], more=len(entries) > ON_PAPER, form=form, most=ON_PAPER,
        today=clock.today().isoformat(), back=_address(f"/patients/{patient.id}/timeline", form), authors=dict(_authors(db)),
        groups=patients.groups(actor), status=200 if form.ok else 422,
    )


def _form(request: Request, actor: Actor) -> Form[Wanted]:
    form = bind(Wanted, dict(request.query_params))
    if form.raw["kind"] not in patients.groups(actor):
        form.raw["kind"] = ""
    if form.ok and form.value.since and form.value.until and form.value.since > form.value.until:
        form.errors["until"] = _("The end lies before the beginning.")
    return form


def _cursor(request: Request) -> int | None:
    """An entry's id; what is none, or larger than any, begins at the top."""
    text = request.query_params.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _entries(
    db: Database, actor: Actor, patient: Patient, form: Form[Wanted], limit: int, before: int | None = None
) -> list[patients.Entry]:
    """Nothing while the form is wrong: a list that is not what was asked for would mislead."""
    if not form.ok:
        return []
    withheld = records.withheld(db, actor, patient.id) | attachments.withheld(db, actor, patient.id)
    return patients.timeline(db, actor, patient.id, form.value, before=before, limit=limit, withheld=withheld)


def _authors(db: Database) -> list[tuple[str, str]]:
    by_name = sorted(staff.names(db).items(), key=lambda pair: pair[1])
    return [(str(id), name) for id, name in by_name] + [(str(patients.NOBODY), _("by itself"))]


def _address(base: str, form: Form[Wanted], **more: Any) -> str:
    """The same question, with something changed."""
    asked = {name: value for name, value in (form.raw | more).items() if value not in ("", None)}
    return f"{base}?{urlencode(asked)}" if asked else base


handlers = [index, sheet]
