"""Finding people from every page; a scanned number goes straight to its person, and says so when its card is not valid.

What is typed is sent as a form and stands in no address: there it would be read from the tablet's history.
"""

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import cards, patients
from app.core.access import Actor, May
from app.core.db import Database
from app.routes.web import Fields, Page, TheActor, TheDb, get, is_htmx, page, post, redirect


@get("/search", needs=May.FIND_PATIENTS)
def index(request: Request, db: TheDb, actor: TheActor, asked: Annotated[str, QueryParameter(name="asked")] = "") -> Page:
    q = request.app.state.typed.recall(actor.id, asked)
    return _index(request, db, actor, q, cards.scan(db, q))


@post("/search", needs=May.FIND_PATIENTS)
def find(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Page | Response:
    """The block while somebody types; otherwise the one person, or the page of all who are meant."""
    q = str(data.get("q", ""))
    scan = cards.scan(db, q)
    if is_htmx(request):
        return _index(request, db, actor, q, scan)
    only = _only(db, q, scan)
    return redirect(f"/patients/{only}" if only else _way(request, actor, q))


def _index(request: Request, db: Database, actor: Actor, q: str, scan: cards.Scan | None) -> Page:
    found = _found(db, actor, q, scan)
    numbers = cards.numbers(db, [hit.id for hit in found.hits])
    asked = "" if found.hits else request.app.state.typed.keep(actor.id, q)
    return page("search/index.html", "found", q=q.strip(), found=found, numbers=numbers, scan=scan, asked=asked)


def _way(request: Request, actor: Actor, q: str) -> str:
    return f"/search?asked={request.app.state.typed.keep(actor.id, q)}"


class Answer(msgspec.Struct, frozen=True):
    """What a reader hears, and where it goes. good: a person and, where it is a card, a valid one."""

    good: bool
    to: str


@post("/scan", needs=May.FIND_PATIENTS)
def scan(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Answer:
    """A number read by a barcode reader, asked before the page is left so that the sound comes at once."""
    code = str(data.get("code", ""))[:80]
    card = cards.scan(db, code)
    if only := _only(db, code, card):
        return Answer(True, f"/patients/{only}")
    return Answer(card is not None and not card.problem, _way(request, actor, code))


def _only(db: Database, typed: str, scan: cards.Scan | None) -> int | None:
    """The one person this number leads to; a card that is not valid, or a family's, is told about first."""
    if scan is None:
        return patients.scanned(db, typed)
    return scan.people[0] if len(scan.people) == 1 and not scan.problem else None


def _found(db: Database, actor: Actor, typed: str, scan: cards.Scan | None) -> patients.Found:
    """Of a card's number its people, whoever else it reminds of."""
    found = patients.search(db, typed, actor)
    return patients.Found([hit for hit in found.hits if hit.id in scan.people]) if scan else found


handlers = [index, find, scan]
