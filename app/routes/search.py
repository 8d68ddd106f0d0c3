"""Finding people from every page; a scanned number goes straight to its person."""

from typing import Annotated

from litestar import Request
from litestar.params import QueryParameter
from litestar.response import Response

from app.clinic import cards, patients
from app.core.access import May
from app.routes.web import Page, TheActor, TheDb, get, is_htmx, page, redirect


@get("/search", needs=May.FIND_PATIENTS)
def index(request: Request, db: TheDb, actor: TheActor, q: Annotated[str, QueryParameter(name="q")] = "") -> Page | Response:
    if not is_htmx(request) and (only := patients.scanned(db, q)):
        return redirect(f"/patients/{only}")
    found = patients.search(db, q, actor)
    numbers = cards.numbers(db, [hit.id for hit in found.hits])
    return page("search/index.html", "found", q=q.strip(), found=found, numbers=numbers)


handlers = [index]
