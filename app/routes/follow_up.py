"""A person's follow-up: what is open, what was said, and recording a contact."""

from datetime import date
from functools import lru_cache
from secrets import token_urlsafe
from typing import Any

from babel.dates import format_date
from litestar import Request
from litestar.response import Response
from markupsafe import Markup

from app.clinic import completeness, patients, staff, work
from app.core import charts, clock, words
from app.core.access import Actor, May, Role
from app.core.db import Database
from app.core.forms import Form, bind, blank
from app.core.words import _
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, is_htmx, page, post, redirect


@get("/patients/{patient_id:int}/follow-up", needs=May.SEE_CLINICAL)
def show(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
    return follow_up_page(db, actor, patient)


@post("/patients/{patient_id:int}/contacts", needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(work.NewContact, data)
    if form.attempt(lambda given: work.record(db, actor, patient.id, given)) is None:
        return follow_up_page(db, actor, patient, form=form)
    if is_htmx(request):
        return follow_up_page(db, actor, patient)
    return redirect(f"/patients/{patient.id}/follow-up")


def follow_up_page(db: Database, actor: Actor, patient: patients.Patient, form: Form | None = None) -> Page:
    """The whole tab, or its blocks for htmx."""
    items, closed = work.open_for(db, patient.id), work.closed_for(db, patient.id)
    return page(
        "work/follow_up.html", "open_work", "history", "contact_form", status=422 if form else 200,
        patient=patient, items=items, closed=closed, steps=work.steps(db, [item.id for item in [*items, *closed]]),
        reasons=work.reasons(db, items, actor), contacts=work.contacts_of(db, patient.id), owners=staff.names(db),
        phone=patients.to_call(db, [patient.id]).get(patient.id), **how_it_looks(),
        afternoon=work.afternoon(db, clock.local_now()), back=f"/patients/{patient.id}/follow-up",
        doctors=staff.with_role(db, Role.DOCTOR), completeness={patient.id: completeness.opening(db, patient)},
        form=form or blank(work.NewContact, token=token_urlsafe(12)), **telling(db),
    )


def how_it_looks() -> dict[str, Any]:
    """What every page with items on it needs to draw them."""
    return {
        "today": clock.today(), "charts": charts, "window": window, "age": patients.age, "sexes": patients.SEXES,
        "mask_phone": patients.mask_phone,
        "missing_names": lambda record: _(", ").join(record.names),
    }


def window(item: work.Item) -> Markup:
    """The drawing of an item's days; the same for many items and many pages, so it is kept."""
    return _window(item.show_from, item.due_on, item.show_until, clock.today(), words.language())


@lru_cache(4000)
def _window(show_from: str, due_on: str, show_until: str, today: date, language: str) -> Markup:
    return charts.due_window(show_from, due_on, show_until, today)


def spoken_day(day: date) -> str:
    """11月23日 星期一, Mon 23 Nov"""
    spoken = {"zh": "M月d日 EEEE", "en": "EEE d MMM"}
    return format_date(day, spoken[words.language()], locale=words.language())


def telling(db: Database) -> dict[str, Any]:
    """Words and names: who owns, how it ended, to whom it may be handed."""
    names = staff.names(db)
    return {
        "channels": [(code, _(name)) for code, name in work.CHANNELS.items()], "channel_names": work.CHANNELS,
        "reached_names": work.REACHED,
        "reached": [(code, _(name)) for code, name in work.REACHED.items()],
        "owner_of": lambda item: names.get(item.owner_id) or _(Role(item.role).label), "outcome_of": outcome_of,
        "people": [(role.value, _("Anyone: %(role)s", role=_(role.label))) for role in Role if role != Role.READ_ONLY]
        + [(one.id, one.name) for one in staff.everyone(db) if not one.disabled and one.role != Role.READ_ONLY],
    }


def outcome_of(item: work.Item, step: work.Step, actor: Actor) -> str:
    outcome = None if item.hidden_from(actor) else item.pathway.outcome(step.outcome or "")
    return outcome.name if outcome else _(work.STEPS[step.step])


handlers = [show, create]
