"""Drafts: the page keeps what is typed by itself, offers it again, and lists what one has not finished."""

from typing import Annotated

from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from app.clinic import staff
from app.core import clock
from app.core.access import May
from app.routes.web import Page, TheActor, TheDb, get, page, post, redirect


@get("/drafts", needs=May.SIGNED_IN)
def index(db: TheDb, actor: TheActor) -> Page:
    return page("drafts/index.html", drafts=staff.drafts(db, actor), days=staff.KEPT_DAYS)


@get("/drafts/of", needs=May.SIGNED_IN, quiet=True)
def of_page(db: TheDb, actor: TheActor, at: Annotated[str, QueryParameter(name="at")] = "") -> Response:
    """What this actor typed on that page and has not sent."""
    return Response([
        {"key": one.key, "form": one.form, "fields": one.fields, "begins": one.begins, "saved": _told(one.saved_at)}
        for one in staff.drafts(db, actor, at)
    ], media_type="application/json")


@post("/drafts", needs=May.SIGNED_IN, quiet=True)
def save(db: TheDb, actor: TheActor, data: JSONBody[staff.NewDraft]) -> Response:
    return Response({"saved": _told(staff.save_draft(db, actor, data))}, media_type="application/json")


@post("/drafts/{key:str}/removal", needs=May.SIGNED_IN)
def destroy(db: TheDb, actor: TheActor, key: FromPath[str]) -> Response:
    staff.drop_draft(db, actor, key)
    return redirect("/drafts")


def _told(stamp: str) -> str:
    at = clock.to_local(stamp)
    return at.strftime("%H:%M" if at.date() == clock.today() else "%m-%d %H:%M")


handlers = [index, of_page, save, destroy]
