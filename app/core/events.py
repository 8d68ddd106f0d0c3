"""Events: one append-only row is audit, timeline entry, trigger and link of the cause chain.

Each package declares its kinds with the sentence that tells them; the sentence is made when
read, in the reader's language.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from app.core.access import Actor
from app.core.words import _


class Event(msgspec.Struct, frozen=True):
    """at: UTC stamp. actor_id: None for the house itself. cause_id: the event this follows from."""

    id: int
    at: str
    actor_id: int | None
    kind: str
    patient_id: int | None
    cause_id: int | None
    details: dict[str, Any]


class Details(dict):
    """What an event will say. event_id is its id, usable as a foreign key inside the change."""

    event_id: int


def via(actor: Actor | None) -> dict[str, int]:
    """The session it was done in, and so the tablet: in the details, where the chain of events covers it."""
    return {"via": actor.session_id} if actor and actor.session_id else {}


class Kind(msgspec.Struct, frozen=True):
    """sentence: a word id with %(detail)s places. clinical: hidden from those who may not see care."""

    name: str
    sentence: str
    clinical: bool
    describe: Callable[[dict[str, Any]], str] | None = None

    def tell(self, details: dict[str, Any]) -> str:
        if self.describe:
            return self.describe(details)
        return _(self.sentence) % _Lenient(details)


class _Lenient(dict):
    """Old events may lack a detail a newer sentence names."""

    def __missing__(self, key: str) -> str:
        return "—"


KINDS: dict[str, Kind] = {}


def declare(
    name: str, sentence: str, *, clinical: bool, describe: Callable[[dict[str, Any]], str] | None = None
) -> None:
    """Declare an event kind `noun.verbed`. Twice the same name is a mistake."""
    if name in KINDS:
        raise ValueError(f"event kind {name} is declared twice")
    KINDS[name] = Kind(name, sentence, clinical, describe)


def tell(kind: str, details: dict[str, Any]) -> str:
    return KINDS[kind].tell(details)
