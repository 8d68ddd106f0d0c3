"""The extensions this house reads, and how: HL7's, SDC's and its own."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.clinic.questionnaires.shapes import Formula, Text

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OURS = "urn:yihe:"
TRANSLATION = f"{HL7}translation"
ORDINALS = (f"{HL7}ordinalValue", f"{HL7}itemWeight", f"{HL7}questionnaire-ordinalValue")
TEXT_STATUS = f"{OURS}text-status"


class Misshapen(Exception):
    """A member is not of the kind FHIR says."""


def member(raw: dict[str, Any], name: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """raw[name] if it is of this kind; a whole number counts as an int only, true never as a number."""
    value = raw.get(name)
    if value is None:
        return default
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise Misshapen(name)
    return value


def objects(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = member(raw, name, list, [])
    if not all(isinstance(one, dict) for one in found):
        raise Misshapen(name)
    return found


def named(raw: dict[str, Any], *urls: str) -> Iterator[dict[str, Any]]:
    """The extensions of an element with one of these urls."""
    return (one for one in objects(raw, "extension") if one.get("url") in urls)


def first(raw: dict[str, Any], *urls: str) -> dict[str, Any]:
    return next(named(raw, *urls), {})


def value(raw: dict[str, Any], url: str, what: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
    """value[x] of the first extension with this url."""
    return member(first(raw, url), f"value{what}", kind, default)


def code(raw: dict[str, Any], url: str, default: str = "") -> str:
    return value(raw, url, "Code", str, default)


def flag(raw: dict[str, Any], url: str) -> bool:
    return value(raw, url, "Boolean", bool, False)


def decimal(raw: dict[str, Any], *urls: str) -> Decimal | None:
    """A valueDecimal, or the whole number that stands in its place."""
    found = first(raw, *urls)
    number = member(found, "valueDecimal", (int, Decimal), member(found, "valueInteger", int))
    return None if number is None else Decimal(number)


_NUMBER = (int, Decimal)
_WORDS = dict.fromkeys(("String", "Date", "DateTime", "Time", "Uri", "Url", "Code"), str)
_KINDS: dict[str, Any] = _WORDS | {"Integer": int, "Decimal": _NUMBER, "Boolean": bool} | dict.fromkeys(("Coding", "Quantity", "Attachment", "Reference"), dict)
_INSIDE = {"value": _NUMBER} | dict.fromkeys(("code", "display", "system", "unit", "url", "title", "contentType", "id"), str)


def any_value(raw: dict[str, Any]) -> dict[str, Any] | None:
    """{"valueInteger": 3} of an extension, an option or an answer."""
    name = next((name for name in raw if name.startswith("value") and name[5:6].isupper()), None)
    return None if name is None else sound(raw, name)


def sound(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A value and what is in it, of the kinds FHIR says: nobody who reads it looks again."""
    if (kind := _KINDS.get(name[5:])) is not None:
        said = member(raw, name, kind)
        for part in _INSIDE.keys() & said.keys() if kind is dict and said else ():
            member(said, part, _INSIDE[part])
    return {name: raw[name]}


def text(raw: dict[str, Any], name: str, language: str) -> Text:
    """Words and their translations, which stand beside them under an underscore."""
    original = member(raw, name, str, "")
    beside = member(raw, f"_{name}", dict, {})
    return Text(original, language, {spoken: words for spoken, words, _one in translations(beside) if spoken and words})


def translations(beside: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(language, words, the extension itself)."""
    for one in named(beside, TRANSLATION):
        content = first(one, "content")
        words = member(content, "valueString", str, member(content, "valueMarkdown", str, ""))
        yield value(one, "lang", "Code", str, ""), words, one


def formula(extension: dict[str, Any]) -> Formula | None:
    """The expression an extension holds; older forms have it as a bare string."""
    found = member(extension, "valueExpression", dict)
    if found is None:
        bare = member(extension, "valueString", str)
        return Formula(bare) if bare else None
    said = member(found, "expression", str, "")
    return Formula(said, member(found, "language", str, ""), member(found, "name", str, "")) if said else None
