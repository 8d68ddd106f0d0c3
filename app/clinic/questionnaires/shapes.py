"""What a questionnaire is once read, and what its answers come to.

Given is {path: [value]}: a path is the link id, inside repeating groups `g[0]/q`; a value is FHIR's own, {"valueCoding": {…}}; an
empty list was asked and left blank. The marks of paths are escaped where a link id has them itself (`key`).
"""

import re
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from app.core.words import LANGUAGES

Value = dict[str, Any]
Given = dict[str, list[Value]]
Type = Literal[
    "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice", "open-choice",
    "quantity", "attachment", "reference",
]  # fmt: skip
NOT_ASKED = {"group", "display"}
CHOSEN = {"choice", "open-choice"}


_OF_PAGES = re.compile(r"^_|\.(?=unit$)|:(?=:other$)")  # what begins or ends a name that is a page's own


def key(link_id: str) -> str:
    """The link id as it stands in paths, where only a repeated group has brackets, and in the names of fields."""
    return _OF_PAGES.sub(lambda mark: f"%{ord(mark[0]):X}", link_id.replace("%", "%25").replace("[", "%5B").replace("]", "%5D"))


def link_of(path: str) -> str:
    """The link id a path leads to: its last step, without which of a repeated group it is."""
    return unquote(path.rpartition("]/")[2].partition("[")[0])


class Unreadable(Exception):
    """It is no questionnaire this house can work with; findings: (code, where) of each reason."""

    def __init__(self, *findings: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{code} at {where}" for code, where in findings))
        self.findings = findings


class Text(msgspec.Struct, frozen=True):
    """original: as written, in `language`. others: translations by language."""

    original: str = ""
    language: str = ""
    others: dict[str, str] = {}

    def said(self, language: str) -> tuple[str, str]:
        """The words and the language they are in: the original where nobody translated it."""
        if _main(self.language) == language or not self.others:
            return self.original, _main(self.language)
        found = next((text for code, text in self.others.items() if _main(code) == language), None)
        return (found, language) if found else (self.original, _main(self.language))

    def has(self, language: str) -> bool:
        return not self.original or self.said(language)[1] == language

    def __bool__(self) -> bool:
        return bool(self.original)


def _main(language: str) -> str:
    """zh of zh-Hans-CN."""
    return language.replace("_", "-").partition("-")[0].lower()


class Option(msgspec.Struct, frozen=True, eq=False):
    """code: what a form sends. value: FHIR's. ordinal: its score. exclusive: taken alone (none of these)."""

    code: str
    value: Value
    text: Text
    prefix: str = ""
    ordinal: Decimal | None = None
    initial: bool = False
    exclusive: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One row of enableWhen."""

    question: str
    operator: str
    answer: Value


class Work(msgspec.Struct, frozen=True):
    title: Text
    owner: str
    days: int


class Band(msgspec.Struct, frozen=True):
    """What a score means. low and high are in it; `exactly` is a decision's word. status: V, C, U or P."""

    code: str
    meaning: Text
    low: Decimal | None = None
    high: Decimal | None = None
    exactly: str | None = None
    level: str = "none"
    source: str = ""
    status: str = "U"
    tag: bool = False
    work: Work | None = None

    def holds(self, value: Decimal | str | None) -> bool:
        if isinstance(value, Decimal):
            return self.exactly is None and (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return value is not None and self.exactly == value


class Alarm(msgspec.Struct, frozen=True):
    """An answer whose score or number is above this needs a person today."""

    above: Decimal
    tag: bool = False
    work: Work | None = None


class Formula(msgspec.Struct, frozen=True):
    """An expression of some language; only FHIRPath is worked out."""

    text: str
    language: str = "text/fhirpath"
    name: str = ""


class Item(msgspec.Struct, frozen=True, eq=False):
    """number: its place in the questionnaire, from 1, which never changes within a version. raw: as stored."""

    link_id: str
    type: Type
    number: int
    raw: dict[str, Any]
    text: Text = Text()
    prefix: Text = Text()
    help: Text = Text()
    options: tuple[Option, ...] = ()
    conditions: tuple[Condition, ...] = ()
    every: bool = True
    enabled_by: Formula | None = None
    calculated: Formula | None = None
    begins_with: Formula | None = None
    variables: tuple[Formula, ...] = ()
    initial: tuple[Value, ...] = ()
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    control: str = ""
    orientation: str = ""
    unit: Value | None = None
    units: tuple[Value, ...] = ()
    low: Value | None = None
    high: Value | None = None
    decimals: int | None = None
    longest: int | None = None
    media: tuple[str, ...] = ()
    children: tuple["Item", ...] = ()
    score: bool = False
    bands: tuple[Band, ...] = ()
    alarm: Alarm | None = None
    indicator: str = ""
    record: str = ""
    extract: bool = False
    period: str = ""
    for_sex: str = ""

    @property
    def asked(self) -> bool:
        """Whether it takes an answer from a person."""
        return self.type not in NOT_ASKED and not self.read_only and not self.hidden


class Definition(msgspec.Struct, frozen=True, eq=False):
    """A questionnaire, read once. texts: the status (V, C, U) of the words by language."""

    title: Text
    items: tuple[Item, ...]
    by_id: dict[str, Item]
    parents: dict[str, str]
    raw: dict[str, Any]
    url: str = ""
    version: str = ""
    name: str = ""
    language: str = ""
    description: Text = Text()
    use: str = "patient"
    variables: tuple[Formula, ...] = ()
    launch: tuple[str, ...] = ()
    copyright: str = ""
    texts: dict[str, str] = {}
    scoring: str = ""

    @property
    def scores(self) -> tuple[Item, ...]:
        return tuple(item for item in self.by_id.values() if item.score)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of ours in which every word of it is said."""
        return tuple(code for code in LANGUAGES if self.said_in(code))

    def said_in(self, language: str) -> bool:
        items = self.by_id.values()
        return self.title.has(language) and all(
            item.text.has(language) and all(option.text.has(language) for option in item.options) for item in items
        )


class Place(msgspec.Struct, frozen=True, eq=False):
    """Where an item stands among these answers. anchor: its block on the page. within: of a repeated group, which one."""

    path: str
    item: Item
    depth: int
    parent: str | None
    number: int
    anchor: str
    within: int | None = None


Shown = Place


class Scored(msgspec.Struct, frozen=True):
    """value: a number, the word of a decision, or None while answers are missing."""

    link_id: str
    path: str
    text: Text
    value: Decimal | str | None
    band: Band | None


class Problem(msgspec.Struct, frozen=True):
    """An expression that could not be worked out. what: slow, broken, loop or unsupported; path: of its item, or empty."""

    path: str
    what: str
    why: str = ""


class State(msgspec.Struct, frozen=True, eq=False):
    """What is so, with these answers.

    places: everything there is, shown or not, in reading order; shown: what is to be seen. open: paths that are enabled, the hidden
    ones too. values: what counts now, {path: [value]} without blanks. results: of every expression, JSON, to be handed in as
    `pinned` when the same answers are looked at again; inputs: what each depended on. kept: answers to what is not asked now.
    """

    given: Given
    places: tuple[Place, ...]
    shown: tuple[Place, ...]
    open: frozenset[str]
    values: Given
    calculated: Given
    scores: tuple[Scored, ...]
    missing: tuple[str, ...]
    answered: int
    askable: int
    problems: tuple[Problem, ...]
    kept: Given
    required: frozenset[str]
    results: dict[str, Any] = {}
    inputs: dict[str, Any] = {}
