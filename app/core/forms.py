"""Forms: bind what was typed to a frozen Struct, field by field, so every field says its own error.

    class NewNote(msgspec.Struct, frozen=True):
        text: Annotated[str, Field(most=4000)]
        taken_on: date | None = None

    form = bind(NewNote, data)
    if form.ok: note = form.value

A field is required unless it has a default or admits None. Blank counts as absent. In templates:
form.raw["text"] is what was typed (kept on errors), form.errors.get("text") the translated error.
"""

import math
import types
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from app.core.errors import Invalid, Refusal
from app.core.words import N_, _

T = TypeVar("T")
R = TypeVar("R")

MOST_CHARACTERS = 20_000
YEARS = range(1880, 2200)  # of dates people type; beyond them nobody lives and days cannot be counted on


class Field(msgspec.Struct, frozen=True):
    """most: characters. lowest, highest: inclusive bounds of a number. parse: own reading, raises ValueError(message) or Refusal."""

    most: int = 200
    lowest: float | None = None
    highest: float | None = None
    parse: Callable[[str], Any] | None = None
    required: str = N_("Please fill this in.")


class _Wrong(ValueError):
    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.params = params


class Form(Generic[T]):
    """raw: {field: text or list of texts}. errors: {field: translated}. value: the Struct when all is well."""

    def __init__(self, raw: dict[str, Any], errors: dict[str, str] | None = None, value: T | None = None) -> None:
        self.raw, self.errors, self.value = raw, errors or {}, value

    @property
    def ok(self) -> bool:
        return self.value is not None and not self.errors

    def attempt(self, verb: Callable[[T], R]) -> R | None:
        """Run a clinic verb on the value; its Invalid becomes this form's errors and the answer None."""
        if not self.ok:
            return None
        try:
            return verb(self.value)
        except Invalid as invalid:
            self.refuse(invalid)
        except Refusal as refusal:
            if type(refusal) is not Refusal:
                raise
            self.errors[""] = str(refusal)
        return None

    def refuse(self, invalid: Invalid) -> None:
        for name, message in invalid.errors.items():
            text, params = message if isinstance(message, tuple) else (message, {})
            self.errors[name] = _(text, **params)


def blank(shape: type[T], **initial: Any) -> Form[T]:
    """An empty form; initial values as they would be typed."""
    raw = {name: [] if _is_list(hint) else "" for name, hint in _hints(shape).items()}
    return Form(raw | {name: _typed(value) for name, value in initial.items()})


def bind(shape: type[T], data: Mapping[str, Any]) -> Form[T]:
    """Read `data` (text or list of texts per name) into `shape`. Unknown names are ignored."""
    raw, values, errors = {}, {}, {}
    optional = _defaults(shape)
    for name, hint in _hints(shape).items():
        given = data.get(name)
        raw[name] = _as_list(given) if _is_list(hint) else clean(given)
        try:
            values[name] = _read(hint, raw[name], name in optional)
        except _Absent:
            continue
        except _Wrong as wrong:
            errors[name] = _(str(wrong), **wrong.params)
        except Refusal as wrong:
            errors[name] = str(wrong)
        except ValueError as wrong:
            errors[name] = _(str(wrong))
    return Form(raw, errors, None if errors else shape(**values))


def once(token: str | None, about: int) -> str | None:
    """A form's token as it is kept: it counts for the one person the form is about, and stops nobody else's."""
    return f"{token}@{about}" if token else None


class _Absent(Exception):
    """Nothing was typed and a default stands ready."""


def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)


def _defaults(shape: type) -> set[str]:
    return {
        field.name for field in msgspec.structs.fields(shape)
        if field.default is not msgspec.NODEFAULT or field.default_factory is not msgspec.NODEFAULT
    }


def _take_apart(hint: Any) -> tuple[Any, Field, bool]:
    """The bare type, its Field, and whether None is admitted."""
    field, nullable = Field(), False
    if get_origin(hint) is Annotated:
        bare, *extras = get_args(hint)
        field = next((extra for extra in extras if isinstance(extra, Field)), field)
        hint = bare
    if get_origin(hint) in (Union, types.UnionType):
        rest = [arm for arm in get_args(hint) if arm is not type(None)]
        nullable, hint = len(rest) < len(get_args(hint)), rest[0]
    return hint, field, nullable


def _is_list(hint: Any) -> bool:
    return get_origin(_take_apart(hint)[0]) is list


def clean(given: Any) -> str:
    """What was typed, without what no key types and the blanks around it; a little longer than may be, so that this is seen."""
    if isinstance(given, list):
        given = given[-1] if given else ""
    text = "" if given is None else str(given)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()[: MOST_CHARACTERS + 1]


def _as_list(given: Any) -> list[str]:
    items = given if isinstance(given, list) else [given]
    return [text for item in items if (text := clean(item))]


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def _read(hint: Any, typed: Any, has_default: bool) -> Any:
    bare, field, nullable = _take_apart(hint)
    if get_origin(bare) is list:
        inner = get_args(bare)[0]
        if not typed and has_default:
            raise _Absent
        return [_convert(inner, field, item) for item in typed]
    if bare is bool:
        return typed not in ("", "0", "false", "off")
    if typed == "":
        if has_default:
            raise _Absent
        if nullable:
            return None
        raise _Wrong(field.required)
    return _convert(bare, field, typed)


def _convert(bare: Any, field: Field, text: str) -> Any:
    if len(text) > min(field.most, MOST_CHARACTERS) and bare is str:
        raise _Wrong(N_("At most %(most)s characters."), most=field.most)
    if field.parse:
        return field.parse(text)
    if bare is str:
        return text
    if bare in (int, float):
        return _number(bare, field, text)
    if get_origin(bare) is Literal or (isinstance(bare, type) and issubclass(bare, Enum)):
        return _choice(bare, text)
    if bare is date:
        return read_date(text)
    if bare is datetime:
        return _moment(text)
    raise TypeError(f"no way to read {bare!r} from a form")


def _number(bare: type, field: Field, text: str) -> int | float:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    try:
        number = int(plain) if bare is int else float(plain)
    except ValueError:
        raise _Wrong(N_("Please enter a whole number.") if bare is int else N_("Please enter a number.")) from None
    if abs(number) > 1e15 or not math.isfinite(number):  # in this order: no float is as large as what can be typed
        raise _Wrong(N_("Please enter a number."))
    if field.lowest is not None and number < field.lowest:
        raise _Wrong(N_("Not below %(limit)s."), limit=f"{field.lowest:g}")
    if field.highest is not None and number > field.highest:
        raise _Wrong(N_("Not above %(limit)s."), limit=f"{field.highest:g}")
    return number


def _choice(bare: Any, text: str) -> Any:
    if get_origin(bare) is Literal:
        if text in get_args(bare):
            return text
        raise _Wrong(N_("Please choose one of these."))
    try:
        return bare(text)
    except ValueError:
        raise _Wrong(N_("Please choose one of these.")) from None


def read_date(text: str) -> date:
    """A date as the browser's picker sends it or as people type it: 2026-11-21, 2026/11/21, 2026年11月21日, 20261121."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for mark in "年月/.":
        plain = plain.replace(mark, "-")
    plain = plain.replace("日", "").replace(" ", "")
    if plain.isdigit() and len(plain) == 8:
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        if year in YEARS:
            return date(year, month, day)
        raise ValueError(year)
    except ValueError:
        raise _Wrong(N_("Please enter a date like 2026-11-21.")) from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise _Wrong(N_("Please enter a date and time like 2026-11-21 09:30.")) from None
