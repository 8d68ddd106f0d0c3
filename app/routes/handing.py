"""A tablet in a patient's hands, and its way back."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import invitations, staff
from app.core.access import May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import Field, Form, bind, blank
from app.routes import devices
from app.routes.guests import cookie
from app.routes.session import hold, signed_in
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, client_address, get, page, post, redirect, session_token


class Unlocking(msgspec.Struct, frozen=True):
    """sign_in: blank for who handed it over. who: whose tile; then `password` is their PIN."""

    password: Annotated[str, Field(most=200)]
    sign_in: Annotated[str, Field(most=40)] = ""
    who: int | None = None


@post("/patients/{patient_id:int}/asked/{asked_id:int}/handover", needs=May.RECORD_CLINICAL)
def hand_over(request: Request, db: TheDb, actor: TheActor, patient: ThePatient, asked_id: FromPath[int]) -> Response:
    """Lock this device to the one form and show its first page."""
    session, token = invitations.hand_over(db, actor, patient.id, asked_id, session_token(request))
    one = invitations.invited(db, token)
    answer = redirect(one.path)
    hold(request, answer, session)
    answer.set_cookie(cookie(request, asked_id, invitations.enter(db, one, patient.language)))
    return answer


@get("/unlocking", needs=May.ANYONE, while_handed="always")
def new(request: Request, who: Annotated[int | None, QueryParameter(name="who")] = None) -> Page:
    return _asking(request, _only_handed(request), blank(Unlocking, who=who))


def _asking(request: Request, path: str, form: Form, status: int = 200) -> Page:
    """A PIN of somebody on shift at this tablet, or a name and a password."""
    tablet = devices.tablet(request)
    people = [one for one in staff.tiles(request.app.state.db, tablet.id) if one.by_pin] if tablet else []
    chosen = next((one for one in people if str(one.id) == form.raw["who"]), None)
    return page("fill/unlock.html", "unlock-form", form=form, back=path, actor=None, people=people, chosen=chosen, status=status)


@post("/unlocking", needs=May.ANYONE, while_handed="always")
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    """A member of staff signs in on it again; what it was let in for opens nothing on it any more."""
    path, form = _only_handed(request), bind(Unlocking, data)
    token = form.attempt(lambda given: _taken(request, db, given))
    if token is None:
        return _asking(request, path, form, 422)
    asked = invitations.get(db, invitations.take_back(db, path))
    return signed_in(request, token, f"/patients/{asked.patient_id}/asked/{asked.id}")


def _taken(request: Request, db: Database, given: Unlocking) -> str:
    tablet, token, device = devices.tablet(request), session_token(request), request.headers.get("user-agent", "")
    if tablet and given.who is not None:
        return staff.take_back(db, tablet.id, given.who, given.password, token, device)
    return staff.unlock(db, token, given.sign_in, given.password, device, client_address(request), tablet.id if tablet else None)


def _only_handed(request: Request) -> str:
    path = request.scope["state"].get("handed_to")
    if not path:
        raise NotFound()
    return path


handlers = [hand_over, new, create]
