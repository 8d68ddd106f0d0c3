"""What every handler stands on: who is asking, what they may, whose page this is, and how to answer.

    @get("/patients/{patient_id:int}/notes", needs=May.SEE_CLINICAL)
    def index(db: TheDb, actor: TheActor, patient: ThePatient) -> Page:
        return page("records/notes.html", patient=patient, notes=records.notes(db, patient.id))

Reads answer inline on the event loop (give slow=True to those that may take more than about two
milliseconds); writes run in a thread.
"""

from collections.abc import Callable
from inspect import signature
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import litestar
from jinja2_fragments.litestar import HTMXBlockTemplate
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Response

from app.clinic import patients, staff
from app.core import settings, words
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Forbidden, HandedOver, Locked, Moved, NotFound, Refusal, SignedOut
from app.core.troubles import Board
from app.routes import devices
from app.routes.devices import COOKIE, LANGUAGE_COOKIE, by_tls, cookie_name, session_token

from app.routes import glass
from app.routes.once import Sending, once, the_sending
from app.routes.threads import in_thread


STRANGERS_FORM, STAFF_FORM = 2**19, 2**21  # bytes of a typed form

Fields = URLEncodedBody[dict[str, Any]]
Uploads = NamedDependency[dict[str, Any]]
TheDb = NamedDependency[Database]
TheActor = NamedDependency[Actor]
ThePatient = NamedDependency[patients.Patient]

# What the frame of every page shows about the actor's own work; main.py fills it.
frame_values: dict[str, Callable[[Database, Actor], Any]] = {}


# ── routes ──

def get(path: str, *, needs: May, slow: bool | Callable[[dict[str, Any]], bool] = False, **options: Any) -> Callable:
    """slow: may also be a function that says it of one request's values."""
    declare = litestar.get(path, needs=needs, **({} if slow else {"sync_to_thread": False}), **options)
    return lambda handler: declare(in_thread(handler, slow) if slow else handler)


def post(path: str, *, needs: May, **options: Any) -> Callable:
    """A typed form is read as a whole, between two other people's requests: a megabyte of it takes a third of a second."""

    def declare(handler: Callable) -> Callable:
        if "uploads" not in signature(handler).parameters:
            options.setdefault("request_max_body_size", STRANGERS_FORM if needs is May.ANYONE else STAFF_FORM)
        return litestar.post(path, needs=needs, status_code=200, **options)(in_thread(once(handler)))

    return declare


# ── answers ──

class Page(HTMXBlockTemplate):
    """A whole page, or for an htmx request the named blocks, each swapped out of band."""

    def create_template_context(self, request: Request) -> dict[str, Any]:
        fragment = bool(self.block_names) and is_htmx(request)
        if not fragment:
            self.block_names = None
        return frame(request, fragment) | super().create_template_context(request)


