"""What one person is asked to fill in: asking, the ways in, reminding, taking it back."""

import secrets
from typing import Annotated, Any

from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import invitations, questionnaires
from app.clinic.invitations import Asked, WayIn
from app.clinic.patients import Patient
from app.core import charts, clock
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import Form, bind, blank
from app.core.words import _, speaking
from app.routes import entrance
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, get, go, page, post, redirect

ALL = "/patients/{patient_id:int}/asked"
ONE = ALL + "/{asked_id:int}"
ON_A_PAGE = 50


@get(ALL, needs=May.SEE_CLINICAL)
def index(db: TheDb, patient: ThePatient, before: Annotated[int | None, QueryParameter(name="before")] = None) -> Page:
    return _index(db, patient, blank(invitations.NewAsked, token=secrets.token_hex(16)), before)


def _index(db: Database, patient: Patient, form: Form, before: int | None = None, status: int = 200) -> Page:
    found = invitations.of_patient(db, patient.id, before, ON_A_PAGE + 1)
    open_now = {one.questionnaire_id for one in invitations.open_of(db, patient.id)}
    return page(
        "asked/index.html", "new-asked", status=status, patient=patient, form=form, found=found[:ON_A_PAGE], states=invitations.STATES,
        choices=[(one.questionnaire_id, one.title) for one in offered(db) if one.questionnaire_id not in open_now], today=clock.today().isoformat(),
        before=before, older=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None,
    )


def offered(db: Database) -> list[questionnaires.Version]:
    """What a person can be given to fill in."""
    return questionnaires.current(db, "patient")


@post(ALL, needs=May.RECORD_CLINICAL)
def create(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, data: Fields) -> Page | Response:
    form = bind(invitations.NewAsked, data)
    chosen = [one.questionnaire_id for one in offered(db)]
    if form.attempt(lambda new: invitations.ask(db, actor, patient.id, new, chosen) or True) is None:
        return _index(db, patient, form, status=422)
    asked = [one for one in invitations.open_of(db, patient.id) if one.questionnaire_id in form.value.questionnaires]
    return go(request, f"/patients/{patient.id}/asked" + (f"/{asked[0].id}" if len(asked) == 1 else ""))


@get(ONE, needs=May.SEE_CLINICAL)
def show(db: TheDb, patient: ThePatient, asked_id: FromPath[int]) -> Page:
    return page("asked/show.html", patient=patient, one=own(db, patient, asked_id), states=invitations.STATES, told_at=told_at,
                until=invitations.live_until(db, asked_id))


def own(db: Database, patient: Patient, asked_id: int) -> Asked:
    one = invitations.get(db, asked_id, patient.id)
    if one is None:
        raise NotFound()
    return one


def told_at(utc: str | None) -> str:
    return clock.to_local(utc).strftime("%Y-%m-%d %H:%M") if utc else ""


@post(ONE + "/invitations", needs=May.RECORD_CLINICAL)
def invite(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Page:
    """The codes stand in this one answer and nowhere else: looking again means making new ones."""
    way = invitations.invite(db, actor, patient.id, asked_id)
    return page("asked/way.html", patient=patient, slip=slip(request, way, patient))


def slip(request: Request, way: WayIn, patient: Patient) -> dict[str, Any]:
    """What a way in looks like on a screen and on paper, in the person's language."""
    found = entrance.way_in(request)
    with speaking(patient.language):
        said = {
            "title": way.asked.title, "scan": _("Scan it with your phone, on the clinic's Wi-Fi,"), "type": _("or open this address and type the code:"),
            "good": _("Good until %(when)s, for you alone.", when=told_at(way.expires_at)),
        }
    return said | {
        "way": way, "name": invitations.greeted(patient.name), "number": patient.number, "language": patient.language, "address": found.typed,
        "qr": charts.qr(f"{found.fill}/t/{way.token}"), "warned": found.warned,
    }


@post(ONE + "/revocation", needs=May.RECORD_CLINICAL)
def revoke(db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Response:
    invitations.revoke(db, actor, patient.id, asked_id)
    return redirect(f"/patients/{patient.id}/asked/{asked_id}")


@post(ONE + "/reminder", needs=May.RECORD_CLINICAL)
def remind(db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Response:
    invitations.remind(db, actor, patient.id, asked_id)
    return redirect(f"/patients/{patient.id}/asked/{asked_id}")


@post(ONE + "/withdrawal", needs=May.RECORD_CLINICAL)
def withdraw(db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Response:
    invitations.withdraw(db, actor, patient.id, asked_id)
    return redirect(f"/patients/{patient.id}/asked/{asked_id}")


@post(ONE + "/restoration", needs=May.RECORD_CLINICAL)
def put_back(db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Response:
    invitations.put_back(db, actor, patient.id, asked_id)
    return redirect(f"/patients/{patient.id}/asked/{asked_id}")


handlers = [index, create, show, invite, revoke, remind, withdraw, put_back]
