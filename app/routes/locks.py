"""The locked screen: who is on shift at this tablet, and how one of them goes on.

The lock is a page of its own and the cover of any other page (static/js/lock.js). Under the cover a page keeps what was typed for
whoever typed it; anybody else begins afresh.
"""

from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import staff
from app.core.access import May
from app.core.db import Database
from app.core.errors import Invalid, Unwritable
from app.core.forms import Field, Form, bind, blank
from app.routes import devices
from app.routes.session import hold, signed_in
from app.routes.web import Fields, Page, TheDb, client_address, get, go, is_htmx, local_path, page, post, redirect


class Entry(msgspec.Struct, frozen=True):
    """who: whose tile. secret: their PIN, or their password where `word` is set. cover: on when it lies over a page."""

    who: int
    secret: Annotated[str, Field(most=200)]
    word: bool = False
    cover: bool = False
    next: str = ""


@get("/lock", needs=May.ANYONE)
def show(
    request: Request, next: Annotated[str, QueryParameter(name="next")] = "", who: Annotated[int | None, QueryParameter(name="who")] = None,
    word: Annotated[bool, QueryParameter(name="word")] = False, cover: Annotated[bool, QueryParameter(name="cover")] = False,
) -> Page | Response:
    if request.scope["state"]["actor"]:
        return go(request, local_path(next, "/today"))
    return _lock(request, blank(Entry, next=local_path(next, ""), word=word, cover=cover), who)


@post("/lock", needs=May.ANYONE, quiet=True)
def create(request: Request, db: TheDb, data: Fields) -> Page | Response:
    """Close this screen now: from the menu, or because the page noticed that nobody touches it."""
    state = request.scope["state"]
    if actor := state["actor"]:
        try:
            staff.lock(db, actor.session_id)
        except Unwritable:
            request.app.state.presence.close(actor.session_id)
        state["locked"], state["actor"] = actor, None
    to = local_path(str(data.get("next", "")), "")
    if is_htmx(request):
        return _lock(request, blank(Entry, next=to, cover=True), None)
    return redirect(f"/lock?next={quote(to)}" if to else "/lock")


@post("/lock/opening", needs=May.ANYONE)
def open_again(request: Request, db: TheDb, data: Fields) -> Page | Response:
    """The same person finds what they left; anybody else begins with a page of their own."""
    form, was = bind(Entry, data), request.scope["state"]["locked"]
    token = form.attempt(lambda given: _entered(request, db, given))
    if token is None:
        return _lock(request, form, _number(form.raw["who"]), 422)
    same = was is not None and was.id == form.value.who
    if same:
        request.app.state.presence.open(request.scope["state"]["held"])
    if not (same and form.value.cover):
        return signed_in(request, token, local_path(form.value.next, "/today") if same else "/today")
    answer = Response("", headers={"HX-Trigger": "unlocked", "HX-Reswap": "none"}, media_type="text/html")
    hold(request, answer, token)
    return answer


@post("/presence", needs=May.SIGNED_IN)
def stay() -> Response:
    """Somebody types or scrolls: the guard has noted it."""
    return Response("", status_code=204, media_type="text/html")


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() else None


def _lock(request: Request, form: Form, who: int | None, status: int = 200) -> Page | Response:
    """The tiles, and the field of whoever was chosen; at first of who was here."""
    people, locked = _people(request), request.scope["state"]["locked"]
    if not people:
        return go(request, "/sign-in")
    at_first = locked.id if locked else people[0].id if len(people) == 1 else None
    chosen = next((one for one in people if one.id == (who or at_first)), None)
    return page("session/lock.html", "lock-box", form=form, people=people, chosen=chosen, was=locked, status=status)


def _people(request: Request) -> list[staff.Tile]:
    """Who is on shift at this tablet, and whoever left this screen."""
    db: Database = request.app.state.db
    tablet, locked = devices.tablet(request), request.scope["state"]["locked"]
    people = staff.tiles(db, tablet.id) if tablet else []
    if locked and all(one.id != locked.id for one in people):
        member = staff.get(db, locked.id)
        people.insert(0, staff.Tile(member.id, member.name, member.sign_in, member.role, 0))
    return people


def _entered(request: Request, db: Database, given: Entry) -> str:
    """The token of the session that goes on or begins. Raises TooMany or Invalid at `secret`."""
    tablet, token, device = devices.tablet(request), devices.session_token(request), request.headers.get("user-agent", "")
    person = next((one for one in _people(request) if one.id == given.who), None)
    if person and person.by_pin and not given.word:
        return staff.enter(db, tablet.id, given.who, given.secret, token, device)
    try:
        return staff.sign_in(
            db, person.sign_in if person else "", given.secret, device, client_address(request), token, tablet.id if tablet else None)
    except Invalid as wrong:
        raise Invalid({"secret": wrong.errors["password"]}) from None


handlers = [show, create, open_again, stay]
