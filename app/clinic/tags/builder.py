"""A criterion as a flat form, the way staff build rules: rows in three groups, all, any and none.

A row comes as `all.0.what`, `.take`, `.op`, `.value`, `.n`, `.unit`. `what` is a field with what it names: "age",
"sex:male", "indicator:SBP", "tag:obesity", "card:1"; the code of a condition or an assessment is typed as its value.
"""

import re
from collections.abc import Mapping

import msgspec

from app.clinic import cards, catalogue, criteria
from app.clinic.criteria import AllOf, AnyOf, Criterion, Fact, Not, Window
from app.clinic.tags import asking
from app.clinic.tags.queries import rules
from app.core.db import Database
from app.core.words import N_, _

GROUPS = {"all": N_("All of these"), "any": N_("At least one of these"), "none": N_("None of these")}
OPS = {
    "ge": N_("at least (≥)"), "gt": N_("above (>)"), "le": N_("at most (≤)"), "lt": N_("below (<)"), "eq": N_("equal to (=)"),
    "ne": N_("other than (≠)"), "range": N_("from … to under …"), "between": N_("from … up to and including …"),
    "in": N_("one of …"), "exists": N_("is there"), "missing": N_("is not there"),
}
TAKES = {
    "latest": N_("the latest"), "max": N_("the highest"), "min": N_("the lowest"), "mean": N_("the average"),
    "count": N_("how many"), "change": N_("change since the time before"),
}
CODED = ("condition", "assessed")  # fields whose ICD-10 code is typed
MOST_ROWS = 12
LONGEST = 1000
NAME = re.compile(r"(all|any|none)\.(\d{1,2})\.(what|take|op|value|n|unit)")
BETWEEN = re.compile(r"[,，、;；\s~～–—]+")


class Row(msgspec.Struct, frozen=True):
    """As typed. n, unit: only results of so many last days or months."""

    what: str = ""
    take: str = "latest"
    op: str = "ge"
    value: str = ""
    n: str = ""
    unit: str = "months"


class Draft(msgspec.Struct, frozen=True):
    """errors: "all.0.value" → what is wrong; criterion: when nothing is."""

    groups: dict[str, list[Row]]
    errors: dict[str, str]
    criterion: Criterion | None


