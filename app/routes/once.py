"""A form that is sent twice gets the same answer twice, and is done once.

The key of a form is a hidden field that every form of a template gets by itself. A retry has the same key and the same fields.
Where the page stays and the form is sent again on purpose, the page gives it a fresh key after each answer.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from inspect import Parameter, signature
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import msgspec
from jinja2.ext import Extension
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.response import Redirect, Response
from markupsafe import Markup

from app.clinic import staff

NAME = "once"
LONGEST_KEY = 64
MOST_ANSWERS = 2000  # kept in memory; after a restart a retry is led to the patient, or back to its page
FORM = re.compile(r"""<form\b(?:\{\{.*?\}\}|\{%.*?%\}|"[^"]*"|[^>"])*?\bmethod="post"(?:\{\{.*?\}\}|\{%.*?%\}|"[^"]*"|[^>"])*>""", re.DOTALL)

_answers: OrderedDict[bytes, str] = OrderedDict()
_busy: WeakValueDictionary[bytes, Any] = WeakValueDictionary()
_asking = threading.Lock()


class Keyed(Extension):
    """Every form that is posted gets a key of its own."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return FORM.sub(lambda form: form[0] + "{{ once() }}", source)


def field() -> Markup:
    return Markup(f'<input type="hidden" name="{NAME}" value="{secrets.token_hex(16)}">')


class Sending:
    """One form as it arrived. digest: None where it brought no key."""

    def __init__(self, request: Request, digest: bytes | None) -> None:
        self.request, self.digest = request, digest


async def the_sending(request: Request) -> Sending:
    return Sending(request, await _digest(request))


async def _digest(request: Request) -> bytes | None:
    if request.content_type[0] not in (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART):
        return None
    fields = [(name, _plain(value)) for name, value in (await request.form()).multi_items()]
    key = next((value for name, value in fields if name == NAME), "")
    if not 16 <= len(key) <= LONGEST_KEY:
        return None
    actor = request.scope["state"].get("actor")
    told = [str(actor.id if actor else 0), request.url.path, *(f"{name}={value}" for name, value in sorted(fields))]
    return blake2b(msgspec.json.encode(told), digest_size=32).digest()


def _plain(value: Any) -> str:
    """A file counts by its name and size: with the form's own key that is enough."""
    return f"{value.filename} {value.file.seek(0, 2)} {value.file.seek(0)}" if isinstance(value, UploadFile) else str(value)


def once(handler: Callable) -> Callable:
    """The handler, which a form's second arrival does not reach. Gives it one more parameter for the framework to fill in."""

    def answering(*, sending: Sending, **values: Any) -> Any:
        if sending.digest is None:
            return handler(**values)
        with _alone(sending.digest):
            about = staff.taken(sending.request.app.state.db, sending.digest)
            return _again(sending, about[0]) if about else _first(sending, handler, values)

    own = signature(handler)
    added = Parameter("sending", Parameter.KEYWORD_ONLY, annotation=NamedDependency[Sending])
    answering.__signature__ = own.replace(parameters=[*own.parameters.values(), added])
    answering.__annotations__ = handler.__annotations__ | {"sending": NamedDependency[Sending]}
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(answering, name, getattr(handler, name))
    return answering


def _alone(digest: bytes) -> Any:
    """Two taps arrive together: the second waits for the first."""
    with _asking:
        if (lock := _busy.get(digest)) is None:
            lock = _busy[digest] = threading.Lock()
        return lock


def _first(sending: Sending, handler: Callable, values: dict[str, Any]) -> Any:
    db = sending.request.app.state.db
    try:
        with staff.sending(sending.digest):
            answer = handler(**values)
    except Exception:
        staff.forget_sent(db, sending.digest)
        raise
    if (to := _leads_to(answer)) is None:
        staff.forget_sent(db, sending.digest)
    else:
        _answers[sending.digest] = to
        if len(_answers) > MOST_ANSWERS:
            _answers.popitem(last=False)
    return answer


def _leads_to(answer: Response) -> str | None:
    """Where the answer leads, blank for the page itself. None: refused, or a file or a cookie, which only doing it again gives."""
    if (answer.status_code or 200) >= 400 or answer.cookies or answer.media_type not in (None, "text/html"):
        return None
    return answer.url if isinstance(answer, Redirect) else answer.headers.get("HX-Redirect", "")


def _again(sending: Sending, patient_id: int | None) -> Response:
    """What was answered the first time, or where the result can be seen."""
    request = sending.request
    to = _answers.get(sending.digest)
    if to is None and patient_id:
        to = f"/patients/{patient_id}"
    if not to and request.headers.get("hx-request") == "true":
        return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")
    came_from = urlsplit(request.headers.get("referer", "")).path
    to = to or (came_from if re.match(r"/(?![/\\])", came_from) else "/")
    if request.headers.get("hx-request") == "true":
        return Response("", headers={"HX-Redirect": to}, media_type="text/html")
    return Redirect(to, status_code=303)
