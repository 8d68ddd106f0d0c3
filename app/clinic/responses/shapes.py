"""Responses: rows out, and what came of an answer."""

from typing import Any, Literal

import msgspec

from app.clinic.questionnaires import Given, State
from app.core.words import N_, _, pick

Hand = Literal["staff", "patient", "paper"]
HANDS = {"staff": N_("by staff"), "patient": N_("by the person"), "paper": N_("from paper")}


class Response(msgspec.Struct, frozen=True):
    """One sitting with one version of a questionnaire. completed_at: clinic time, None while open. begun_at: UTC.

    author: who completed it, else who began it; None for the person. version: the version's number.
    """

    id: int
    patient_id: int
    questionnaire_id: int
    version_id: int
    asked_by: Hand
    language: str
    replaces_id: int | None
    reason: str
    completed_at: str | None
    retired: int
    retired_reason: str
    code: str
    version: int
    title_zh: str
    title_en: str | None
    author: str | None
    begun_at: str

    @property
    def open(self) -> bool:
        return self.completed_at is None

    @property
    def title(self) -> str:
        return pick(self.title_zh, self.title_en or "")

    @property
    def hand(self) -> str:
        return _(HANDS[self.asked_by])

    @property
    def day(self) -> str:
        return (self.completed_at or "")[:10]


class Sitting(msgspec.Struct, frozen=True):
    """Answers on their way. calculated: what the expressions came to; taken_over: path → where a confirmed answer came from, and its day.

    revision counts the saves; touched: path → (the save that changed it, the page that sent it).
    """

    given: Given
    calculated: dict[str, list[Any]]
    taken_over: dict[str, list[str]]
    touched: dict[str, tuple[int, str]]
    revision: int
    saved_at: str


class Answered(msgspec.Struct, frozen=True):
    """What came of some answers. errors: path → words; raw: path → what was typed there and could not be taken.

    behind: somebody else saved since the page was drawn, so that more of it may have changed than these answers did.
    """

    before: State
    after: State
    errors: dict[str, str]
    raw: dict[str, Any]
    revision: int
    behind: bool


class Prefill(msgspec.Struct, frozen=True):
    """An answer that is known already, to be confirmed. source: where from, in the reader's language; date: of what day."""

    value: list[dict[str, Any]]
    source: str
    date: str


class Answer(msgspec.Struct, frozen=True):
    """One row of a completed response. n: which of several answers of an item. ordinal: what the chosen option counts."""

    id: int
    response_id: int
    code: str
    link_id: str
    path: str
    n: int
    kind: str
    number: float | None
    choice: str | None
    words: str | None
    ordinal: float | None
    at: str
    is_score: int
    band: str | None
    level: str | None
