"""What a criterion may speak of. Later packages add their own fields by `register_field`."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from app.clinic.criteria.shapes import Fact, Window

NUMBER_OPS = ("lt", "le", "eq", "ne", "ge", "gt", "between", "range", "in", "exists", "missing")
CHOICE_OPS = ("eq", "ne", "in", "exists", "missing")
HAVING_OPS = ("exists", "missing")
OPS = {"number": NUMBER_OPS, "answer": NUMBER_OPS, "choice": CHOICE_OPS, "having": HAVING_OPS}


class Asking:
    """Names for one fact's part of the statement: its rows' alias and its bound values."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.params: dict[str, Any] = {}
        self.windows: dict[str, Window] = {}

    def bind(self, value: Any) -> str:
        name = f"{self.alias}_{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def first_day(self, window: Window) -> str:
        """A parameter that will be the window's first day, once today is known."""
        name = f"{self.alias}_from"
        self.windows[name] = window
        return f":{name}"


class Part(msgspec.Struct, frozen=True):
    """One fact in SQL.

    rows: a SELECT with at most one row per patient_id, named by the alias; "" where the patient's own
    row `p` says it all. test: true or false, never null. evidence: a JSON object, ids: ",1,2" of
    observations; both read only where the test is true. selective: without a row the test is false.
    """

    test: str
    evidence: str
    rows: str = ""
    ids: str = "''"
    selective: bool = False


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """label: words id. ops follow from kind: an answer is compared with a number or, for what was chosen, with a word.

    heard: event kinds that may change it for a person. word(fact): the word it is compared with, value_name(code, word): what that is called.

    code: whether a fact names one; codes(): the choices as {code: name in the reader's language}, None where
    anything well-formed goes. part(fact, asking) makes the SQL, told(evidence) the words for it.
    """

    name: str
    label: str
    kind: Literal["number", "answer", "choice", "having"]
    part: Callable[[Fact, Asking], Part]
    told: Callable[[dict[str, Any]], str]
    heard: frozenset[str]
    code: Literal["none", "optional", "needed"] = "none"
    well_formed: Callable[[str], bool] = lambda code: True
    code_name: Callable[[str], str] = lambda code: code
    word: Callable[[Fact], str | None] = lambda fact: fact.value if isinstance(fact.value, str) else None
    value_name: Callable[[str | None, str], str] = lambda code, word: word
    codes: Callable[[], Mapping[str, str]] | None = None
    takes: tuple[str, ...] = ()
    windowed: bool = False
    choices: Mapping[str, str] = {}
    unit: Callable[[Fact], str] = lambda fact: ""
    has: str = ""
    has_not: str = ""

    @property
    def ops(self) -> tuple[str, ...]:
        return OPS[self.kind]


FIELDS: dict[str, Field] = {}


def register_field(field: Field) -> None:
    if field.name in FIELDS:
        raise ValueError(f"criterion field {field.name} is registered twice")
    FIELDS[field.name] = field


def compare(sql: str, fact: Fact, asking: Asking) -> str:
    """A comparison of an SQL number or text; NULL compares as NULL."""
    signs = {"lt": "<", "le": "<=", "eq": "=", "ne": "<>", "ge": ">=", "gt": ">"}
    if fact.op in signs:
        return f"{sql} {signs[fact.op]} {asking.bind(fact.value)}"
    if fact.op == "between":
        low, high = fact.value
        return f"{sql} BETWEEN {asking.bind(low)} AND {asking.bind(high)}"
    if fact.op == "range":
        low, high = fact.value
        return f"({sql} >= {asking.bind(low)} AND {sql} < {asking.bind(high)})"
    if fact.op == "in":
        return f"{sql} IN ({', '.join(asking.bind(value) for value in fact.value)})"
    return f"{sql} IS NOT NULL"
