"""Finding people from every page; a scanned number goes straight to its person, and says so when its card is not valid."""

from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import cards, patients
from app.core.access import Actor, May
from app.core.db import Database
from app.routes.web import Fields, Page, TheActor, TheDb, get, is_htmx, page, post, redirect


@get("/search", needs=May.FIND_PATIENTS)
def index(request: Request, db: TheDb, actor: TheActor, q: Annotated[str, QueryParameter(name="q")] = "") -> Page | Response:
    scan = cards.scan(db, q)
    if not is_htmx(request) and (only := _only(db, q, scan)):
        return redirect(f"/patients/{only}")
    found = _found(db, actor, q, scan)
    numbers = cards.numbers(db, [hit.id for hit in found.hits])
    return page("search/index.html", "found", q=q.strip(), found=found, numbers=numbers, scan=scan)


class Answer(msgspec.Struct, frozen=True):
    """What a reader hears, and where it goes. good: a person and, where it is a card, a valid one."""

    good: bool
    to: str


@post("/scan", needs=May.FIND_PATIENTS)
def scan(db: TheDb, data: Fields) -> Answer:
    """A number read by a barcode reader, asked before the page is left so that the sound comes at once."""
    code = str(data.get("code", ""))[:80]
    card = cards.scan(db, code)
    if only := _only(db, code, card):
        return Answer(True, f"/patients/{only}")
    return Answer(card is not None and not card.problem, f"/search?q={quote(code, safe='')}")


def _only(db: Database, typed: str, scan: cards.Scan | None) -> int | None:
    """The one person this number leads to; a card that is not valid, or a family's, is told about first."""
    if scan is None:
        return patients.scanned(db, typed)
    return scan.people[0] if len(scan.people) == 1 and not scan.problem else None


def _found(db: Database, actor: Actor, typed: str, scan: cards.Scan | None) -> patients.Found:
    """Of a card's number its people, whoever else it reminds of."""
    found = patients.search(db, typed, actor)
    return patients.Found([hit for hit in found.hits if hit.id in scan.people]) if scan else found


handlers = [index, scan]
