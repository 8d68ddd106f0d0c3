"""The person's own pages: a way in, one question after the other or all at once, and thanks at the end.

Nobody is signed in here. A token in the address is changed for a cookie that opens one form; the cookie alone says whose it is,
and no field of any form here names a person.
"""

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import invitations, patients, questionnaires, responses
from app.clinic.invitations import Guest, Invited
from app.core import words
from app.core.access import May
from app.core.db import Database
from app.core.errors import Gone
from app.core.forms import Field, bind, blank
from app.core.words import N_
from app.routes import screens
from app.routes.guests import TheGuest, cookie, own_form, token_of
from app.routes.web import Fields, Page, TheDb, client_address, get, go, page, post, redirect

NOT_OFFERED = N_("The clinic does not use this questionnaire any more. Please ask the staff.")


class Code(msgspec.Struct, frozen=True):
    code: Annotated[str, Field(most=40)]


# ── the way in ──

@get("/fill", needs=May.ANYONE)
def new() -> Page:
    """Where a short code is typed."""
    return page("fill/code.html", form=blank(Code), actor=None)


@post("/fill", needs=May.ANYONE)
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    form = bind(Code, data)
    one = form.attempt(lambda given: invitations.invited_by_code(db, given.code, client_address(request)))
    if one is None:
        return page("fill/code.html", "code-form", form=form, actor=None, status=422)
    return _let_in(request, db, one, words.language())


@get("/fill/t/{token:str}", needs=May.ANYONE)
def start(db: TheDb, token: FromPath[str]) -> Page:
    """Whose it is and what it is about; looking at it does nothing."""
    one = invitations.invited(db, token)
    words.speak(one.language)
    return _start(db, one, f"/fill/t/{token}")


@post("/fill/t/{token:str}", needs=May.ANYONE)
def enter(request: Request, db: TheDb, token: FromPath[str], data: Fields) -> Response:
    one = invitations.invited(db, token)
    language = _language(data, one.language)
    _begin(db, one.asked_id, one.patient_id, one.questionnaire_id, language)
    return _let_in(request, db, one, language)


def _language(data: dict[str, Any], usual: str) -> str:
    chosen = str(data.get("language", ""))
    return chosen if chosen in words.LANGUAGES else usual


def _start(db: Database, one: Invited | Guest, action: str) -> Page:
    begun = isinstance(one, Invited) and one.begun  # what was begun is gone on with on another device, though nobody new gets it
    version = questionnaires.versions(db, one.questionnaire_id)[0] if begun else _version(db, one.questionnaire_id)
    asked = [item for item in version.definition.by_id.values() if item.asked]
    name = one.name if isinstance(one, Invited) else one.patient_name
    return page(
        "fill/start.html", one=one, name=invitations.greeted(name), action=action, n=len(asked), minutes=invitations.minutes(len(asked)),
        definition=version.definition, help=invitations.hotline(version.definition), actor=None,
    )


def _version(db: Database, questionnaire_id: int) -> questionnaires.Version:
    found = next((one for one in questionnaires.current(db) if one.questionnaire_id == questionnaire_id), None)
    if found is None:
        raise Gone(NOT_OFFERED)
    return found


def _begin(db: Database, asked_id: int, patient_id: int, questionnaire_id: int, language: str) -> int:
    def sitting() -> int:
        return responses.begin(db, None, patients.get(db, patient_id), _version(db, questionnaire_id), "patient", language=language)

    return invitations.begin(db, asked_id, sitting)


def _let_in(request: Request, db: Database, one: Invited, language: str) -> Response:
    answer = go(request, one.path)
    answer.set_cookie(cookie(request, one.asked_id, invitations.enter(db, one, language)))
    return answer


# ── inside ──

@own_form(get, "")
def show(db: TheDb, guest: TheGuest) -> Page:
    if guest.response_id is None:
        return _start(db, guest, f"{guest.path}/beginning")
    return screens.screen(db, guest)


@own_form(post, "/beginning")
def begin(request: Request, db: TheDb, guest: TheGuest, data: Fields) -> Response:
    language = _language(data, guest.language)
    _begin(db, guest.asked_id, guest.patient_id, guest.questionnaire_id, language)
    invitations.show_as(db, token_of(request), invitations.Looks(language, guest.large, guest.whole))
    return redirect(guest.path)


@get("/fill/{asked_id:int}/thanks", needs=May.ANYONE, while_handed="own")
def thank(request: Request, asked_id: FromPath[int]) -> Page:  # noqa: ARG001
    """The same words for everybody: that it is over, and nothing of whose it was."""
    return page("fill/thanks.html", handed=bool(request.scope["state"].get("handed_to")), actor=None)


handlers = [new, create, start, enter, show, begin, thank]
