"""A tablet in a patient's hands, and its way back."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import invitations, staff
from app.core.access import May
from app.core.errors import NotFound
from app.core.forms import Field, bind, blank
from app.routes.guests import cookie
from app.routes.session import hold, signed_in
from app.routes.web import Fields, Page, TheActor, TheDb, ThePatient, client_address, get, page, post, redirect, session_token


class Unlocking(msgspec.Struct, frozen=True):
    """sign_in: blank for who handed it over."""

    password: Annotated[str, Field(most=200)]
    sign_in: Annotated[str, Field(most=40)] = ""


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
def new(request: Request) -> Page:
    _only_handed(request)
    return page("fill/unlock.html", form=blank(Unlocking), back=request.scope["state"]["handed_to"], actor=None)


@post("/unlocking", needs=May.ANYONE, while_handed="always")
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    """A member of staff signs in on it again; what it was let in for opens nothing on it any more."""
    path, form = _only_handed(request), bind(Unlocking, data)
    token = form.attempt(lambda given: staff.unlock(
        db, session_token(request), given.sign_in, given.password, request.headers.get("user-agent", ""), client_address(request)))
    if token is None:
        return page("fill/unlock.html", "unlock-form", form=form, back=path, actor=None, status=422)
    asked = invitations.get(db, invitations.take_back(db, path))
    return signed_in(request, token, f"/patients/{asked.patient_id}/asked/{asked.id}")


def _only_handed(request: Request) -> str:
    path = request.scope["state"].get("handed_to")
    if not path:
        raise NotFound()
    return path


handlers = [hand_over, new, create]
