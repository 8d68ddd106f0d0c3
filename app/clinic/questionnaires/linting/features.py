"""Extensions: of the right kind, at the right place, and what there is in the file that nothing is done with here, named one by one."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from app.clinic.questionnaires.extensions import HL7, OURS, SDC
from app.clinic.questionnaires.linting.expressions import KINDS
from app.clinic.questionnaires.linting.opening import ROOT
from app.clinic.questionnaires.linting.options import CHOICES, TAKES
from app.clinic.questionnaires.linting.tree import Node, Tree, chosen, extension, extensions, objects, placed, string

NUMBERS = ["integer", "decimal", "quantity"]
ORDERED = [*NUMBERS, "date", "dateTime", "time"]
FORMULA = ["Expression", "String"]
NUMBER = ["Decimal", "Integer"]
FILLED = ("calculatedExpression", "initialExpression", "observationLinkPeriod", f"{OURS}record", f"{OURS}indicator")
CONTROLS = {"radio-button", "check-box", "drop-down", "slider", "text-area", "table", "htable", "help", "autocomplete", "lookup"}


NEWER = {(f"{SDC}observationExtract", "Code")}  # how later editions of SDC may have it


class Known(NamedTuple):
    """types: of value[x]; none: it has parts. on: the types of item it is for; empty: any place."""

    types: list[str]
    on: list[str] = []


KNOWN = {
    f"{HL7}questionnaire-itemControl": Known(["CodeableConcept"]), f"{HL7}questionnaire-choiceOrientation": Known(["Code"], [*TAKES]),
    f"{HL7}questionnaire-hidden": Known(["Boolean"]), f"{HL7}questionnaire-unit": Known(["Coding"], NUMBERS),
    f"{HL7}questionnaire-unitOption": Known(["Coding"], NUMBERS), f"{HL7}minValue": Known([], ORDERED), f"{HL7}maxValue": Known([], ORDERED),
    f"{HL7}maxDecimalPlaces": Known(["Integer"], NUMBERS), f"{HL7}mimeType": Known(["Code"], ["attachment"]),
    f"{HL7}ordinalValue": Known(NUMBER), f"{HL7}itemWeight": Known(NUMBER), f"{HL7}questionnaire-ordinalValue": Known(NUMBER),
    f"{HL7}questionnaire-optionPrefix": Known(["String"]), f"{HL7}questionnaire-optionExclusive": Known(["Boolean"]),
    f"{HL7}translation": Known([]), f"{SDC}launchContext": Known([]), f"{SDC}observationLinkPeriod": Known(["Duration"]),
    f"{SDC}observationExtract": Known(["Boolean"]), f"{OURS}score": Known(["Boolean"]), f"{OURS}band": Known([]), f"{OURS}alarm": Known([]),
    f"{OURS}record": Known(["Code"]), f"{OURS}indicator": Known(["Code"]), f"{OURS}text-status": Known(["Code"]),
    f"{OURS}scoring-status": Known(["Code"]), f"{OURS}use": Known(["Code"]), f"{OURS}for-sex": Known(["Code"]),
    f"{OURS}licence": Known([]), f"{OURS}held-back": Known([]), f"{OURS}source": Known([]),
} | {url: Known(FORMULA) for url in KINDS}  # fmt: skip


def look(tree: Tree) -> None:
    _extensions(tree)
    _questionnaire(tree)
    for node in tree.nodes:
        if node.type == "reference":
            tree.note("unsupported-type", node, "type", type=node.type)
        _controls(tree, node)
        _answerable(tree, node)
        _bounds(tree, node)
        _observed(tree, node)


def _questionnaire(tree: Tree) -> None:
    raw = tree.raw
    for name in ("implicitRules", "derivedFrom"):
        if raw.get(name):
            tree.notes.add("unsupported-member", f"{ROOT}.{name}", name=name)
    subjects = raw.get("subjectType")
    if isinstance(subjects, list) and subjects and "Patient" not in subjects:
        tree.notes.add("unsupported-subject", f"{ROOT}.subjectType", name=", ".join(map(str, subjects)))


# ── extensions ──


def _extensions(tree: Tree) -> None:
    places: dict[str, list[tuple[str, Node | None]]] = {}
    for one, path, node in _all(tree):
        url = string(one, "url")
        known = KNOWN.get(url)
        if known is None or ".modifierExtension" in path:
            places.setdefault(url, []).append((path, node))
            continue
        kind, _value = chosen(one, "value") or ("", None)
        if (url, kind) in NEWER:
            places.setdefault(url, []).append((path, node))
        elif known.types and kind and kind not in known.types:
            tree.notes.add("extension-type", path, node.link_id if node else "", url=url, expected=f"value{known.types[0]}", found=f"value{kind}")
        if node and known.on and node.type not in known.on and path.startswith(f"{node.path}.extension"):
            tree.notes.add("extension-misplaced", path, node.link_id, url=url, type=node.type)
    for url, found in places.items():
        path, node = found[0]
        code = "unsupported-modifier" if ".modifierExtension" in path else "unsupported-extension"
        if url:
            tree.notes.add(code, path, node.link_id if node else "", url=url, count=len(found))


def _all(tree: Tree) -> Iterator[tuple[dict[str, Any], str, Node | None]]:
    """Every extension outside another one; what is contained belongs to others."""
    rest = {name: one for name, one in tree.raw.items() if name not in ("item", "contained")}
    yield from ((one, path, None) for one, path in _within(rest, ROOT))
    for node in tree.nodes:
        own = {name: one for name, one in node.raw.items() if name != "item"}
        yield from ((one, path, node) for one, path in _within(own, node.path))


def _within(raw: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(raw, list):
        for index, one in enumerate(raw):
            yield from _within(one, f"{path}[{index}]")
    elif isinstance(raw, dict):
        for name, one in raw.items():
            if name in ("extension", "modifierExtension"):
                yield from ((each, f"{path}.{place}") for place, each in placed(raw, name))
            else:
                yield from _within(one, f"{path}.{name}")


# ── items ──


def _controls(tree: Tree, node: Node) -> None:
    for one in extensions(node.raw, f"{HL7}questionnaire-itemControl"):
        for coding in objects(one.get("valueCodeableConcept"), "coding")[:1]:
            code = string(coding, "code")
            if code not in CONTROLS:
                tree.note("unsupported-control", node, "extension", name=code)


def _answerable(tree: Tree, node: Node) -> None:
    """Required, but nobody is asked and nothing fills it in."""
    hidden = extension(node.raw, f"{HL7}questionnaire-hidden").get("valueBoolean") is True
    if node.raw.get("required") is not True or node.type in ("group", "display") or not (hidden or node.raw.get("readOnly") is True):
        return
    begins = node.raw.get("initial") or any(option.get("initialSelected") is True for option in objects(node.raw, "answerOption"))
    if not begins and not any(string(one, "url").endswith(FILLED) for one in objects(node.raw, "extension")):
        tree.note("required-unanswered", node, "required", id=node.link_id)


def _bounds(tree: Tree, node: Node) -> None:
    """minValue and maxValue: of the answer's type, and in order."""
    low, high = (chosen(extension(node.raw, f"{HL7}{name}"), "value") for name in ("minValue", "maxValue"))
    takes = TAKES.get(node.type, [])
    for said in (low, high):
        if said and node.type in ORDERED and not _fits(said[0], takes):
            tree.note("bound-type", node, "extension", id=node.link_id, type=node.type, found=f"value{said[0]}")
    if low and high and (_number(low) and _number(high) or type(low[1]) is type(high[1]) is str and low[0] == high[0]) and low[1] > high[1]:
        tree.note("bounds-crossed", node, "extension", id=node.link_id, low=low[1], high=high[1])


def _fits(kind: str, takes: list[str]) -> bool:
    return kind in takes or (kind in NUMBER and bool({*NUMBER, "Quantity"} & {*takes})) or {kind, *takes} <= {"Date", "DateTime"}


def _number(said: tuple[str, Any]) -> bool:
    return isinstance(said[1], int | Decimal) and not isinstance(said[1], bool)


def _observed(tree: Tree, node: Node) -> None:
    """An observation is known by its code."""
    asked = [one for one in extensions(node.raw, f"{SDC}observationExtract") if one.get("valueBoolean") is True]
    asked += extensions(node.raw, f"{SDC}observationLinkPeriod")
    if asked and node.type not in ("group", "display") and not objects(node.raw, "code"):
        tree.note("observation-without-code", node, "extension", id=node.link_id)
