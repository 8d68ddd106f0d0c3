"""The second step of the sign-in: setting it up with one's phone, the recovery codes, and the page that asks for a code."""

from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.datastructures import Cookie
from litestar.params import FromPath, QueryParameter
from litestar.response import Response

from app.clinic import invitations, staff
from app.core import charts, clock, settings
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import CodeNeeded
from app.core.forms import Field, Form, bind, blank
from app.core.words import _
from app.routes import devices
from app.routes.session import signed_in
from app.routes.web import Fields, Page, TheActor, TheDb, by_tls, client_address, cookie_name, get, go, local_path, page, post, redirect, session_token

HALF = "yihe_half"
MINUTES = 5
PATH = "/sign-in/code"
MINE = "/account/second-step"


class Code(msgspec.Struct, frozen=True):
    code: Annotated[str, Field(most=40)]
    next: str = ""


class Arming(msgspec.Struct, frozen=True):
    """sealed: what the phone was told, as this page was given it."""

    code: Annotated[str, Field(most=40)]
    password: Annotated[str, Field(most=200)]
    sealed: Annotated[str, Field(most=1000)] = ""


class Proof(msgspec.Struct, frozen=True):
    password: Annotated[str, Field(most=200)]


# ── after the password ──

def ask(request: Request, needed: CodeNeeded) -> Response:
    """The password was right: this device carries that to the page that asks for the code."""
    answer = go(request, f"{PATH}?next={quote(needed.next)}" if needed.next else PATH)
    answer.set_cookie(_half(request, needed.half, MINUTES * 60))
    return answer


def _half(request: Request, value: str, lasts: int) -> Cookie:
    return Cookie(
        key=cookie_name(request, HALF), value=value, max_age=lasts, path=PATH, httponly=True, samesite="strict", secure=by_tls(request))


@get(PATH, needs=May.ANYONE, while_handed="always")
def new(request: Request, db: TheDb, next: Annotated[str, QueryParameter(name="next")] = "") -> Page | Response:
    if staff.half_way_in(db, _carried(request)) is None:
        return redirect("/sign-in")
    return _asking(blank(Code, next=local_path(next, "")))


@post(PATH, needs=May.ANYONE, while_handed="always")
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    form, tablet = bind(Code, data), devices.tablet(request)
    if staff.half_way_in(db, _carried(request)) is None:
        return go(request, "/sign-in")
    token = form.attempt(lambda given: staff.take_code(
        db, _carried(request), given.code, request.headers.get("user-agent", ""), client_address(request), session_token(request),
        tablet.id if tablet else None,
    ))
    if token is None:
        return _asking(form, 422)
    answer = signed_in(request, token, _on(request, db, form))
    answer.set_cookie(_half(request, "", 0))
    if tablet:
        devices.belong(request, answer, devices.tablet_token(request))
    return answer


def _asking(form: Form, status: int = 200) -> Page:
    return page("session/code.html", "code-form", form=form, status=status, now=clock.local_now().strftime("%H:%M"), actor=None)


def _carried(request: Request) -> str:
    return request.cookies.get(cookie_name(request, HALF), "")


def _on(request: Request, db: Database, form: Form) -> str:
    """Where they wanted to go; with a tablet that a patient had, to what the patient was asked."""
    if path := request.scope["state"].get("handed_to"):
        asked = invitations.get(db, invitations.take_back(db, path))
        return f"/patients/{asked.patient_id}/asked/{asked.id}"
    return local_path(form.value.next, "/today")


# ── one's own ──

@get(MINE, needs=May.SIGNED_IN)
def show(db: TheDb, actor: TheActor) -> Page:
    return _show(db, actor)


def _show(db: Database, actor: Actor, arming: Form | None = None, proof: Form | None = None, status: int = 200) -> Page:
    """The offer, or what there is to do with one that stands."""
    armed, form = staff.has_second_step(db, actor.id), arming or blank(Arming)
    offered = None if armed else staff.offer(db, actor, settings.get(db, "clinic_name", ""), form.raw["sealed"])
    if offered:
        form.raw["sealed"] = offered.sealed
    return page(
        "session/second_step.html", "second-step", status=status, form=form, proof=proof or blank(Proof), armed=armed, offered=offered,
        qr=charts.qr(offered.address, _("The code for the app on the phone")) if offered else "", left=staff.recovery_codes_left(db, actor.id),
        now=clock.local_now().strftime("%H:%M"),
    )


@post(MINE, needs=May.SIGNED_IN)
def arm(db: TheDb, actor: TheActor, data: Fields) -> Page:
    form = bind(Arming, data)
    codes = form.attempt(lambda given: staff.arm(db, actor, given.sealed, given.password, given.code))
    return _show(db, actor, form, status=422) if codes is None else _codes(codes)


@post(f"{MINE}/recovery-codes", needs=May.SIGNED_IN)
def renew(db: TheDb, actor: TheActor, data: Fields) -> Page:
    form = bind(Proof, data)
    codes = form.attempt(lambda given: staff.new_recovery_codes(db, actor, given.password))
    return _show(db, actor, proof=form, status=422) if codes is None else _codes(codes)


def _codes(codes: list[str]) -> Page:
    """Once: nobody can read them again."""
    return page("session/recovery_codes.html", codes=codes, today=clock.today().isoformat())


@post(f"{MINE}/removal", needs=May.SIGNED_IN)
def disarm(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    form = bind(Proof, data)
    if form.attempt(lambda given: staff.disarm(db, actor, given.password) or True) is None:
        return _show(db, actor, proof=form, status=422)
    return go(request, MINE)


# ── somebody else's ──

@post("/manage/staff/{staff_id:int}/second-step/removal", needs=May.MANAGE_STAFF)
def take_off(request: Request, db: TheDb, actor: TheActor, staff_id: FromPath[int]) -> Response:
    """Of whoever has lost the phone and the paper; one's own goes by password."""
    if staff_id == actor.id:
        return go(request, MINE)
    staff.end_second_step(db, actor, staff_id)
    return go(request, f"/manage/staff/{staff_id}")


handlers = [new, create, show, arm, renew, disarm, take_off]
