"""What a form sent becomes values. A field is named by its path; a quantity's unit is `path.unit`.

A choice sends its option's code, another answer of an open choice `other:` and the words. Every question on the page sends
something, blank where it was left blank: so that "nothing ticked" is an answer and "not on this page" is none.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from app.clinic.questionnaires.conditions import bare
from app.clinic.questionnaires.layout import layout
from app.clinic.questionnaires.shapes import CHOSEN, Definition, Given, Item, Value
from app.core import clock
from app.core.forms import MOST_CHARACTERS, clean, read_date
from app.core.words import N_, _, speaking

OTHER = "other:"
Errors = dict[str, str]
Raw = dict[str, list[str]]
MOST_DIGITS = 20
MOST_ANSWERS = 50  # to one question


class _Wrong(ValueError):
    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.params = params


def take(definition: Definition, given: Given, fields: Mapping[str, Sequence[str]], language: str) -> tuple[Given, Errors, Raw]:
    """The answers with what was sent, the words beside each field that is wrong, and what was typed there.

    A wrong answer counts as left blank, so that an older one never stands for it unseen. Files are not taken here.
    """
    taken, errors, raw = dict(given), {}, {}
    places = layout(definition, given).by_path
    for path in fields:
        place = places.get(path)
        if place is None or place.item.type in ("group", "display", "attachment", "reference") or _ours(place.item):
            continue
        typed = [clean(text) for text in fields[path]]
        try:
            taken[path] = _read(place.item, typed, fields.get(f"{path}.unit", ()))
        except ValueError as wrong:
            with speaking(language):
                errors[path] = _(str(wrong), **getattr(wrong, "params", {}))
            taken[path], raw[path] = [], typed
    return taken, errors, raw


def _ours(item: Item) -> bool:
    """Nobody answers it: it is worked out, or told."""
    return item.read_only


def _read(item: Item, typed: list[str], unit: Sequence[str]) -> list[Value]:
    said = list(dict.fromkeys(text for text in typed if text and text != OTHER))
    if not item.repeats:
        said = said[-1:]
    if len(said) > (most := max(MOST_ANSWERS, len(item.options))):
        raise _Wrong(N_("At most %(most)s answers."), most=most)
    if item.type in CHOSEN:
        return _alone(item, [_choice(item, text) for text in said])
    if item.type == "quantity":
        return [_quantity(item, text, unit) for text in said]
    if item.options:
        return [_choice(item, text) for text in said]
    return [READERS[item.type](item, text) for text in said]


def _choice(item: Item, text: str) -> Value:
    if item.type == "open-choice" and text.startswith(OTHER):
        return _text(item, text.removeprefix(OTHER).strip())
    found = next((option for option in item.options if option.code == text), None)
    found = found or next((option for option in item.options if _with_system(option.value) == text), None)
    if found is None:
        raise _Wrong(N_("Please choose one of these."))
    return plain(found.value)


def plain(value: Value) -> Value:
    """An option's value as it stands in an answer: what the option says besides (its score) stays in the questionnaire."""
    said = bare(value)
    if not isinstance(said, dict):
        return value
    return {name: {part: each for part, each in said.items() if part in ("system", "version", "code", "display")} for name in value}


def _with_system(value: Value) -> str | None:
    said = bare(value)
    return f"{said.get('system', '')}|{said.get('code')}" if isinstance(said, dict) else None


def _alone(item: Item, values: list[Value]) -> list[Value]:
    """"None of these" together with one of these cannot be."""
    alone = [plain(option.value) for option in item.options if option.exclusive]
    if len(values) > 1 and any(value in alone for value in values):
        raise _Wrong(N_("One of these answers stands alone. Please take it or the others."))
    return values


def _text(item: Item, text: str) -> Value:
    most = min(item.longest or 4000, MOST_CHARACTERS)
    if len(text) > most:
        raise _Wrong(N_("At most %(most)s characters."), most=most)
    return {"valueString": text}


def _url(item: Item, text: str) -> Value:
    if any(map(str.isspace, text)) or not text.lower().startswith(("http://", "https://")):
        raise _Wrong(N_("Please enter an address that begins with http:// or https://."))
    return {"valueUri": _text(item, text)["valueString"]}


