"""From a criterion to one set-based SQL statement that yields (patient_id, evidence).

The same statement serves one person, a list and everybody: only the marks `/*for …*/` differ.
Evidence is JSON: {"because": [one object per comparison that made it true], "observations": [ids]}.
What a `not` rests on stands there as {"not": the comparison}.
"""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import msgspec

from app.clinic.criteria.fields import FIELDS, Asking, Part
from app.clinic.criteria.shapes import AllOf, AnyOf, Criterion, Fact, Not, Window, dump
from app.core import clock
from app.core.db import Database

MARK = re.compile(r"/\*for ([a-z_.]+)\*/")
OWN = re.compile(r":((?:not_)?f\d\w*)")  # a parameter of one statement alone
SCOPES = {"all": "", "one": r"AND \1 = :patient", "list": r"AND \1 IN (SELECT value FROM json_each(:patients))"}


class Statement(msgspec.Struct, frozen=True):
    """sql carries the marks; windows are the parameters that depend on the day."""

    sql: str
    params: dict[str, Any]
    windows: dict[str, Window]

    def text(self, scope: str) -> str:
        return _scoped(self.sql, scope)

    def bound(self, today: date) -> dict[str, Any]:
        first = {name: first_day(window, today).isoformat() for name, window in self.windows.items()}
        return self.params | first | {
            "today": today.isoformat(), "tomorrow": (today + timedelta(days=1)).isoformat(), "year": today.year,
            "monthday": today.isoformat()[5:],
        }


class Match(msgspec.Struct, frozen=True):
    """evidence: JSON text, ready to be stored. n: which statement, where several are asked together."""

    patient_id: int
    evidence: str
    n: int = 0


def run(
    db: Database, statement: Statement, *, patient: int | None = None, patients: Sequence[int] | None = None,
    today: date | None = None,
) -> list[Match]:
    """Whom it is true for: of one person, of these people, or of everybody."""
    params = statement.bound(today or clock.today())
    if patient is not None:
        return db.all(Match, statement.text("one"), **params, patient=patient)
    if patients is not None:
        return db.all(Match, statement.text("list"), **params, patients=json.dumps(list(patients)))
    return db.all(Match, statement.text("all"), **params)


def together(statements: Sequence[Statement]) -> Statement:
    """All of them in one question: each match says by its number n which of them found it."""
    sql, params, windows = [], {}, {}
    for n, one in enumerate(statements):
        named = OWN.sub(rf":s{n}_\1", one.sql)
        sql.append(f"SELECT patient_id, evidence, {n} AS n FROM ({named})")
        params |= {f"s{n}_{name}": value for name, value in one.params.items()}
        windows |= {f"s{n}_{name}": window for name, window in one.windows.items()}
    return Statement("\nUNION ALL\n".join(sql), params, windows)


@lru_cache(2000)
def _scoped(sql: str, scope: str) -> str:
    return MARK.sub(SCOPES[scope], sql)


def first_day(window: Window, today: date) -> date:
    """The 31st less a month is the last day of that month."""
    if window.unit == "days":
        return today - timedelta(days=window.n)
    year, month = divmod(today.year * 12 + today.month - 1 - window.n, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(today.day, last))


# ── the tree, with every `not` carried down to the comparisons ──

class _Leaf(msgspec.Struct, frozen=True):
    fact: Fact
    wanted: bool  # False: under a not

    @property
    def name(self) -> str:
        return dump(self.fact)


class _Group(msgspec.Struct, frozen=True):
    every: bool  # False: one is enough
    of: tuple[Any, ...]


def _normal(criterion: Criterion, wanted: bool = True) -> _Leaf | _Group:
    match criterion:
        case Not(of=one):
            return _normal(one, not wanted)
        case Fact(op="missing"):
            return _Leaf(msgspec.structs.replace(criterion, op="exists"), not wanted)
        case Fact():
            return _Leaf(criterion, wanted)
        case AllOf(of=several) | AnyOf(of=several):
            return _Group(isinstance(criterion, AllOf) is wanted, tuple(_normal(one, wanted) for one in several))


