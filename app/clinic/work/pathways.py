"""Pathways: who must do what for whom, and by when. Data with a version, a source and a status.

status: V the interval stands in the named source; P it is the clinic's own setting. Those made in this clinic stand in its file
(own.py) in the same shape; they are read here so that words can be told where no database is at hand.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from app.core.words import pick

FILE = Path(__file__).parent / "pathways.json"
ALARM = "alarm."  # how the code begins of one that calls a person today: tags and the index of alarms know it too
LEFT = "alarm.left"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        return pick(self.zh, self.en)


class Starts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What sets a pathway off; nothing where only an outcome of another does."""

    tags: tuple[str, ...] = ()
    findings: bool = False
    cards: bool = False
    encounters: bool = False
    asked: bool = False
    sittings: bool = False


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """then: what happens next, in words. next: the pathway that follows; next_days: when, None by its own days."""

    code: str
    zh: str
    en: str
    then: Words = Words()
    next: str | None = None
    next_days: int | None = None
    needs_note: bool = False

    @property
    def name(self) -> str:
        return pick(self.zh, self.en)


class Pathway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """due_days after the evidence or after today; shown early_days before and grace_days past that.

    serves: the kind of a card's entitlement it uses up when it is done.
    owner: "manager" or "doctor" of the patient, or "role:…". stops: withdrawn when its cause is gone.
    unless_open: pathways that are already further on. clinical: reception sees neither reason nor value.
    retired: asks for nothing any more; what it asked for still tells the rule.
    """

    code: str
    version: int
    programme: str
    clinical: bool
    starts: Starts
    stops: bool
    owner: str
    due_days: int
    early_days: int
    grace_days: int
    counted_from: str
    title: Words
    rule: Words
    source: Words
    status: str
    outcomes: tuple[Outcome, ...]
    unless_open: tuple[str, ...] = ()
    serves: str = ""
    retired: bool = False

    @property
    def alarm(self) -> bool:
        return self.code.startswith(ALARM)

    @property
    def adjustable(self) -> bool:
        """The clinic sets the days where no source does; what is due the same day stays so."""
        return self.status == "P" and self.due_days > 0

    @property
    def name(self) -> str:
        """The title where no number of results is meant, and no questionnaire."""
        return self.said("…", ("…", ""))

    def said(self, n: Any, about: Sequence[str] = ("", "")) -> str:
        """The title. n: of how many results; about: the questionnaire, in Chinese and English."""
        return str(self.title) % {"n": n, "about": pick(*about)}

    def served(self, outcome: str | None) -> str:
        """What kind of service it was; blank for none, and where the person did not want it."""
        return "" if outcome == "declined" else self.serves

    def outcome(self, code: str) -> Outcome | None:
        return next((one for one in self.outcomes if one.code == code), None)


OWN: list[Pathway] = []


def learn(own: list[Pathway]) -> None:
    """The clinic's own, every version of each."""
    OWN[:] = own
    for one in (pathways, as_of):
        one.cache_clear()


@cache
def every() -> tuple[Pathway, ...]:
    """Every version ever shipped, so an old item still tells the rule it was made by."""
    return tuple(msgspec.json.decode(FILE.read_bytes(), type=list[Pathway]))


@cache
def pathways() -> dict[str, Pathway]:
    """The newest version of each, by code."""
    return {pathway.code: pathway for pathway in sorted([*every(), *OWN], key=lambda one: one.version)}


@cache
def as_of(code: str, version: int) -> Pathway:
    return next(one for one in [*every(), *OWN] if one.code == code and one.version == version)
