"""A criterion as a sentence, and evidence as lines, in the reader's language."""

import json
from itertools import pairwise

import msgspec

from app.clinic.criteria.fields import FIELDS
from app.clinic.criteria.shapes import AllOf, AnyOf, Criterion, Fact, Not
from app.core.words import N_, _, language, speaking

SIGNS = {"lt": "<", "le": "≤", "eq": "=", "ne": "≠", "ge": "≥", "gt": ">"}
TAKES = {
    "latest": N_("latest %(name)s"), "min": N_("lowest %(name)s"), "max": N_("highest %(name)s"),
    "mean": N_("average %(name)s"), "count": N_("number of %(name)s results"),
    "change": N_("change of %(name)s since the time before"),
}
WINDOWS = {"days": N_("last %(n)s days: %(what)s"), "months": N_("last %(n)s months: %(what)s")}


def sentence(criterion: Criterion, code: str | None = None) -> str:
    """In the reader's language, or in the one named by `code`."""
    with speaking(code or language()):
        return _said(criterion).replace(" （", "（").replace("） ", "）")  # Chinese brackets bring their own space


def _said(criterion: Criterion) -> str:
    match criterion:
        case Fact():
            return " ".join(filter(None, [subject(criterion), comparison(criterion)]))
        case Not(of=Fact(op="exists") as fact):
            return _said(msgspec.structs.replace(fact, op="missing"))
        case Not(of=one):
            return _("not (%(inner)s)", inner=_said(one))
        case AllOf(of=several) | AnyOf(of=several):
            return _(N_(" and ") if isinstance(criterion, AllOf) else N_(" or ")).join(_members(several))


def _members(several: tuple[Criterion, ...]) -> list[str]:
    """What the one before has said already is not said again: ≥140 and <160."""
    said = [_inner(several[0])]
    for before, one in pairwise(several):
        said.append(_shortened(before, one) if isinstance(one, Fact) and isinstance(before, Fact) else _inner(one))
    return said


def _inner(criterion: Criterion) -> str:
    if isinstance(criterion, AllOf | AnyOf) and len(criterion.of) > 1:
        return _("(%(inner)s)", inner=_said(criterion))
    return _said(criterion)


def _shortened(before: Fact, fact: Fact) -> str:
    if (fact.field, fact.take, fact.within) != (before.field, before.take, before.within) or not comparison(fact):
        return _said(fact)
    name = "" if fact.code == before.code and comparison(before) else _name(fact)
    return " ".join(filter(None, [name, comparison(fact)]))


def _name(fact: Fact) -> str:
    field = FIELDS[fact.field]
    return _(field.label) if fact.code is None else field.code_name(fact.code)


def subject(fact: Fact) -> str:
    """Whose value is compared; for exists and missing the whole statement."""
    field = FIELDS[fact.field]
    if fact.op in ("exists", "missing"):
        named = "" if field.kind == "having" and fact.code is None else _name(fact)
        what = _(field.has if fact.op == "exists" else field.has_not, name=named).strip()
    else:
        what = _(TAKES[fact.take], name=_name(fact)) if fact.take else _name(fact)
    return _(WINDOWS[fact.within.unit], n=fact.within.n, what=what) if fact.within else what


def comparison(fact: Fact) -> str:
    if fact.op in ("exists", "missing"):
        return ""
    unit = FIELDS[fact.field].unit(fact)
    if fact.op == "between":
        low, high = fact.value
        return _("from %(low)s to %(high)s", low=_shown(fact, low), high=_with(unit, _shown(fact, high)))
    if fact.op == "range":
        low, high = fact.value
        return _("≥%(low)s and <%(high)s", low=_shown(fact, low), high=_with(unit, _shown(fact, high)))
    if fact.op == "in":
        return _("one of %(values)s", values=_with(unit, _(", ").join(_shown(fact, value) for value in fact.value)))
    if (word := FIELDS[fact.field].word(fact)) is not None:
        return _(N_("is %(value)s") if fact.op == "eq" else N_("is not %(value)s"), value=_shown(fact, word))
    return SIGNS[fact.op] + _with(unit, _shown(fact, fact.value))


def _shown(fact: Fact, value: float | str) -> str:
    field = FIELDS[fact.field]
    if isinstance(value, float | int):
        return f"{value:.10g}"
    return _(field.choices[value]) if field.choices else field.value_name(fact.code, value)


def _with(unit: str, text: str) -> str:
    return f"{text} {unit}" if unit else text


def told(evidence: str) -> list[str]:
    """The values behind a match, one line each. Age, sex and what was not so are said only where nothing else is."""
    items = json.loads(evidence).get("because", [])
    positive = [item for item in items if "not" not in item]
    telling = [item for item in positive if item["field"] not in ("age", "sex")]
    return list(dict.fromkeys(_one(item) for item in telling or positive or items))


def _one(item: dict) -> str:
    if "not" not in item:
        return FIELDS[item["field"]].told(item)
    fact = msgspec.convert(item["not"], Fact)
    return _said(msgspec.structs.replace(fact, op="missing")) if fact.op == "exists" else _("not so: %(what)s", what=_said(fact))
