"""Errors as calm pages, or for htmx as a notice on the page one is on, in the reader's language."""

import logging
import secrets
from urllib.parse import quote, urlsplit

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Response

from app.core import faults, words
from app.core.errors import CodeNeeded, HandedOver, Locked, Moved, NotFound, Refusal, SignedOut, TooMany
from app.core.words import _
from app.routes import second_step, web

log = logging.getLogger("yihe.errors")


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal of ours: its own words and status."""
    if isinstance(refusal, SignedOut):
        return _sign_in(request)
    if isinstance(refusal, Locked):
        return _unlock(request, refusal)
    if isinstance(refusal, CodeNeeded):
        return second_step.ask(request, refusal)
    if isinstance(refusal, HandedOver) and request.method == "GET":
        return web.go(request, refusal.to)
    if isinstance(refusal, Moved):
        return Redirect(refusal.to, status_code=refusal.status)
    if request.url.path.startswith("/fill"):
        return _to_a_guest(request, refusal.status, str(refusal), _waiting(refusal))
    return _answer(refusal.status, str(refusal), _waiting(refusal), texts=getattr(refusal, "texts", []))


def _waiting(refusal: Refusal) -> dict[str, str]:
    return {"Retry-After": str(refusal.wait)} if isinstance(refusal, TooMany) else {}


def _to_a_guest(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Somebody who fills in a form: no word of the staff's pages, and what is over takes the place of the whole page."""
    if status in (404, 410) and web.is_htmx(request):
        return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")
    handed = bool(request.scope["state"].get("handed_to"))
    return web.page("fill/over.html", "notice", status=status, headers=headers, message=message, handed=handed, actor=None)


def http_error(request: Request, error: HTTPException) -> Response:
    """What the framework refused: an unknown path, a body that is too large or not a form."""
    web.readable(web.recognise, request)  # an unknown path never met the guard
    message = {
        404: str(NotFound()), 405: _("This address does not take that."),
        413: _("That is too large. At most 20 MB can be sent at once."),
    }.get(error.status_code, _("This could not be read. Please go back and try again."))
    status = error.status_code if error.status_code in (400, 403, 404, 405, 413, 415, 422, 429) else 500
    return _to_a_guest(request, status, message) if request.url.path.startswith("/fill") else _answer(status, message)


def broken(request: Request, error: Exception) -> Response:
    """The disk's failure, or our own mistake: logged by number without what was typed; the person gets the number."""
    _settle_language(request)
    if refusal := faults.of(error):
        return refused(request, refusal)
    number = secrets.token_hex(4)
    frames, trace = [], error.__traceback__
    while trace:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("error %s: %s at %s", number, type(error).__name__, " < ".join(reversed(frames[-8:])))
    return _answer(500, _("Something went wrong on our side. Nothing was lost that had been saved."), number=number)


def _settle_language(request: Request) -> None:
    if not request.scope["state"].get("actor"):
        words.speak(web.spoken(request))


def _sign_in(request: Request) -> Response:
    to = "/setup" if request.app.state.first_run_code else sign_in_path(request)
    if web.is_htmx(request) and request.method != "GET":
        return _answer(401, _("You were signed out meanwhile. Sign in, then send this again: what you typed is still here."))
    if web.is_htmx(request):
        return Response("", status_code=200, headers={"HX-Redirect": to}, media_type="text/html")
    return Redirect(to, status_code=303)


def _unlock(request: Request, refusal: Refusal) -> Response:
    """A page leads to the lock and back; what a page asked for in the background gets nothing, and the page covers itself."""
    if web.is_htmx(request) or "text/html" not in request.headers.get("accept", ""):
        return Response("", status_code=refusal.status, headers={"HX-Reswap": "none"}, media_type="text/html")
    return Redirect(lock_path(request), status_code=303)


def _answer(
    status: int, message: str, headers: dict[str, str] | None = None, number: str = "", texts: list = (),
) -> web.Page:
    return web.page(
        "errors/page.html", "notice", status=status, headers=headers, code=status, message=message, number=number,
        texts=list(texts),
    )


def sign_in_path(request: Request) -> str:
    path = request.url.path
    return f"/sign-in?next={quote(path)}" if request.method == "GET" and path != "/" else "/sign-in"


def lock_path(request: Request) -> str:
    """The lock, and the page to come back to: the one that was asked for, or the one a form was sent from."""
    path = request.url.path if request.method == "GET" else urlsplit(request.headers.get("referer", "")).path
    return f"/lock?next={quote(path)}" if len(path) > 1 else "/lock"
