"""Is everything of the kind FHIR says, and where FHIR says? Every member of a file is looked at, and nothing of it is trusted."""

import re
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.linting.findings import Notes
from app.clinic.questionnaires.linting.opening import ROOT, Opened
from app.clinic.questionnaires.linting.schema import CHOICES, CODES, ELEMENTS, OTHER_TYPES

_YEAR = r"([1-9]\d{3}|0\d{3})"
_DAY = rf"{_YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
PATTERNS = {
    name: re.compile(pattern) for name, pattern in {
        "code": r"\S+( \S+)*", "uri": r"\S+", "url": r"\S+", "canonical": r"\S+", "oid": r"urn:oid:[0-2](\.(0|[1-9]\d*))+", "uuid": r"urn:uuid:\S+",
        "id": r"[A-Za-z0-9\-.]{1,64}", "date": _DAY, "dateTime": rf"{_DAY}|{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T{_TIME}{_ZONE}",
        "instant": rf"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T{_TIME}{_ZONE}", "time": _TIME,
    }.items()
}  # fmt: skip
WORDS = {"string", "markdown", "xhtml", "base64Binary", *PATTERNS}
LEAST = {"integer": -(2**31), "positiveInt": 1, "unsignedInt": 0}
PRIMITIVES = WORDS | LEAST.keys() | {"boolean", "decimal"}
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def look_over(opened: Opened, notes: Notes) -> None:
    """What is wrong anywhere, also in members nobody knows; then what FHIR says of each."""
    _Anywhere(opened, notes).look(opened.raw, ROOT)
    _Shapes(notes).element(opened.raw, "Questionnaire", ROOT, "")


class _Anywhere:
    def __init__(self, opened: Opened, notes: Notes) -> None:
        self.doubled, self.notes = opened.doubled, notes

    def look(self, value: Any, path: str) -> None:
        if isinstance(value, dict):
            if id(value) in self.doubled:
                self.notes.add("duplicate-member", path, name=self.doubled[id(value)])
            for name, one in value.items():
                self.word(name, path)
                self.look(one, f"{path}.{name}")
        elif isinstance(value, list):
            for index, one in enumerate(value):
                self.look(one, f"{path}[{index}]")
        elif isinstance(value, str):
            self.word(value, path)

    def word(self, text: str, path: str) -> None:
        if _FORBIDDEN.search(text):
            self.notes.add("bad-characters", path)


class _Shapes:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def element(self, value: Any, kind: str, path: str, link_id: str) -> None:
        if not isinstance(value, dict):
            return self.notes.add("wrong-kind", path, link_id, expected=kind, found=_kind(value))
        if kind == "Item" and isinstance(value.get("linkId"), str):
            link_id = value["linkId"]
        if not value:
            self.notes.add("empty", path, link_id)
        members = ELEMENTS[kind]
        for name, one in value.items():
            self.member(kind, name, one, path, link_id)
        for name, member in members.items():
            if member.must and name not in value:
                self.notes.add("missing", path, link_id, name=name)
        if kind in CHOICES:
            self.one_of(value, CHOICES[kind], path, link_id)
        if kind == "Extension":
            self.extension(value, path, link_id)

    def member(self, kind: str, name: str, value: Any, path: str, link_id: str) -> None:
        known = ELEMENTS[kind].get(name)
        place = f"{path}.{name}"
        if known:
            self.values(value, known.type, known.many, place, link_id)
            if (kind, name) in CODES and isinstance(value, str) and value not in CODES[kind, name]:
                self.notes.add("bad-code", place, link_id, value=value, allowed=", ".join(CODES[kind, name]))
        elif name[:1] == "_":
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    self.element(one, "Element", place, link_id)
        elif kind == "Extension" and name.startswith("value") and (type_ := _type(name[5:])):
            self.values(value, type_, False, place, link_id)
        else:
            self.notes.add("unknown-member", place, link_id, name=name)

    def values(self, value: Any, kind: str, many: bool, path: str, link_id: str) -> None:
        if not many:
            return self.value(value, kind, path, link_id)
        if not isinstance(value, list):
            return self.notes.add("wrong-kind", path, link_id, expected="[ ]", found=_kind(value))
        if not value:
            self.notes.add("empty", path, link_id)
        for index, one in enumerate(value):
            if one is not None or kind not in PRIMITIVES:
                self.value(one, kind, f"{path}[{index}]", link_id)

    def value(self, value: Any, kind: str, path: str, link_id: str) -> None:
        if kind in PRIMITIVES:
            self.primitive(value, kind, path, link_id)
        elif kind == "Resource" and isinstance(value, dict) and value.get("resourceType") == "ValueSet":
            self.element(value, "ValueSet", path, link_id)
        elif kind in ELEMENTS:
            self.element(value, kind, path, link_id)
        elif not isinstance(value, dict):
            self.notes.add("wrong-kind", path, link_id, expected=kind, found=_kind(value))

    def primitive(self, value: Any, kind: str, path: str, link_id: str) -> None:
        expected = bool if kind == "boolean" else str if kind in WORDS else int if kind in LEAST else (int, Decimal)
        if not isinstance(value, expected) or (isinstance(value, bool) and kind != "boolean"):
            return self.notes.add("wrong-kind", path, link_id, expected=kind, found=_kind(value))
        if value == "":
            self.notes.add("empty", path, link_id)
        elif (kind in PATTERNS and not PATTERNS[kind].fullmatch(value)) or (kind in LEAST and not LEAST[kind] <= value < 2**31):
            self.notes.add("bad-value", path, link_id, value=value, expected=kind)

    def one_of(self, value: dict[str, Any], prefix: str, path: str, link_id: str) -> None:
        said = [name for name in value if name.startswith(prefix) and name[len(prefix) : len(prefix) + 1].isupper()]
        said += [f"{prefix}[x]" for name in value if name.startswith(f"_{prefix}") and name[1:] not in value]
        if len(said) > 1:
            self.notes.add("several-values", path, link_id, names=", ".join(said))
        elif not said:
            self.notes.add("missing", path, link_id, name=f"{prefix}[x]")

    def extension(self, value: dict[str, Any], path: str, link_id: str) -> None:
        said = {name.lstrip("_") for name in value if name.lstrip("_").startswith("value")}
        if len(said) > 1:
            self.notes.add("several-values", path, link_id, names=", ".join(sorted(said)))
        elif bool(said) == ("extension" in value) and f"_{next(iter(said), '')}" not in value:
            self.notes.add("bad-extension", path, link_id, url=value.get("url", ""))


def _type(suffix: str) -> str:
    """The type of value[x]: "Coding" is Coding, "DateTime" is dateTime."""
    if suffix in ELEMENTS or suffix in OTHER_TYPES:
        return suffix
    primitive = suffix[:1].lower() + suffix[1:]
    return primitive if primitive in PRIMITIVES and suffix[:1].isupper() else ""


def _kind(value: Any) -> str:
    """What JSON calls it."""
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", Decimal: "number", type(None): "null"}
    return kinds[type(value)]
