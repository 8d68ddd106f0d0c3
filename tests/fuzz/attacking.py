"""Sends what schemathesis thought of, as one role after another, and gathers every answer that is the house's own mistake."""

import json
import logging
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from litestar.testing import TestClient
from schemathesis import APIOperation, Case, GenerationMode

from app.main import furnish

NOT_SENT = (httpx.InvalidURL, UnicodeEncodeError)  # no client can send it
STRANGER = "stranger"
THERE = {"section_id": "conditions", "kind": "conditions", "purpose_id": "opening", "part_id": "complaint", "code": "SBP"}  # every other is 1


class Mistakes(logging.Handler):
    """What the house writes down of its own mistakes: where it was in the code."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage().partition(": ")[2])


class Attack:
    """cookies: by role. found: {what the house said: the first request that made it say so}."""

    def __init__(self, browser: TestClient, made: Path, cookies: dict[str, dict[str, str]], room: Path) -> None:
        self.browser, self.made, self.cookies, self.room = browser, made, cookies, room
        self.sent, self.moves = 0, 0
        self.statuses: dict[int, int] = {}
        self.found: dict[str, str] = {}
        self.mistakes = Mistakes()
        logging.getLogger("yihe.errors").addHandler(self.mistakes)

    def stop(self) -> None:
        logging.getLogger("yihe.errors").removeHandler(self.mistakes)

    def move(self) -> None:
        """Into a fresh copy of the clinic, in which every session is open."""
        self.moves += 1
        folder = self.room / f"data{self.moves}"
        shutil.copytree(self.made, folder)
        state = self.browser.app.state
        state.looks.stop()
        state.db.close()
        furnish(self.browser.app, folder)
        state.looks.start()
        shutil.rmtree(self.room / f"data{self.moves - 1}", ignore_errors=True)

    def come_back(self, role: str) -> None:
        """Who ended their own session goes on in a fresh clinic."""
        self.browser.cookies.clear()
        self.browser.cookies.update(self.cookies.get(role, {}))
        if role != STRANGER and self.browser.get("/account", follow_redirects=False).status_code != 200:
            self.move()

    def try_all(self, role: str, operation: APIOperation, many: int, turn: int = 0) -> None:
        """What a page there takes, of something that is there; with many, also what it does not take, and of something that is not."""
        self._some(role, operation, GenerationMode.POSITIVE, many, turn, there=True)
        if many > 1:
            self._some(role, operation, GenerationMode.NEGATIVE, many // 3, turn, there=True)
            self._some(role, operation, GenerationMode.POSITIVE, many // 3, turn, there=False)

    def _some(self, role: str, operation: APIOperation, mode: GenerationMode, many: int, turn: int, there: bool) -> None:
        fixed = {"path_parameters": {one.name: THERE.get(one.name, 1) for one in operation.path_parameters}} if there else {}

        @seed(turn)
        @settings(max_examples=many, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode, **fixed))
        def one(case: Case) -> None:
            self.send(role, case)

        try:
            one()
        except Unsatisfiable:  # nothing can be wrong about a page that takes nothing
            return

    def send(self, role: str, case: Case) -> None:
        headers = {"HX-Request": "true"} if self.sent % 2 else {}
        content = _content(case, self.sent)
        sent = content.pop("headers", {}) | headers
        self.browser.cookies.clear()
        self.browser.cookies.update(self.cookies.get(role, {}))
        try:
            request = self.browser.build_request(case.method, case.formatted_path, params=_pairs(case.query), headers=sent, **content)
            answer = self.browser.send(request, follow_redirects=False)
        except NOT_SENT:
            return
        self._judge(f"{role} {case.method} {case.formatted_path[:200]} {_pairs(case.query)} {sent} {content}"[:4000], answer)
        self.sent += 1

    def _judge(self, asked: str, answer: Any) -> None:
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        said, self.mistakes.said = self.mistakes.said, []
        if answer.status_code >= 500 or said or b"Traceback (most recent" in answer.content:
            self.found.setdefault("; ".join(said) or f"{answer.status_code}: {answer.text[:200]}", asked)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _pairs(given: Any) -> list[tuple[str, str]]:
    if not isinstance(given, dict):
        return []
    return [(name, _text(one)) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]


def _content(case: Case, turn: int) -> dict[str, Any]:
    """The body as this kind of form is sent; what is no form at all goes as it is."""
    if case.method.upper() == "GET":
        return {}
    kind, body = case.media_type or "", case.body
    if not isinstance(body, dict) or "json" in kind:
        raw = body if isinstance(body, bytes) else _text(body).encode(errors="surrogatepass")
        return {"content": raw, "headers": {"Content-Type": kind or "application/x-www-form-urlencoded"}}
    files = {name: value for name, value in body.items() if isinstance(_bytes(value), bytes)}
    pairs = _pairs({name: value for name, value in body.items() if name not in files})
    if "multipart" in kind:
        parts = [(name, (("x.csv", "x.jpg", "姓\"\r\n名.xlsx", "")[turn % 4], _bytes(value), "text/csv")) for name, value in files.items()]
        return {"files": [*parts, *((name, (None, value.encode(errors="surrogatepass"))) for name, value in pairs)] or {"": (None, b"")}}
    content = urlencode([(name, value.encode(errors="surrogatepass")) for name, value in pairs])
    return {"content": content, "headers": {"Content-Type": kind}}


def _bytes(value: Any) -> Any:
    return getattr(value, "data", value)