def page(template: str, *blocks: str, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> Page:
    """blocks: ids of root elements; their Jinja blocks have the same name with underscores."""
    return Page(
        template_name=template, block_names=[name.replace("-", "_") for name in blocks] or None, context=context, status_code=status,
        headers=headers, media_type="text/html",
    )


def frame(request: Request, fragment: bool = False) -> dict[str, Any]:
    """What base.html and every block may rely on."""
    db: Database = request.app.state.db
    actor: Actor | None = request.scope["state"].get("actor")
    read = {name: readable(value, db, actor) for name, value in frame_values.items()} if actor else {}
    board: Board = request.app.state.troubles
    return {
        "actor": actor, "may": May, "language": words.language(), "clinic": readable(settings.everything, db) or {},
        "here": here(request.url.path), "path": request.url.path, "frame": {name: value for name, value in read.items() if value is not None},
        "oob": OOB if fragment else "", "glass": request.scope["state"].get("glass"),
        "troubles": board.shown(actor.may(May.MANAGE_CLINIC)) if actor else (), "troubled": board.red,
    }


def readable(read: Callable[..., Any], *of: Any) -> Any:
    """None where the file cannot be read: the page that says so is drawn in this frame too."""
    try:
        return read(*of)
    except Refusal:
        return None


class _Attribute(str):
    """Markup that is ours: the out-of-band attribute."""

    def __html__(self) -> str:
        return str(self)


OOB = _Attribute('hx-swap-oob="true"')
PLACES = {
    "today": "today", "work": "today", "recalls": "today", "reminders": "today", "patients": "patients", "cards": "patients", "search": "patients",
    "households": "patients", "askings": "patients", "duplicates": "patients", "merges": "patients", "reports": "reports", "manage": "manage",
}


def here(path: str) -> str:
    """The place of the rail a path belongs to."""
    return PLACES.get(path.split("/")[1], "")


def is_htmx(request: ASGIConnection) -> bool:
    return request.headers.get("hx-request") == "true"


def redirect(to: str) -> Redirect:
    """Go there with GET; a form sent by htmx goes with the whole page."""
    return Redirect(to, status_code=303)


IN_ADDRESSES = "/#%[]=:;$&()+,!?*@'~"  # what stays as it is in a header that says where to go


def go(request: Request, to: str) -> Response:
    """Like redirect, but htmx leaves the page instead of swapping the answer in."""
    if is_htmx(request):
        return Response("", headers={"HX-Redirect": quote(to, safe=IN_ADDRESSES)}, media_type="text/html")
    return redirect(to)


def local_path(to: str | None, otherwise: str = "/") -> str:
    """A path of our own to go back to; anything else is not followed."""
    try:
        parts = urlsplit(to or "")
    except ValueError:
        return otherwise
    if not parts.path.startswith("/") or parts.scheme or parts.netloc or "\\" in (to or "") or parts.path.startswith("//"):
        return otherwise
    return parts.path + (f"?{parts.query}" if parts.query else "")


def client_address(request: ASGIConnection) -> str:
    return request.client.host if request.client else ""


# ── who is asking ──

async def guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """Every request passes here. async without awaiting: a plain guard would go to a thread."""
    actor = recognise(connection)
    if connection.method not in ("GET", "HEAD"):
        refuse_strangers(connection)
    needs: May | None = handler.opt.get("needs")
    if needs is None:
        raise Forbidden()
    stay(connection, handler)
    if needs is May.ANYONE:
        return
    if actor is None:
        raise Locked() if devices.locked(connection) else SignedOut()
    devices.stir(connection, handler.opt.get("quiet", False))
    if not actor.may(needs):
        raise Forbidden()
    glass.through(connection, actor)


def stay(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """A tablet in a patient's hands opens its one form, what that is drawn with, and the way back to the staff.

    Both are asked, the handler and the address: neither a form of somebody else nor another page under this address is let through.
    """
    only = connection.scope["state"].get("handed_to")
    if not only or handler.opt.get("while_handed") == "always":
        return
    path = connection.scope["path"]
    if handler.opt.get("while_handed") != "own" or not (path == only or path.startswith(f"{only}/")):
        raise HandedOver(only)


def recognise(connection: ASGIConnection) -> Actor | None:
    """Who asks, if they are signed in and their screen is open; the answer is in their language."""
    devices.recognise(connection)
    state = connection.scope["state"]
    actor: Actor | None = state["actor"]
    words.speak(actor.language if actor else state["locked"].language if state["locked"] else spoken(connection))
    return actor


def spoken(connection: ASGIConnection) -> str:
    """The language of somebody not signed in: what they chose, else the browser's first, else the clinic's."""
    chosen = connection.cookies.get(cookie_name(connection, LANGUAGE_COOKIE), "")
    if chosen in words.LANGUAGES:
        return chosen
    wanted = connection.headers.get("accept-language", "")[:2].lower()
    return wanted if wanted in words.LANGUAGES else words.DEFAULT_LANGUAGE


def refuse_strangers(connection: ASGIConnection) -> None:
    """A write must come from our own pages: browsers say so in Sec-Fetch-Site or Origin, and cannot be made to lie."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Forbidden()
        return
    origin = connection.headers.get("origin", "")
    if origin != f"{connection.scope['scheme']}://{connection.headers.get('host', '')}":
        raise Forbidden()


# ── dependencies ──

async def the_db(request: Request) -> Database:
    return request.app.state.db


async def the_actor(request: Request, db: NamedDependency[Database]) -> Actor:  # noqa: ARG001
    """db is asked for so that one comes after the other: those that could come together cost a group of tasks in every request."""
    actor = request.scope["state"].get("actor")
    if actor is None:
        raise SignedOut()
    return actor


async def the_patient(
    request: Request, db: NamedDependency[Database], actor: NamedDependency[Actor],
    patient_id: Annotated[int, litestar.params.PathParameter()],
) -> patients.Patient:
    """The patient of this path, through what the actor may see; being looked at is noted, as the handler's `look` says."""
    patient = patients.get(db, patient_id)
    if patient is None:
        raise _elsewhere(request, db, patient_id)
    request.app.state.looks.note(actor.id, patient.id, request.route_handler.opt.get("look", "view"))
    return patient


def _elsewhere(request: Request, db: Database, patient_id: int) -> Refusal:
    """Who was joined to another record is found there, and what was typed goes along."""
    now = patients.survivor(db, patient_id)
    if now is None:
        return NotFound()
    path = request.url.path.replace(f"/patients/{patient_id}", f"/patients/{now}", 1)
    return Moved(path + (f"?{request.url.query}" if request.url.query else ""))


async def the_uploads(request: Request, sending: NamedDependency[Sending]) -> dict[str, Any]:  # noqa: ARG001
    """A multipart form: {name: [text or UploadFile, …]}. sending is asked for because one body cannot be read by two at once."""
    form = await request.form()
    return {name: form.getall(name) for name in form}


DEPENDENCIES = {
    "db": Provide(the_db), "actor": Provide(the_actor), "patient": Provide(the_patient), "uploads": Provide(the_uploads),
    "sending": Provide(the_sending),
}
