"""Files of cases: {"model": …, "vectors": [{"id", "inputs", "expected", "tolerance_abs"}]}, or a list of cases that name their model."""

import codecs
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from app.core import fhirjson

CASES = ("vectors", "cases")


class NotVectors(ValueError):
    """The file holds no cases."""


class Case(msgspec.Struct, frozen=True):
    """tolerance: how far a number may be off; None where nobody said."""

    id: str
    model: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    tolerance: Decimal | None = None


class Model(msgspec.Struct, frozen=True):
    """How a model's names meet a shipped questionnaire's; see models.json.

    main: the score that plain words like "category" are about. inputs: other names of questions. pinned: inputs that are results of
    ours, which are then taken as given. expected: by name, {"value" | "band" | "alarm" | "scored": link id}; {} stands for one of names.
    said: what sentences say of a band or an alarm. apart_from: words in them that say nothing of this person. known: where another
    program is known to say otherwise. counts: how many questions there are to each of names.
    """

    form: str
    main: str = "score"
    inputs: dict[str, str] = {}
    names: dict[str, str] = {}
    pinned: dict[str, str] = {}
    counts: dict[str, int] = {}
    expected: dict[str, dict[str, Any]] = {}
    said: list[dict[str, Any]] = []
    apart_from: list[str] = []
    known: list[dict[str, Any]] = []


@cache
def models() -> dict[str, Model]:
    return msgspec.json.decode(Path(__file__).with_name("models.json").read_bytes(), type=dict[str, Model])


def plain(name: str) -> str:
    """phq9 of PHQ-9, tcmconstitution60 of tcm_constitution_60; Chinese stays."""
    return "".join(filter(str.isalnum, name.lower()))


def model_of(name: str) -> Model | None:
    return models().get(plain(name))


def cases(path: Path) -> list[Case] | None:
    """The cases of one file, in order; None where it is about something else. Raises NotVectors."""
    try:
        raw = fhirjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError as problem:
        raise NotVectors(f"cannot be read: {problem.strerror or problem}") from None
    except fhirjson.NotJson as problem:
        raise NotVectors(f"is not JSON: {problem}") from None
    about = raw if isinstance(raw, dict) else {}
    rows = next((about[name] for name in CASES if name in about), [raw] if {"inputs", "expected"} <= about.keys() else raw)
    first = rows[0] if isinstance(rows, list) and rows else rows
    if rows is raw and not (isinstance(first, dict) and "inputs" in first):
        return None
    return list(_cases(about, rows, path.stem))


def _cases(about: dict[str, Any], rows: Any, stem: str) -> Iterator[Case]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get("inputs"), dict) for row in rows):
        raise NotVectors("holds no list of cases with inputs")
    for n, row in enumerate(rows, 1):
        model = row.get("model") or about.get("model") or stem
        expected = row.get("expected")
        yield Case(
            str(row.get("id") or f"{stem}-{n:03}"), str(model), row["inputs"], expected if isinstance(expected, dict) else {plain("score"): expected},
            _tolerance(row.get("tolerance_abs", about.get("tolerance_abs"))),
        )  # fmt: skip


def _tolerance(said: Any) -> Decimal | None:
    return abs(Decimal(said)) if isinstance(said, int | Decimal) and not isinstance(said, bool) else None
