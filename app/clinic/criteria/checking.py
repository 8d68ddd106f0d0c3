"""What can be wrong with a criterion, named by its place: `of.0.value`."""

import math
from collections.abc import Iterator

import msgspec

from app.clinic.criteria.fields import FIELDS, Field
from app.clinic.criteria.shapes import AllOf, AnyOf, Criterion, Fact, Not, Value
from app.core.errors import Invalid
from app.core.words import N_, _

DEEPEST = 6
MOST_FACTS = 40
MOST_CHOICES = 20
LONGEST = {"days": 3660, "months": 120}
LONGEST_WORD = 200

Problem = tuple[str, str, dict]  # place, message id, params


def parse(text: str | bytes) -> Criterion:
    """Read JSON and validate it. Raises Invalid with the places that are wrong."""
    try:
        criterion = msgspec.json.decode(text, type=Criterion)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        raise Invalid({"": N_("This is not a condition the house can read.")}) from None
    if found := list(_problems(criterion)):
        raise Invalid({place: (message, params) for place, message, params in found})
    return criterion


def problems(criterion: Criterion) -> dict[str, str]:
    """Place → what is wrong there, in the reader's language; empty when all is well."""
    return {place: _(message, **params) for place, message, params in _problems(criterion)}


def _problems(criterion: Criterion) -> Iterator[Problem]:
    if _count(criterion) > MOST_FACTS:
        yield "", N_("At most %(most)s conditions."), {"most": MOST_FACTS}
    else:
        yield from _tree(criterion, (), 1)


def _count(criterion: Criterion, depth: int = 1) -> int:
    """Groups count too; what is too deep counts as too much."""
    if isinstance(criterion, Fact):
        return 1
    if depth > DEEPEST:
        return MOST_FACTS + 1
    several = (criterion.of,) if isinstance(criterion, Not) else criterion.of
    return max(1, sum(_count(one, depth + 1) for one in several))


def _tree(criterion: Criterion, place: tuple[str, ...], depth: int) -> Iterator[Problem]:
    match criterion:
        case Fact():
            yield from _fact(criterion, place)
        case Not(of=one):
            yield from _tree(one, (*place, "of"), depth + 1)
        case AllOf(of=several) | AnyOf(of=several):
            if not several:
                yield ".".join(place), N_("A group needs at least one condition."), {}
            for n, one in enumerate(several):
                yield from _tree(one, (*place, "of", str(n)), depth + 1)


def _fact(fact: Fact, place: tuple[str, ...]) -> Iterator[Problem]:
    field = FIELDS.get(fact.field)
    if field is None:
        yield ".".join((*place, "field")), N_("Please choose one of these."), {}
        return
    for name, fault in (("code", _code(fact, field)), ("take", _take(fact, field)), ("within", _within(fact, field)),
                        ("op", _op(fact, field))):
        if fault:
            yield ".".join((*place, name)), *fault
    if fact.op in field.ops and (fault := _value(fact, field)):
        yield ".".join((*place, "value")), *fault


Fault = tuple[str, dict] | None


def _code(fact: Fact, field: Field) -> Fault:
    if fact.code is None:
        return (N_("Please say which one."), {}) if field.code == "needed" else None
    if field.code == "none":
        return N_("This names nothing further."), {}
    if not field.well_formed(fact.code):
        return N_("The house does not know %(code)s."), {"code": fact.code[:40]}
    return None


def _take(fact: Fact, field: Field) -> Fault:
    if field.takes and fact.take not in field.takes:
        return N_("Please say which of the values counts."), {}
    if fact.take != "latest" and _kind(fact, field) == "word":
        return N_("Of words only the latest can be compared."), {}
    if not field.takes and fact.take is not None:
        return N_("Here there is only one value."), {}
    return None


def _within(fact: Fact, field: Field) -> Fault:
    if fact.within is None:
        return None
    if not field.windowed:
        return N_("A period makes no sense here."), {}
    longest = LONGEST[fact.within.unit]
    return None if 0 <= fact.within.n <= longest else (N_("Between 0 and %(most)s."), {"most": longest})


def _op(fact: Fact, field: Field) -> Fault:
    if fact.op not in field.ops:
        return N_("This comparison does not fit."), {}
    if fact.take == "count" and fact.op in ("exists", "missing"):
        return N_("A count is never missing: compare it with 0."), {}
    return None


def _value(fact: Fact, field: Field) -> Fault:
    value, kind = fact.value, _kind(fact, field)
    if fact.op in ("exists", "missing"):
        return None if value is None else (N_("No value belongs here."), {})
    if fact.op in ("between", "range"):
        if not (isinstance(value, tuple) and len(value) == 2 and all(_fits(one, kind, field) for one in value)):
            return N_("Please enter two numbers."), {}
        return None if value[0] <= value[1] else (N_("The first number must not be above the second."), {})
    if fact.op == "in":
        if isinstance(value, tuple) and 1 <= len(value) <= MOST_CHOICES and all(_fits(one, kind, field) for one in value):
            return None
        return N_("Please enter 1 to %(most)s values."), {"most": MOST_CHOICES}
    if _fits(value, kind, field):
        return None
    return (N_("Please enter a number."), {}) if kind == "number" else (N_("Please choose one of these."), {})


def _kind(fact: Fact, field: Field) -> str:
    """An answer is compared with a word only where one is or is not it; else with numbers."""
    if field.kind != "answer":
        return field.kind
    one = fact.value[0] if isinstance(fact.value, tuple) and fact.value else fact.value
    return "word" if isinstance(one, str) and fact.op in ("eq", "ne", "in") else "number"


def _fits(value: Value, kind: str, field: Field) -> bool:
    if kind == "number":
        return isinstance(value, float | int) and math.isfinite(value)
    return isinstance(value, str) and (0 < len(value) <= LONGEST_WORD if kind == "word" else value in field.choices)
