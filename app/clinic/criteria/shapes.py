"""A criterion: a condition over one person's facts, stored as JSON.

    {"is": "all", "of": [{"is": "fact", "field": "age", "op": "ge", "value": 18},
                         {"is": "fact", "field": "indicator", "code": "SBP", "take": "latest", "op": "ge", "value": 140}]}
"""

from typing import Literal

import msgspec

# between includes both its ends, range the first only: from 140 to under 160 leaves no gap before the next grade.
Op = Literal["lt", "le", "eq", "ne", "ge", "gt", "between", "range", "in", "exists", "missing"]
Take = Literal["latest", "min", "max", "mean", "count", "change"]
Value = float | str | tuple[float | str, ...] | None


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last n days or months up to and including today; its first day is today minus n, itself included."""

    n: int
    unit: Literal["days", "months"]


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="is", tag="fact"):
    """One comparison. code: which indicator, condition, tag … take, within: which of several values."""

    field: str
    op: Op
    value: Value = None
    code: str | None = None
    take: Take | None = None
    within: Window | None = None


class AllOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="all"):
    of: tuple["Criterion", ...]


class AnyOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="any"):
    of: tuple["Criterion", ...]


class Not(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="not"):
    of: "Criterion"


Criterion = AllOf | AnyOf | Not | Fact


def children(criterion: Criterion) -> tuple[Criterion, ...]:
    match criterion:
        case Fact():
            return ()
        case Not(of=one):
            return (one,)
        case AllOf(of=several) | AnyOf(of=several):
            return several


def facts(criterion: Criterion) -> list[Fact]:
    """Every comparison in it, in reading order."""
    if isinstance(criterion, Fact):
        return [criterion]
    return [fact for child in children(criterion) for fact in facts(child)]


def dump(criterion: Criterion) -> str:
    return msgspec.json.encode(criterion).decode()
