"""The field `indicator`: measured numbers, and which of several counts.

A result known only as `<2` or `>1000` makes a comparison true only where every value it may stand
for does; mean and change use plain numbers alone. Results in words take no part. A date without
an hour comes before every hour of its day; of results of the same moment the last filed counts.
Only results up to and including today are seen. Differences and means are rounded to six places,
so that 5.3 − 5.0 is 0.3.
"""

import json
from typing import Any

from app.clinic import catalogue
from app.clinic.criteria.fields import Asking, Field, Part, compare, register_field
from app.clinic.criteria.shapes import Fact
from app.core.words import N_, _

HEARD = frozenset({"report.filed", "observation.recorded", "observation.corrected", "report.withdrawn"})
FROM = "observations {0} INDEXED BY observations_by_code"
NEWER = "n.taken_at >= o.taken_at AND (n.taken_at > o.taken_at OR n.id > o.id)"
BEATS = {
    "latest": NEWER,
    "max": f"n.value >= o.value AND (n.value > o.value OR ({NEWER}))",
    "min": f"n.value <= o.value AND (n.value < o.value OR ({NEWER}))",
}
HEAD = "json_object('field', 'indicator', 'code', {code}, 'take', {take}, 'value', {value}"


def _part(fact: Fact, asking: Asking) -> Part:
    if fact.take in BEATS:
        return _single(fact, asking)
    return {"mean": _mean, "count": _count, "change": _change}[fact.take](fact, asking)


class _Filter:
    """Live numbers of this indicator in this window, for any alias."""

    def __init__(self, fact: Fact, asking: Asking, plain: bool) -> None:
        self.code = asking.bind(fact.code)
        self.first = asking.first_day(fact.within) if fact.within else None
        self.plain = plain

    def of(self, alias: str) -> str:
        terms = [f"{alias}.code = {self.code}", f"{alias}.value IS NOT NULL", f"{alias}.retired_event_id IS NULL",
                 f"{alias}.taken_at < :tomorrow"]
        terms += [f"{alias}.taken_at >= {self.first}"] if self.first else []
        terms += [f"{alias}.comparator IS NULL"] if self.plain else []
        return " AND ".join(terms)

    def others(self, alias: str) -> str:
        """The same person's."""
        return f"{alias}.patient_id = o.patient_id AND {self.of(alias)}"


def _single(fact: Fact, asking: Asking) -> Part:
    """Driven by the results that satisfy the comparison: seldom many; one is right if nothing beats it."""
    among = _Filter(fact, asking, plain=False)
    rows = f"""
SELECT o.patient_id, o.id, o.value, o.comparator, o.taken_at FROM {FROM.format("o")}
WHERE {among.of("o")} AND {_certain(fact, asking)} /*for o.patient_id*/
  AND NOT EXISTS (SELECT 1 FROM {FROM.format("n")} WHERE {among.others("n")} AND {BEATS[fact.take]})"""
    a, head = asking.alias, {"field": "indicator", "code": fact.code, "take": fact.take, "unit": _unit(fact)}
    # Put together by hand: json_object takes three times as long, and everybody's evidence is made every night.
    evidence = (f"{asking.bind(json.dumps(head, ensure_ascii=False, separators=(',', ':'))[:-1])} || ',\"value\":' || {a}.value"
                f" || ',\"comparator\":' || coalesce('\"' || {a}.comparator || '\"', 'null')"
                f" || ',\"taken_at\":\"' || {a}.taken_at || '\",\"observations\":[' || {a}.id || ']}}'")
    return Part(f"{a}.patient_id IS NOT NULL", evidence, rows, f"',' || {a}.id", True)


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


def _mean(fact: Fact, asking: Asking) -> Part:
    among, mean = _Filter(fact, asking, plain=True), "round(avg(o.value), 6)"
    rows = f"""
SELECT o.patient_id, {mean} AS value, max(o.taken_at) AS taken_at FROM {FROM.format("o")}
WHERE {among.of("o")} /*for o.patient_id*/ GROUP BY o.patient_id HAVING {compare(mean, fact, asking)}"""
    return _of_many(fact, asking, among, rows, f"{asking.alias}.value")


def _count(fact: Fact, asking: Asking) -> Part:
    """Nobody's count is missing: without results it is 0."""
    among, a = _Filter(fact, asking, plain=False), asking.alias
    rows = f"""
SELECT o.patient_id, count(*) AS value, max(o.taken_at) AS taken_at FROM {FROM.format("o")}
WHERE {among.of("o")} /*for o.patient_id*/ GROUP BY o.patient_id"""
    part = _of_many(fact, asking, among, rows, f"coalesce({a}.value, 0)")
    return Part(compare(f"coalesce({a}.value, 0)", fact, asking), part.evidence, rows, part.ids, not holds(fact, 0))


def _change(fact: Fact, asking: Asking) -> Part:
    """No join: SQLite looks one table up by person, but would scan the rows of two for everybody."""
    among = _Filter(fact, asking, plain=True)
    before = f"""(SELECT e.{{}} FROM {FROM.format("e")} WHERE {among.others("e")} AND e.taken_at <= o.taken_at
  AND (e.taken_at < o.taken_at OR e.id < o.id) ORDER BY e.taken_at DESC, e.id DESC LIMIT 1)"""
    change = f"round(o.value - {before.format('value')}, 6)"
    rows = f"""
SELECT o.patient_id, o.id, {before.format("id")} AS before_id, {change} AS value, o.taken_at FROM {FROM.format("o")}
WHERE {among.of("o")} /*for o.patient_id*/
  AND NOT EXISTS (SELECT 1 FROM {FROM.format("n")} WHERE {among.others("n")} AND {NEWER}) AND {compare(change, fact, asking)}"""
    a = asking.alias
    more = f", 'taken_at', {a}.taken_at, 'observations', json_array({a}.id, {a}.before_id))"
    return _with_rows(fact, asking, rows, f"{a}.value", more, f"',' || {a}.id || ',' || {a}.before_id")


def _of_many(fact: Fact, asking: Asking, among: _Filter, rows: str, value: str) -> Part:
    ids = (f"(SELECT json_group_array(i.id) FROM (SELECT o.id FROM {FROM.format('o')} WHERE {among.of('o')}"
           f" AND o.patient_id = p.id ORDER BY o.id) i)")
    more = f", 'taken_at', {asking.alias}.taken_at, 'observations', json({ids}))"
    listed = f"coalesce(',' || nullif(trim({ids}, '[]'), ''), '')"
    return _with_rows(fact, asking, rows, value, more, listed)


def _with_rows(fact: Fact, asking: Asking, rows: str, value: str, more: str, ids: str) -> Part:
    head = HEAD.format(code=asking.bind(fact.code), take=asking.bind(fact.take), value=value)
    unit = "" if fact.take == "count" else f", 'unit', {asking.bind(_unit(fact))}"
    return Part(f"{asking.alias}.patient_id IS NOT NULL", head + unit + more, rows, ids, True)


def holds(fact: Fact, value: float) -> bool:
    """The comparison, of a number at hand."""
    match fact.op:
        case "between":
            return fact.value[0] <= value <= fact.value[1]
        case "range":
            return fact.value[0] <= value < fact.value[1]
        case "in":
            return value in fact.value
        case op:
            return {"lt": value < fact.value, "le": value <= fact.value, "eq": value == fact.value,
                    "ne": value != fact.value, "ge": value >= fact.value, "gt": value > fact.value}[op]


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
