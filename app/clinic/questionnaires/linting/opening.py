"""From bytes to JSON, strictly: a file that is too large, too deep, not text, not JSON or says a thing twice is told of, never a traceback."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from app.clinic.questionnaires.linting.findings import Notes
from app.clinic.questionnaires.reading import LARGEST

ROOT = "Questionnaire"
DEEPEST = 150  # brackets within brackets; an item is two of them
MOST_VALUES = 1_000_000  # and names and brackets
LONGEST_NUMBER = 60
LARGEST_EXPONENT = 400
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[\]{},]', re.DOTALL)  # a string without an end is one mark too, or each quote in it would be tried


class _Refused(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Opened:
    """The JSON, and which of its objects said a member twice (by identity; they live as long as this)."""

    def __init__(self, text: str) -> None:
        self.doubled: dict[int, str] = {}
        self.raw = json.loads(
            text, object_pairs_hook=self._object, parse_float=_decimal, parse_int=_whole, parse_constant=_constant,
        )  # fmt: skip

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            self.doubled[id(made)] = next(name for name, _value in pairs if name in seen or seen.add(name))
        return made


def open_json(content: str | bytes, notes: Notes) -> Opened | None:
    """None where there is nothing to work with; `notes` then says why."""
    try:
        return Opened(_measured(_decoded(content)))
    except _Refused as refused:
        notes.add(refused.code, ROOT, **refused.params)
    except json.JSONDecodeError as wrong:
        notes.add("not-json", ROOT, line=wrong.lineno, column=wrong.colno, reason=wrong.msg)
    except (RecursionError, MemoryError):
        notes.add("too-deep", ROOT, most=DEEPEST)
    return None


def _decoded(content: str | bytes) -> str:
    if len(content) > LARGEST:
        raise _Refused("too-large", most=LARGEST // 1_000_000)
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _Refused("not-text", place=wrong.start) from None


def _measured(text: str) -> str:
    """Counted before it is read: what a reader would need memory or a deep stack for."""
    depth = values = 0
    for found in _MARKS.finditer(text):
        if found[0] in "]}":
            depth -= 1
            continue
        values += 1
        depth += found[0] in "[{"
        if depth > DEEPEST:
            raise _Refused("too-deep", most=DEEPEST)
        if values > MOST_VALUES:
            raise _Refused("too-many-values", most=MOST_VALUES)
    return text


def _whole(said: str) -> int:
    if len(said) > LONGEST_NUMBER:
        raise _Refused("bad-number", value=said)
    return int(said)


def _decimal(said: str) -> Decimal:
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise _Refused("bad-number", value=said) from None
    if len(said) > LONGEST_NUMBER or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise _Refused("bad-number", value=said)
    return number


def _constant(said: str) -> None:
    raise _Refused("bad-number", value=said)
