"""The field `indicator`: measured numbers, and which of several counts.

A result known only as `<2` or `>1000` makes a comparison true only where every value it may stand
for does; mean and change use plain numbers alone. Results in words take no part.
"""

import json
from typing import Any

from app.clinic import catalogue
from app.clinic.criteria import series
from app.clinic.criteria.fields import Asking, Field, Part, compare, register_field
from app.clinic.criteria.series import Series
from app.clinic.criteria.shapes import Fact
from app.core.words import N_, _

HEARD = frozenset({"report.filed", "observation.recorded", "observation.corrected", "report.withdrawn"})


def _part(fact: Fact, asking: Asking) -> Part:
    if fact.take in ("latest", "min", "max"):
        return _single(fact, asking)
    many = {"mean": series.mean, "count": series.count, "change": series.change}[fact.take]
    return many(fact, asking, _series(fact, asking, plain=fact.take != "count"))


def _series(fact: Fact, asking: Asking, plain: bool) -> Series:
    """Live numbers of this indicator."""
    terms = (f"{{0}}.code = {asking.bind(fact.code)}", "{0}.value IS NOT NULL", "{0}.retired_event_id IS NULL",
             *series.within(fact, asking, "{0}.taken_at"))
    return Series(
        head="indicator", unit=catalogue.indicators()[fact.code].printed, table="observations {0} INDEXED BY observations_by_code",
        value="{0}.value", at="{0}.taken_at", row="{0}.id", kept="observations", told=True,
        terms=(*terms, "{0}.comparator IS NULL") if plain else terms,
    )


def _single(fact: Fact, asking: Asking) -> Part:
    rows = series.single(fact, _series(fact, asking, plain=False), _certain(fact, asking), ", o.comparator")
    a, head = asking.alias, {"field": "indicator", "code": fact.code, "take": fact.take, "unit": _unit(fact)}
    # Put together by hand: json_object takes three times as long, and everybody's evidence is made every night.
    evidence = (f"{asking.bind(json.dumps(head, ensure_ascii=False, separators=(',', ':'))[:-1])} || ',\"value\":' || {a}.value"
                f" || ',\"comparator\":' || coalesce('\"' || {a}.comparator || '\"', 'null')"
                f" || ',\"taken_at\":\"' || {a}.taken_at || '\",\"observations\":[' || {a}.row || ']}}'")
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, f"',' || {a}.row", True)


def _certain(fact: Fact, asking: Asking) -> str:
    """The comparison holds for every value the result may stand for."""
    below, above = "o.comparator IN ('<', '<=')", "o.comparator IN ('>', '>=')"
    plain = compare("o.value", fact, asking)
    if fact.op == "exists":
        return "1"
    if fact.op in ("eq", "between", "range", "in"):
        return f"({plain} AND o.comparator IS NULL)"
    limit = f":{asking.alias}_{len(asking.params) - 1}"
    if fact.op == "ne":
        return (f"({plain} AND (o.comparator IS NULL OR (o.value < {limit} AND {below}) OR (o.value > {limit} AND {above}))"
                f" OR (o.value = {limit} AND o.comparator IN ('<', '>')))")
    side, edge = (below, "<") if fact.op in ("lt", "le") else (above, ">")
    whole = f"({plain} AND (o.comparator IS NULL OR {side}))"
    return whole if fact.op in ("le", "ge") else f"({whole} OR (o.value = {limit} AND o.comparator = '{edge}'))"


def _unit(fact: Fact) -> str:
    return "" if fact.take == "count" else catalogue.indicators()[fact.code].printed


TOLD = {
    "latest": "%(quantity)s", "min": N_("%(quantity)s (lowest)"), "max": N_("%(quantity)s (highest)"),
    "mean": N_("%(quantity)s (average)"), "count": N_("%(quantity)s results"), "change": N_("changed by %(quantity)s"),
}


def _told(item: dict[str, Any]) -> str:
    indicator = catalogue.indicators()[item["code"]]
    if item["take"] == "count":
        quantity = f"{item['value']:g}"
    else:
        quantity = catalogue.quantity(indicator, item["value"], None, item.get("comparator"))
    said = _(TOLD[item["take"]], quantity=quantity)
    return " ".join(filter(None, [(item["taken_at"] or "")[:10], indicator.brief, said]))


def _codes() -> dict[str, str]:
    return {code: indicator.name for code, indicator in catalogue.indicators().items() if not indicator.in_words}


register_field(Field(
    name="indicator", label=N_("Indicator"), kind="number", part=_part, told=_told, heard=HEARD, code="needed",
    well_formed=lambda code: code in catalogue.indicators(), code_name=lambda code: catalogue.indicators()[code].name,
    codes=_codes, takes=("latest", "min", "max", "mean", "count", "change"), windowed=True, unit=_unit,
    has=N_("%(name)s on record"), has_not=N_("no %(name)s on record"),
))