def compile(criterion: Criterion) -> Statement:
    """The criterion must be valid (see `problems`)."""
    tree = _normal(criterion)
    writer = _Writer()
    for leaf in _leaves(tree):
        writer.ask(leaf)
    return writer.statement(tree)


def _leaves(node: _Leaf | _Group) -> list[_Leaf]:
    return [node] if isinstance(node, _Leaf) else [leaf for child in node.of for leaf in _leaves(child)]


class _Writer:
    def __init__(self) -> None:
        self.parts: dict[str, tuple[str, Part]] = {}
        self.params: dict[str, Any] = {}
        self.windows: dict[str, Window] = {}

    def ask(self, leaf: _Leaf) -> None:
        if leaf.name not in self.parts:
            asking = Asking(f"f{len(self.parts)}")
            self.parts[leaf.name] = (asking.alias, FIELDS[leaf.fact.field].part(leaf.fact, asking))
            self.params |= asking.params
            self.windows |= asking.windows

    def statement(self, tree: _Leaf | _Group) -> Statement:
        because, observations = self.evidence(tree), self.ids(tree)
        # Never kept aside as a whole: SQLite has no index on that and would scan it for every person.
        tables = [f"{alias} AS NOT MATERIALIZED ({part.rows})" for alias, part in self.parts.values() if part.rows]
        sql = f"""{"WITH " + ", ".join(tables) if tables else ""}
SELECT p.id AS patient_id,
  '{{"because":[' || substr({because}, 2) || '],"observations":[' || substr({observations}, 2) || ']}}' AS evidence
FROM {self.sources(tree)}
WHERE p.withdrawn_event_id IS NULL AND p.restricted_event_id IS NULL AND {self.test(tree)} /*for p.id*/"""
        return Statement(sql, self.params, self.windows)

    def sources(self, tree: _Leaf | _Group) -> str:
        """Only people who can match are looked at, where the criterion's form says who that is."""
        driving = sorted(self.drivers(tree) or ())
        if len(driving) == 1:
            start, rest = f"{driving[0]} CROSS JOIN patients p ON p.id = {driving[0]}.patient_id", set(driving)
        elif driving:
            union = " UNION ".join(f"SELECT patient_id FROM {alias}" for alias in driving)
            start, rest = f"({union}) one CROSS JOIN patients p ON p.id = one.patient_id", set()
        else:
            start, rest = "patients p", set()
        others = [alias for alias, part in self.parts.values() if part.rows and alias not in rest]
        return "\n".join([start, *(f"LEFT JOIN {alias} ON {alias}.patient_id = p.id" for alias in others)])

    def drivers(self, node: _Leaf | _Group) -> frozenset[str] | None:
        """The parts of which one must have a row; None where there is no such set."""
        if isinstance(node, _Leaf):
            alias, part = self.parts[node.name]
            return frozenset({alias}) if part.selective and node.wanted else None
        found = [self.drivers(child) for child in node.of]
        if node.every:
            return min((one for one in found if one is not None), key=len, default=None)
        return None if None in found else frozenset().union(*found)

    def test(self, node: _Leaf | _Group) -> str:
        if isinstance(node, _Leaf):
            test = self.parts[node.name][1].test
            return test if node.wanted else f"NOT ({test})"
        return "(" + (" AND " if node.every else " OR ").join(self.test(child) for child in node.of) + ")"

    def evidence(self, node: _Leaf | _Group) -> str:
        """Concatenated ',{…}' of what is true below a true node."""
        if isinstance(node, _Leaf):
            return f"',' || {self.parts[node.name][1].evidence if node.wanted else self.constant(node)}"
        return self.joined(node, self.evidence)

    def ids(self, node: _Leaf | _Group) -> str:
        if isinstance(node, _Leaf):
            return self.parts[node.name][1].ids if node.wanted else "''"
        return self.joined(node, self.ids)

    def joined(self, node: _Group, of) -> str:
        pieces = [of(child) if node.every else f"CASE WHEN {self.test(child)} THEN {of(child)} ELSE '' END" for child in node.of]
        return " || ".join(f"({piece})" for piece in pieces)

    def constant(self, leaf: _Leaf) -> str:
        name = f"not_{self.parts[leaf.name][0]}"
        self.params[name] = f'{{"not":{dump(leaf.fact)}}}'
        return f":{name}"
