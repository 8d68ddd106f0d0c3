"""Answers as people read them, and as they stand in a form's fields."""

from decimal import Decimal
from typing import Any

from app.clinic.questionnaires import Definition, Item, Option, Value, link_of, same
from app.core.words import N_, _

YES, NO = N_("yes"), N_("no")


def item_at(definition: Definition, path: str) -> Item | None:
    """The item a path leads to."""
    return definition.by_id.get(link_of(path))


def told(item: Item, values: list[Value], language: str) -> str:
    """All answers of an item in one line; blank where there are none."""
    return _(", ").join(filter(None, (told_one(item, value, language) for value in values)))


def told_one(item: Item, value: Value, language: str) -> str:
    name, content = next(iter(value.items()))
    if name == "valueBoolean":
        return _(YES if content else NO)
    if name in ("valueCoding", "valueString") and (option := option_of(item, value)):
        return option.text.said(language)[0]
    if name == "valueCoding":
        return content.get("display") or content.get("code") or ""
    if name == "valueQuantity":
        return " ".join(filter(None, (shown(content.get("value")), content.get("unit") or content.get("code"))))
    if name == "valueAttachment":
        return content.get("title") or _("a file")
    if name in ("valueDecimal", "valueInteger"):
        unit = (item.unit or {}).get("display") or (item.unit or {}).get("code") or ""
        return f"{shown(content)} {unit}".strip()
    if name == "valueDateTime":
        return content[:16].replace("T", " ")
    return str(content)


def shown(number: Any) -> str:
    """A number as it was typed: 1.0 stays 1.0."""
    return f"{number:f}" if isinstance(number, Decimal) else "" if number is None else str(number)


def option_of(item: Item, value: Value) -> Option | None:
    """The option that was chosen; None for words of one's own."""
    return next((option for option in item.options if same(option.value, value)), None)
