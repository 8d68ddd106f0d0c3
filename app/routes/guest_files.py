"""Photos a person sends in from their own page: into the one form they were let in for, judged like every other file."""

from functools import partial
from typing import Any

import litestar
from litestar import Request
from litestar.params import FromPath
from litestar.response import Response

from app.clinic import attachments, responses
from app.clinic.invitations import Guest
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.files import Incoming
from app.core.words import N_, _
from app.routes import screens
from app.routes.attachments import alone
from app.routes.guests import TheGuest, own_form
from app.routes.uploads import receive
from app.routes.web import Page, TheDb, get, in_thread

TOO_LARGE = N_("At most 20 MB. Please choose a smaller file.")


@own_form(partial(litestar.post, status_code=200, request_max_body_size=None), "/files")
async def attach(request: Request, db: TheDb, guest: TheGuest) -> Any:
    """It goes to the disk piece by piece; then a thread judges and keeps it."""
    screens.begun(guest)
    with request.app.state.files.incoming() as arriving:
        upload = await receive(request, arriving, attachments.LARGEST_FILE)
        typed = {name: text[-1] for name, text in upload.typed.items()}
        return await _attach(request=request, db=db, guest=guest, typed=typed, arrived=None if upload.too_large else arriving)


@in_thread
def _attach(request: Request, db: Database, guest: Guest, typed: dict[str, str], arrived: Incoming | None) -> Page | Response:
    path = typed.get("_path", "")
    try:
        if arrived is None:
            raise Invalid({"file": TOO_LARGE})
        done = responses.attach(
            db, None, request.app.state.files, guest.response_id, screens.number(typed, "_revision"), path, arrived, guest.key)
    except Conflict as conflict:
        return screens.afresh(db, guest, path, conflict)
    except Invalid as invalid:
        done = _refused(db, guest, path, invalid.errors["file"])
    return screens.kept(request, db, guest, typed, [path], done, set() if done.errors else {path})


def _refused(db: Database, guest: Guest, path: str, said: str | tuple[str, dict]) -> responses.Answered:
    one, sitting = responses.being_filled(db, guest.response_id)
    state = responses.state_of(db, one, sitting)
    words = _(said) if isinstance(said, str) else _(said[0], **said[1])
    return responses.Answered(state, state, {path: words}, {}, sitting.revision, False)


@own_form(partial(get, slow=True), "/files/{file_id:int}/small")
def small(request: Request, db: TheDb, guest: TheGuest, file_id: FromPath[int]) -> Response:
    """What they sent in themselves, small, while it answers this very form."""
    screens.begun(guest)
    found = responses.sent_by_person(db, guest.response_id, file_id)
    if found is None or found.thumbnail is None:
        raise NotFound()
    return alone(request, found.thumbnail, "image/jpeg", f"{found.id}.jpg")


handlers = [attach, small]