def whats(db: Database) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a row can be about, grouped: (group, [(value, name)])."""
    kinds = {category.code: [] for category in catalogue.categories().values()}
    for indicator in catalogue.indicators().values():
        if not indicator.in_words:
            unit = f" ({indicator.printed})" if indicator.printed else ""
            kinds[indicator.category].append((f"indicator:{indicator.code}", indicator.name + unit))
    person = [("age", _("Age")), ("sex:male", _("Sex is male")), ("sex:female", _("Sex is female")),
              ("condition", _("Condition, by ICD-10 code")), ("assessed", _("Assessed in a consultation, by ICD-10 code")),
              ("card", _("Card, of any type"))]
    person += [(f"card:{one.id}", _("Card: %(name)s", name=one.name)) for one in cards.types(db)]
    if "last_contact" in criteria.FIELDS:
        person.append(("last_contact", _(criteria.FIELDS["last_contact"].label)))
    measured = [(catalogue.categories()[code].name, options) for code, options in kinds.items() if options]
    return [(_("Person"), person), *measured, *asking.whats(), (_("Tags"), [(f"tag:{rule.code}", rule.name) for rule in rules(db)])]


def draft(data: Mapping[str, object], change: str = "") -> Draft:
    """What was typed. change: the button pressed, "add all" or "drop any.2"."""
    found: dict[str, dict[int, dict]] = {group: {} for group in GROUPS}
    for name, given in data.items():
        if match := NAME.fullmatch(name):
            group, n, part = match.groups()
            found[group].setdefault(int(n), {})[part] = str(given[-1] if isinstance(given, list) else given).strip()[:LONGEST]
    rows = {group: [Row(**numbered[n]) for n in sorted(numbered)][:MOST_ROWS] for group, numbered in found.items()}
    return _read(_changed(rows, change))


def _changed(rows: dict[str, list[Row]], change: str) -> dict[str, list[Row]]:
    verb, _space, what = change.partition(" ")
    group, _dot, n = what.partition(".")
    if verb == "add" and group in rows and len(rows[group]) < MOST_ROWS:
        rows[group].append(Row())
    if verb == "drop" and group in rows and n.isdigit() and int(n) < len(rows[group]):
        del rows[group][int(n)]
    return rows


def _read(rows: dict[str, list[Row]]) -> Draft:
    errors: dict[str, str] = {}
    read: dict[str, list[Fact]] = {group: [] for group in GROUPS}
    for group in GROUPS:
        for n, row in enumerate(rows[group]):
            place = f"{group}.{n}"
            try:
                fact = _fact(row)
            except ValueError as wrong:
                part, message = wrong.args
                errors[f"{place}.{part}"] = _(message)
                continue
            problems = criteria.problems(fact)
            errors |= {f"{place}.{PARTS.get(part, part)}": text for part, text in problems.items()}
            read[group].append(fact)
    if not any(rows.values()):
        errors[""] = _("A group needs at least one condition.")
    return Draft(rows, errors, None if errors else _joined(read))


PARTS = {"within": "n", "field": "what", "code": "what"}


def _joined(read: dict[str, list[Fact]]) -> Criterion:
    members: list[Criterion] = list(read["all"])
    if read["any"]:
        members.append(_one_of(read["any"]))
    if read["none"]:
        members.append(Not(_one_of(read["none"])))
    return AllOf(tuple(members)) if len(members) > 1 else members[0]


def _one_of(several: list[Fact]) -> Criterion:
    return AnyOf(tuple(several)) if len(several) > 1 else several[0]


def _fact(row: Row) -> Fact:
    """Raises ValueError(part, message)."""
    name, _colon, code = row.what.partition(":")
    if name == "chosen":
        return asking.fact(code, row.op, _window(row))
    field = criteria.FIELDS.get(name)
    if field is None:
        raise ValueError("what", N_("Please choose one of these."))
    if name == "sex":
        return Fact("sex", "ne" if row.op in ("ne", "missing") else "eq", code)
    if field.kind == "having":
        code = row.value.upper() if name in CODED else code
        within = _window(row) if field.windowed else None
        return Fact(name, "missing" if row.op in ("ne", "missing") else "exists", None, code or None, within=within)
    return Fact(name, row.op, _number(row), code or None, row.take if field.takes else None, _window(row) if field.windowed else None)


def _number(row: Row):
    if row.op in ("exists", "missing"):
        return None
    try:
        read = tuple(float(piece) for piece in BETWEEN.split(row.value) if piece)
    except ValueError:
        raise ValueError("value", N_("Please enter a number.")) from None
    if row.op in ("between", "range", "in"):
        return read
    if len(read) != 1:
        raise ValueError("value", N_("Please enter a number."))
    return read[0]


def _window(row: Row) -> Window | None:
    if not row.n:
        return None
    if not (row.n.isascii() and row.n.isdigit() and len(row.n) < 6):
        raise ValueError("n", N_("Please enter a whole number."))
    return Window(int(row.n), "days" if row.unit == "days" else "months")


def draft_of(criterion: Criterion) -> Draft | None:
    """The form that makes this criterion; None where three groups cannot say it."""
    groups: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for member in criterion.of if isinstance(criterion, AllOf) else (criterion,):
        group = {Fact: "all", AnyOf: "any", Not: "none"}.get(type(member))
        inner = member.of if isinstance(member, Not) else member
        several = inner.of if isinstance(inner, AnyOf) else (inner,)
        rows = [_row(one) if isinstance(one, Fact) else None for one in several]
        if group is None or None in rows or (group != "all" and groups[group]):
            return None
        groups[group] += rows
    return Draft(groups, {}, criterion)


def _row(fact: Fact) -> Row | None:
    if fact.field == "sex":
        return Row(f"sex:{fact.value}", op=fact.op) if fact.op in ("eq", "ne") else None
    within = (str(fact.within.n), fact.within.unit) if fact.within else ("", "months")
    if fact.field in CODED:
        return Row(fact.field, "latest", fact.op, fact.code or "", *within)
    if chosen := asking.chosen(fact):
        return Row(f"chosen:{chosen}", "latest", fact.op, "", *within) if fact.op in ("eq", "ne") else None
    value = fact.value if isinstance(fact.value, tuple) else () if fact.value is None else (fact.value,)
    what = f"{fact.field}:{fact.code}" if fact.code else fact.field
    return Row(what, fact.take or "latest", fact.op, ", ".join(f"{one:g}" for one in value), *within)
