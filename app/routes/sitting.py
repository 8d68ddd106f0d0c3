"""Names and numbers on lists: masked, until somebody shows them on this device."""

from litestar import Request
from litestar.response import Response

from app.clinic import lists, staff
from app.core import clock
from app.core.access import May
from app.core.db import Database
from app.routes.web import Fields, TheActor, TheDb, local_path, post, redirect, session_token


def until(request: Request, db: Database) -> str:
    """The hour until which they are shown here; blank while they are masked."""
    stamp = lists.shown_until(db, _session(request, db))
    return clock.to_local(stamp).strftime("%H:%M") if stamp else ""


def _session(request: Request, db: Database) -> int:
    return staff.session_of(db, session_token(request))


@post("/patients/sitting", needs=May.FIND_PATIENTS)
def change(request: Request, db: TheDb, actor: TheActor, data: Fields) -> Response:
    """Show them for an hour, or mask them again; back to where one was."""
    verb = lists.mask if data.get("mask") else lists.unmask
    verb(db, actor, _session(request, db))
    return redirect(local_path(str(data.get("back") or ""), "/patients"))


handlers = [change]
