"""Answers and the record: which field an item is mapped to (`smoking.status`), and how each is said in the other's way."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.clinic import records
from app.clinic.questionnaires import Item, Value
from app.clinic.responses.typed import option_of, shown

YES, NO = "yes", "no"


def field_of(item: Item) -> tuple[records.Section, str] | None:
    """The section and field an item is mapped to, if they exist."""
    id, _dot, name = item.record.partition(".")
    section = records.SECTIONS.get(id)
    return (section, name) if section and name in section.content else None


# ── from the record to an answer ──

def values_of(item: Item, section: records.Section, kept: Any) -> list[Value]:
    """What an entry says in a field, as an answer; empty where the item could not take it."""
    if kept in (None, "", []):
        return []
    if item.options:
        return _chosen(item, kept)
    if isinstance(kept, int | float) and item.type in ("integer", "decimal", "quantity"):
        return _number(item, kept)
    if item.type == "boolean" and kept in (YES, NO):
        return [{"valueBoolean": kept == YES}]
    if item.type == "date":
        return [{"valueDate": kept}] if _is_day(kept) else []
    if item.type in ("string", "text") and isinstance(kept, str) and not section.choices(item.record.partition(".")[2]):
        return [{"valueString": kept}]
    return []


def _chosen(item: Item, kept: Any) -> list[Value]:
    codes = kept.split(",") if isinstance(kept, str) else [f"{kept:g}"]
    by_code = {option.code.rpartition("|")[2]: option.value for option in item.options}
    return [by_code[code] for code in codes] if all(code in by_code for code in codes) else []


def _number(item: Item, kept: float) -> list[Value]:
    number = Decimal(f"{kept:g}")
    if item.type == "integer":
        return [{"valueInteger": int(number)}] if number == int(number) else []
    if item.type == "decimal":
        return [{"valueDecimal": number}]
    unit = item.units[0] if item.units else {}
    return [{"valueQuantity": {"value": number} | {name: unit[part] for name, part in (("unit", "display"), ("system", "system"), ("code", "code")) if unit.get(part)}}]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False


# ── from an answer to the record ──

def typed_of(item: Item, section: records.Section, name: str, values: list[Value]) -> Any:
    """An answer as it would be typed into the record's form."""
    texts = [_typed(item, value) for value in values]
    return texts if name in section.lists else texts[0] if texts else ""


def _typed(item: Item, value: Value) -> str:
    name, content = next(iter(value.items()))
    if name == "valueBoolean":
        return YES if content else NO
    if name == "valueCoding":
        return str(content.get("code") or content.get("display") or "")
    if name == "valueQuantity":
        return shown(content.get("value"))
    if option := option_of(item, value):
        return option.code
    return shown(content)
