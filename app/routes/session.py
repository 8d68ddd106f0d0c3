"""Signing in and out, own devices, own password and language."""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.datastructures import Cookie
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import staff
from app.core import words
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import CodeNeeded
from app.core.forms import Field, Form, bind, blank
from app.routes import devices
from app.routes.web import (
    LANGUAGE_COOKIE,
    Fields,
    Page,
    TheActor,
    TheDb,
    by_tls,
    client_address,
    cookie_name,
    get,
    go,
    local_path,
    page,
    post,
    redirect,
    session_token,
)

YEAR = 365 * 24 * 3600


class SignIn(msgspec.Struct, frozen=True):
    sign_in: Annotated[str, Field(most=40)]
    password: Annotated[str, Field(most=200)]
    next: str = ""


class NewPin(msgspec.Struct, frozen=True):
    """again: the same six digits once more; nobody sees what they typed."""

    password: Annotated[str, Field(most=200)]
    pin: Annotated[str, Field(most=40)]
    again: Annotated[str, Field(most=40)]


class Passwords(msgspec.Struct, frozen=True):
    old: Annotated[str, Field(most=200)]
    new: Annotated[str, Field(most=200)]


@get("/", needs=May.SIGNED_IN)
def home() -> Response:
    return redirect("/today")


@get("/sign-in", needs=May.ANYONE)
def new(request: Request, next: Annotated[str, QueryParameter(name="next")] = "") -> Page | Response:
    if request.app.state.first_run_code:
        return redirect("/setup")
    return _new(request, blank(SignIn, next=local_path(next, "")))


def _new(request: Request, form: Form, status: int = 200) -> Page:
    tablet = devices.tablet(request)
    return page("session/new.html", "sign-in-form", form=form, status=status, tablet=tablet, people=staff.tiles(request.app.state.db, tablet.id) if tablet else [])


@post("/sign-in", needs=May.ANYONE)
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    form, tablet = bind(SignIn, data), devices.tablet(request)
    try:
        token = form.attempt(lambda given: staff.sign_in(
            db, given.sign_in, given.password, request.headers.get("user-agent", ""), client_address(request), session_token(request),
            tablet.id if tablet else None,
        ))
    except CodeNeeded as needed:
        needed.next = local_path(form.value.next, "")
        raise
    if token is None:
        return _new(request, form, 422)
    answer = signed_in(request, token, local_path(form.value.next, "/today"))
    if tablet:
        devices.belong(request, answer, devices.tablet_token(request))
    return answer


@post("/sign-out", needs=May.SIGNED_IN)
def destroy(request: Request, db: TheDb, actor: TheActor) -> Response:
    staff.sign_out(db, actor, session_token(request))
    answer = go(request, "/sign-in")
    answer.set_cookie(_session(request, "", 0))
    return answer


@post("/language", needs=May.ANYONE)
def speak(request: Request, db: TheDb, data: Fields) -> Response:
    """The reader's language: kept with the account, or in a cookie before signing in."""
    chosen = str(data.get("language", ""))
    chosen = chosen if chosen in words.LANGUAGES else words.language()
    if actor := request.scope["state"].get("actor"):
        staff.change_language(db, actor, chosen)
    answer = go(request, local_path(str(data.get("back", "")), "/"))
    answer.set_cookie(Cookie(
        key=cookie_name(request, LANGUAGE_COOKIE), value=chosen, max_age=YEAR, httponly=True, samesite="lax", secure=by_tls(request)))
    return answer


@get("/account", needs=May.SIGNED_IN)
def show(db: TheDb, actor: TheActor) -> Page:
    return _account(db, actor)


def _account(db: Database, actor: Actor, form: Form | None = None, pin: Form | None = None, status: int = 200) -> Page:
    return page(
        "session/account.html", "password-form", "pin-form", form=form or blank(Passwords), pin=pin or blank(NewPin), status=status,
        has_pin=staff.has_pin(db, actor.id), sessions=staff.sessions(db, actor.id))


@post("/account/password", needs=May.SIGNED_IN)
def change_password(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Passwords, data)
    done = form.attempt(lambda given: staff.change_password(db, actor, given.old, given.new) or True)
    if done is None:
        return _account(db, actor, form, status=422)
    return go(request, "/sign-in")


@post("/account/pin", needs=May.SIGNED_IN)
def set_pin(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(NewPin, data)
    if form.attempt(lambda given: staff.set_pin(db, actor, given.password, given.pin, given.again) or True) is None:
        return _account(db, actor, pin=form, status=422)
    return go(request, "/account")


@post("/account/sessions/{session_id:int}/end", needs=May.SIGNED_IN)
def end(db: TheDb, actor: TheActor, session_id: FromPath[int]) -> Response:
    staff.end_session(db, actor, session_id, actor.id)
    return redirect("/account")


def signed_in(request: Request, token: str, to: str) -> Response:
    answer = go(request, to)
    hold(request, answer, token)
    return answer


def hold(request: Request, answer: Response, token: str) -> None:
    """This device has that session from now on."""
    answer.set_cookie(_session(request, token))


def _session(request: Request, token: str, max_age: int | None = None) -> Cookie:
    return Cookie(key=cookie_name(request), value=token, httponly=True, samesite="strict", secure=by_tls(request), max_age=max_age)


handlers = [home, new, create, destroy, speak, show, change_password, set_pin, end]
