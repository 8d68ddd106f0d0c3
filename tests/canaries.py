"""What must stand in no log, no address and no page of error: looked for in everything that all tests together bring about.

Names, numbers and the password are those the tests use most; whatever a cookie holds is looked for as long as its test runs.
"""

import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

import pytest
from litestar import Litestar
from litestar.types import Message, Receive, Scope, Send

WORDS = (
    "quiet-lake-4711", "王秀英", "李建国", "王秀兰", "汪秀英", "王秀瑛", "13800138000", "13900139000", "13700137000", "11010519491231002X",
    "370102194803120023",
)
LEADING = ("location", "hx-redirect", "hx-location", "hx-push-url", "hx-replace-url", "content-disposition", "link", "refresh")
ADDRESS = re.compile(r"""\s(?:href|src|action|formaction|hx-get|hx-post|poster|data-to|data-src)\s*=\s*["']([^"']*)["']""")
ERRORS = {401, 403, 404, 405, 410, 413, 415, 423, 429, 500, 503}  # 422 and 409 show what was typed, to whom typed it
FORMS = {word: (word.encode(), quote(word).encode()) for word in WORDS}


class Watch(logging.Handler):
    """Everything that was said; `found` says what should not have been."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.found: list[str] = []
        self.tokens: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)  # with its traceback
        self.found += [f"the log of {record.name} says {word}" for word in (*WORDS, *self.tokens) if word in text]

    def answered(self, path: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """path: of the request, without its query, which is the test's own."""
        said = f"the answer {status} of {path}"
        for name, value in headers:
            if name in LEADING:
                self.found += [f"{said} leads to {word}" for word in (*WORDS, *self.tokens) if word in unquote(value)]
            elif name == "set-cookie":
                self.tokens |= {one.value for one in SimpleCookie(value).values() if len(one.value) >= 20}
        self.found += [f"{said} shows a cookie's secret" for token in self.tokens if token.encode() in body]
        self._body(said, status, body)

    def _body(self, said: str, status: int, body: bytes) -> None:
        there = [word for word, forms in FORMS.items() if any(form in body for form in forms)]
        if not there:
            return
        if status in ERRORS:
            self.found += [f"{said} says {word}" for word in there]
        addresses = [unquote(address) for address in ADDRESS.findall(body.decode(errors="replace")) if not address.startswith(("tel:", "data:"))]
        self.found += [f"{said} has the address {address}" for address in addresses for word in there if word in address]


watch = Watch()


@pytest.fixture(scope="session", autouse=True)
def _watched() -> Iterator[None]:
    """Every answer of every house and every line of every log of this process."""
    call = Litestar.__call__

    async def watched(app: Litestar, scope: Scope, receive: Receive, send: Send) -> None:
        return await call(app, scope, receive, _hearing(scope, send) if scope["type"] == "http" else send)

    logging.getLogger().addHandler(watch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Litestar, "__call__", watched)
        yield
    logging.getLogger().removeHandler(watch)
    assert watch.found == []  # said by a thread after the last test


def _hearing(scope: Scope, send: Send) -> Send:
    start: list[Message] = []
    pieces: list[bytes] = []

    async def hearing(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                headers = [(name.decode().lower(), value.decode("latin-1")) for name, value in start[0]["headers"]]
                html = any(name == "content-type" and "html" in value for name, value in headers)
                watch.answered(scope["path"], start[0]["status"], headers, b"".join(pieces) if html else b"")
        await send(message)

    return hearing


@pytest.fixture(autouse=True)
def _no_canary() -> Iterator[None]:
    yield
    found = list(dict.fromkeys(watch.found))
    watch.found.clear()
    watch.tokens.clear()
    assert found == []