def _boolean(_item: Item, text: str) -> Value:
    if text not in ("true", "false"):
        raise _Wrong(N_("Please choose one of these."))
    return {"valueBoolean": text == "true"}


def _number(text: str) -> Decimal:
    """In the form it was typed: 7.0 is more exact than 7."""
    try:
        number = Decimal(normalize("NFKC", text).replace("−", "-"))
    except InvalidOperation:
        raise _Wrong(N_("Please enter a number.")) from None
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or (number and math.fabs(number.adjusted()) > MOST_DIGITS):
        raise _Wrong(N_("Please enter a number."))
    return number


def _decimal(item: Item, text: str) -> Value:
    return {"valueDecimal": _bounded(item, _number(text))}


def _integer(item: Item, text: str) -> Value:
    number = _number(text)
    if number != number.to_integral_value() or abs(number) > 2**31 - 1:
        raise _Wrong(N_("Please enter a whole number."))
    return {"valueInteger": int(_bounded(item, number))}


def _quantity(item: Item, text: str, unit: Sequence[str]) -> Value:
    number = _bounded(item, _number(text))
    wanted = next((clean(one) for one in unit if one), "")
    chosen = next((one for one in item.units if wanted in (one.get("code"), one.get("display"))), None)
    if chosen is None and wanted:
        raise _Wrong(N_("Please choose one of these."))
    chosen = chosen or next(iter(item.units), {})
    said = {"unit": chosen.get("display") or chosen.get("code"), "system": chosen.get("system"), "code": chosen.get("code")}
    return {"valueQuantity": {"value": number} | {name: each for name, each in said.items() if each}}


def _bounded(item: Item, number: Decimal) -> Decimal:
    low, high = _bound(item.low), _bound(item.high)
    if low is not None and number < low:
        raise _Wrong(N_("Not below %(limit)s."), limit=low)
    if high is not None and number > high:
        raise _Wrong(N_("Not above %(limit)s."), limit=high)
    places = -int(number.as_tuple().exponent)
    if item.decimals is not None and places > item.decimals:
        raise _Wrong(N_("At most %(most)s decimal places."), most=item.decimals)
    return number


def _bound(limit: Value | None) -> Any:
    found = bare(limit or {})
    return found.get("value") if isinstance(found, dict) else None if isinstance(found, bool | str) else found


def _date(item: Item, text: str) -> Value:
    return {"valueDate": _within(item, read_date(text).isoformat())}


def _moment(item: Item, text: str) -> Value:
    """A day, or the clinic's wall time told with its distance from UTC, as FHIR asks."""
    if len(text) <= 10:
        return {"valueDateTime": _within(item, read_date(text).isoformat())}
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise _Wrong(N_("Please enter a date and time like 2026-11-21 09:30.")) from None
    return {"valueDateTime": _within(item, moment.isoformat(timespec="seconds")) + clock.offset()}


def _time(item: Item, text: str) -> Value:
    for form in ("%H:%M", "%H:%M:%S"):
        try:
            return {"valueTime": _within(item, datetime.strptime(normalize("NFKC", text), form).strftime("%H:%M:%S"))}
        except ValueError as wrong:
            if isinstance(wrong, _Wrong):
                raise
    raise _Wrong(N_("Please enter a time like 09:30."))


def _within(item: Item, text: str) -> str:
    """Dates and times as text are in order as far as both say."""
    low, high = bare(item.low or {}), bare(item.high or {})
    if isinstance(low, str) and text[: len(low)] < low[: len(text)]:
        raise _Wrong(N_("Not before %(limit)s."), limit=low)
    if isinstance(high, str) and text[: len(high)] > high[: len(text)]:
        raise _Wrong(N_("Not after %(limit)s."), limit=high)
    return text


READERS: dict[str, Callable[[Item, str], Value]] = {
    "boolean": _boolean, "decimal": _decimal, "integer": _integer, "date": _date, "dateTime": _moment, "time": _time, "string": _text,
    "text": _text, "url": _url,
}  # fmt: skip
