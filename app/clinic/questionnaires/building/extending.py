"""Extensions of a FHIR element: find, read, put, take out; whatever else stands there is kept."""

from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
OURS = "urn:yihe:"
LARGEST = Decimal(10) ** 12


def every(node: dict, url: str) -> list[dict]:
    """The extensions of that name, in order."""
    found = node.get("extension")
    return [one for one in found if isinstance(one, dict) and one.get("url") == url] if isinstance(found, list) else []


def first(node: dict, url: str) -> dict | None:
    return next(iter(every(node, url)), None)


def value(node: dict, url: str) -> Any:
    """What the first of that name says, whatever its type; None where there is none."""
    one = first(node, url) or {}
    return next((one[name] for name in one if name.startswith("value")), None)


def put(node: dict, url: str, name: str, content: Any) -> None:
    """One extension with this value, at its old place if it had one; None or blank takes it out."""
    if content is None or content == "":
        return drop(node, url)
    one = first(node, url)
    if one is None:
        node.setdefault("extension", []).append({"url": url, name: content})
        return
    for old in [key for key in one if key.startswith("value") and key != name]:
        del one[old]
    one[name] = content


def formula(node: dict, url: str) -> str:
    """The text of an expression."""
    stated = value(node, url)
    return shown(stated.get("expression")) if isinstance(stated, dict) else ""


def put_formula(node: dict, url: str, text: str) -> None:
    """Its language and whatever else is said of it stay."""
    stated = value(node, url)
    kept = stated if isinstance(stated, dict) else {"language": "text/fhirpath"}
    put(node, url, "valueExpression", {**kept, "expression": text} if text else None)


def drop(node: dict, url: str) -> None:
    if "extension" in node:
        keep(node, [one for one in node.get("extension", []) if not isinstance(one, dict) or one.get("url") != url])


def keep(node: dict, extensions: list) -> None:
    """FHIR knows no empty lists."""
    node["extension"] = extensions
    if not extensions:
        del node["extension"]


def number(text: str) -> int | Decimal:
    """A number as people type it. Raises ValueError."""
    try:
        read = Decimal(normalize("NFKC", text).replace("−", "-").strip())
    except InvalidOperation:
        raise ValueError(text) from None
    if not read.is_finite() or abs(read) > LARGEST or read.as_tuple().exponent < -6:
        raise ValueError(text)
    return int(read) if read == read.to_integral_value() and read.as_tuple().exponent >= 0 else read


def shown(content: Any) -> str:
    """A number or text as it stands in a field."""
    return "" if content is None or isinstance(content, bool | dict | list) else str(content)
