"""Whom to call at once: shown beside a form that has a question whose answer may mean danger, whatever is answered."""

from functools import cache
from pathlib import Path

import msgspec

from app.clinic.questionnaires import Definition
from app.core.words import pick

FILE = Path(__file__).parent / "hotline.json"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """status: V the number stands in the named source."""

    number: str
    name: Words
    source: str
    status: str
    read_on: str

    @property
    def called(self) -> str:
        return pick(self.name.zh, self.name.en)


@cache
def _known() -> Hotline:
    return msgspec.json.decode(FILE.read_bytes(), type=Hotline)


def hotline(definition: Definition) -> Hotline | None:
    """None where the form asks nothing of the kind, or the number is not verified."""
    asks = any(item.alarm for item in definition.by_id.values())
    return _known() if asks and _known().status == "V" else None
