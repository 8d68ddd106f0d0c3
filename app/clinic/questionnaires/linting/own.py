"""What this house adds: scores, their bands, alarms, and where an answer belongs."""

from collections import Counter
from decimal import Decimal
from typing import Any

from app.clinic import catalogue, records
from app.clinic.questionnaires.extensions import HL7, OURS, SDC
from app.clinic.questionnaires.linting import formulas
from app.clinic.questionnaires.linting.expressions import Expression
from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.linting.options import ordinal
from app.clinic.questionnaires.linting.tree import Node, Tree, chosen, extension, extensions, objects, placed, string

LEVELS = ["none", "info", "amber", "red"]
STATUSES = ["V", "C", "U", "P"]
OWNERS = ["doctor", "manager"]
CODES = {"use": ["patient", "staff", "consultation"], "text-status": STATUSES, "scoring-status": STATUSES}
CALCULATED = (f"{SDC}calculatedExpression", f"{HL7}questionnaire-calculatedExpression")
NUMERIC = ("integer", "decimal", "quantity")


def look(tree: Tree, expressions: list[Expression]) -> None:
    for name, allowed in CODES.items():
        _allowed(tree, tree.raw, name, allowed, ROOT, "")
    for node in tree.nodes:
        _allowed(tree, node.raw, "for-sex", ["male", "female"], node.path, node.link_id)
        _score(tree, node)
        _alarm(tree, node)
        _belongs(tree, node)
    _uncounted(tree, expressions)


def _allowed(tree: Tree, raw: dict[str, Any], name: str, allowed: list[str], path: str, link_id: str) -> None:
    said = value(raw, f"{OURS}{name}")
    if said is not None and said not in allowed:
        tree.notes.add("own-value", path, link_id, name=f"{OURS}{name}", value=said, allowed=", ".join(allowed))


def value(raw: dict[str, Any], url: str) -> Any:
    """What an extension says; None where nothing does, or nothing that is one word or number."""
    found = chosen(extension(raw, url), "value")
    return found[1] if found and not isinstance(found[1], dict | list) else None


# ── scores and bands ──


def _score(tree: Tree, node: Node) -> None:
    scored = value(node.raw, f"{OURS}score") is True
    bands = [(place, one) for place, one in placed(node.raw, "extension") if one.get("url") == f"{OURS}band"]
    if scored and not extension(node.raw, *CALCULATED):
        tree.note("score-not-calculated", node, id=node.link_id)
    if scored and node.raw.get("readOnly") is not True:
        tree.note("score-not-read-only", node, id=node.link_id)
    if bands and not scored:
        tree.note("bands-without-score", node, id=node.link_id)
    for place, band in bands:
        _band(tree, node, place, band)
    for code, times in Counter(value(band, "code") for _place, band in bands).items():
        if code and times > 1:
            tree.note("band-twice", node, "extension", id=node.link_id, name=code)
    _next_to_each_other(tree, node, [band for _place, band in bands])


def _band(tree: Tree, node: Node, place: str, band: dict[str, Any]) -> None:
    low, high, exactly = (value(band, name) for name in ("low", "high", "is"))
    for name, there in {"code": value(band, "code"), "meaning": value(band, "meaning"), "low / high / is": (low, high, exactly) != (None,) * 3}.items():
        if not there:
            tree.note("band-incomplete", node, place, id=node.link_id, name=name)
    for name, allowed in {"level": LEVELS, "status": STATUSES}.items():
        if value(band, name) not in allowed:
            tree.note("own-value", node, place, name=name, value=value(band, name), allowed=", ".join(allowed))
    if not value(band, "source"):
        tree.note("band-without-source", node, place, id=node.link_id, name=value(band, "code"))
    _work(tree, node, place, band)


def _work(tree: Tree, node: Node, place: str, raw: dict[str, Any]) -> None:
    for work in extensions(raw, "work"):
        owner = value(work, "owner")
        if not (owner in OWNERS or (isinstance(owner, str) and owner.startswith("role:") and len(owner) > 5)):
            tree.note("own-value", node, place, name="owner", value=owner, allowed=f"{', '.join(OWNERS)}, role:…")
        if not value(work, "title"):
            tree.note("work-without-title", node, place, id=node.link_id)
        if not isinstance(days := value(work, "days"), int) or isinstance(days, bool) or days < 0:
            tree.note("own-value", node, place, name="days", value=days, allowed="0, 1, 2, …")


def _next_to_each_other(tree: Tree, node: Node, bands: list[dict[str, Any]]) -> None:
    """In order of their ends: none within another, and no score between two."""
    ends = [(value(band, "low"), value(band, "high")) for band in bands if value(band, "is") is None]
    known = [(low, high) for low, high in ends if all(one is None or _number(one) for one in (low, high)) and (low, high) != (None, None)]
    for low, high in known:
        if None not in (low, high) and low > high:
            return tree.note("band-crossed", node, "extension", id=node.link_id, low=low, high=high)
    known.sort(key=lambda band: (band[0] is not None, band[0] or 0))
    step = min((_step(one) for band in known for one in band if one is not None), default=Decimal(1))
    for (_low, high), (low, _high) in zip(known, known[1:], strict=False):
        if high is None or low is None or low <= high:
            tree.note("bands-overlap", node, "extension", id=node.link_id, low=low, high=high)
        elif low - high > step:
            tree.note("bands-gap", node, "extension", id=node.link_id, low=high, high=low)


def _number(said: Any) -> bool:
    return isinstance(said, int | Decimal) and not isinstance(said, bool)


def _step(number: int | Decimal) -> Decimal:
    """The last place a number was written to: 18.5 is known to a tenth."""
    return Decimal(1).scaleb(min(0, int(Decimal(number).as_tuple().exponent)))


# ── alarms, and where answers belong ──


def _alarm(tree: Tree, node: Node) -> None:
    for place, one in placed(node.raw, "extension"):
        if one.get("url") != f"{OURS}alarm":
            continue
        if not _number(value(one, "above")):
            tree.note("alarm-without-limit", node, place, id=node.link_id)
        options = objects(node.raw, "answerOption")
        if node.type not in NUMERIC and not any(_number(ordinal(option)) for option in options):
            tree.note("alarm-without-number", node, place, id=node.link_id)
        _work(tree, node, place, one)


def _belongs(tree: Tree, node: Node) -> None:
    record, indicator = value(node.raw, f"{OURS}record"), value(node.raw, f"{OURS}indicator")
    if record is not None:
        section, _dot, field = str(record).partition(".")
        if section not in records.SECTIONS or (field and field not in records.SECTIONS[section].fields):
            tree.note("unknown-record-field", node, "extension", id=node.link_id, name=record)
    if indicator is not None and indicator not in catalogue.indicators():
        tree.note("unknown-indicator", node, "extension", id=node.link_id, name=indicator)


def _uncounted(tree: Tree, expressions: list[Expression]) -> None:
    """A total over choices of which some count nothing."""
    for one in expressions:
        named = formulas.named(one.text)
        for name in sorted(named.link_ids & tree.by_id.keys()) if named.functions & {"ordinal", "weight"} else ():
            node = tree.by_id[name]
            counted = [_number(ordinal(option)) for option in objects(node.raw, "answerOption")]
            if counted and not all(counted):
                tree.note("option-without-score", node, "answerOption", id=name)
