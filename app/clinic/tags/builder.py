"""A criterion as a flat form: three groups (all, any, none) of rows, the way staff build rules.

Rows come as `all.0.what`, `all.0.op`, `all.0.value`, `all.0.n`, `all.0.unit`. `what` names the field and, for
indicators, which value counts: "age", "sex", "SBP latest" … A tree the three groups cannot hold has no draft.
"""

import re
from collections.abc import Mapping

import msgspec

from app.clinic import criteria
from app.clinic.criteria import AllOf, AnyOf, Criterion, Fact, Not, Window
from app.core.words import N_, _

GROUPS = ("all", "any", "none")
MOST_ROWS = 12
NAME = re.compile(r"(all|any|none)\.(\d{1,2})\.(field|code|take|op|value|n|unit)")


class Row(msgspec.Struct, frozen=True):
    """As typed."""

    field: str = "indicator"
    code: str = ""
    take: str = "latest"
    op: str = "ge"
    value: str = ""
    n: str = ""
    unit: str = "months"


class Draft(msgspec.Struct, frozen=True):
    """groups: name → rows. errors: "all.0.value" → what is wrong. criterion: when nothing is."""

    groups: dict[str, list[Row]]
    errors: dict[str, str]
    criterion: Criterion | None


def draft(data: Mapping[str, object], change: str = "") -> Draft:
    """What was typed. change: "add all", "drop any.2" — the button that was pressed."""
    groups: dict[str, dict[int, dict]] = {group: {} for group in GROUPS}
    for name, given in data.items():
        if match := NAME.fullmatch(name):
            group, n, part = match.groups()
            groups[group].setdefault(int(n), {})[part] = str(given[-1] if isinstance(given, list) else given).strip()
    rows = {group: [Row(**found[n]) for n in sorted(found)][:MOST_ROWS] for group, found in groups.items()}
    return _read(_changed(rows, change))


def _changed(rows: dict[str, list[Row]], change: str) -> dict[str, list[Row]]:
    verb, _space, what = change.partition(" ")
    if verb == "add" and what in GROUPS and len(rows[what]) < MOST_ROWS:
        rows[what].append(Row())
    group, _dot, n = what.partition(".")
    if verb == "drop" and group in GROUPS and n.isdigit() and int(n) < len(rows[group]):
        del rows[group][int(n)]
    return rows


def _read(rows: dict[str, list[Row]]) -> Draft:
    errors: dict[str, str] = {}
    read: dict[str, list[Fact]] = {group: [] for group in GROUPS}
    for group in GROUPS:
        for n, row in enumerate(rows[group]):
            fact = _fact(row, f"{group}.{n}", errors)
            if fact is not None:
                problems = criteria.problems(fact)
                errors.update({f"{group}.{n}.{'n' if place == 'within' else place}": text for place, text in problems.items()})
                read[group].append(fact)
    if not any(rows.values()):
        errors[""] = _("A group needs at least one condition.")
    return Draft(rows, errors, None if errors else _joined(read))


def _joined(read: dict[str, list[Fact]]) -> Criterion:
    members: list[Criterion] = list(read["all"])
    if read["any"]:
        members.append(AnyOf(tuple(read["any"])) if len(read["any"]) > 1 else read["any"][0])
    if read["none"]:
        members.append(Not(AnyOf(tuple(read["none"])) if len(read["none"]) > 1 else read["none"][0]))
    return AllOf(tuple(members)) if len(members) > 1 else members[0]


def _fact(row: Row, place: str, errors: dict[str, str]) -> Fact | None:
    field = criteria.FIELDS.get(row.field)
    if field is None:
        errors[f"{place}.field"] = _("Please choose one of these.")
        return None
    try:
        value = _value(row, field)
    except ValueError:
        errors[f"{place}.value"] = _("Please enter a number.")
        return None
    if row.n and not (row.n.isascii() and row.n.isdigit() and len(row.n) < 6):
        errors[f"{place}.n"] = _("Please enter a whole number.")
        return None
    within = Window(int(row.n), "days" if row.unit == "days" else "months") if row.n and field.windowed else None
    code = (row.code or None) if field.code != "none" else None
    return Fact(row.field, row.op, value, code, row.take if field.takes else None, within)


def _value(row: Row, field: criteria.Field):
    if row.op in ("exists", "missing"):
        return None
    pieces = [piece for piece in re.split(r"[,，;；\s~～至到]+", row.value) if piece]
    read = [float(piece) for piece in pieces] if field.kind == "number" else pieces
    if row.op in ("between", "range", "in"):
        return tuple(read)
    if len(read) != 1:
        raise ValueError
    return read[0]


def draft_of(criterion: Criterion) -> Draft | None:
    """The form that makes this criterion; None where three groups cannot say it."""
    groups: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for member in criterion.of if isinstance(criterion, AllOf) else (criterion,):
        group = {Fact: "all", AnyOf: "any", Not: "none"}.get(type(member))
        inner = member.of if isinstance(member, Not) else member
        several = inner.of if isinstance(inner, AnyOf) else (inner,)
        if group is None or not all(isinstance(one, Fact) for one in several) or (group != "all" and groups[group]):
            return None
        groups[group] += [_row(fact) for fact in several]
    return Draft(groups, {}, criterion)


def _row(fact: Fact) -> Row:
    value = fact.value if isinstance(fact.value, tuple) else () if fact.value is None else (fact.value,)
    shown = ", ".join(f"{one:g}" if isinstance(one, float | int) else one for one in value)
    return Row(fact.field, fact.code or "", fact.take or "latest", fact.op, shown, str(fact.within.n) if fact.within else "",
               fact.within.unit if fact.within else "months")


OPS = {
    "ge": N_("at least (≥)"), "gt": N_("above (>)"), "le": N_("at most (≤)"), "lt": N_("below (<)"), "eq": N_("equals (=)"),
    "ne": N_("is not (≠)"), "range": N_("from … to under …"), "between": N_("from … to …"), "in": N_("is one of"),
    "exists": N_("is there"), "missing": N_("is not there"),
}
