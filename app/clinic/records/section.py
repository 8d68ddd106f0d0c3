"""What a section of the record is: its table, what is typed, what is read, how it is told."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from app.clinic.records.codes import named
from app.clinic.records.labels import label
from app.clinic.records.shapes import Entry
from app.core.words import N_, _

GROUPS = {"illness": N_("Illness"), "life": N_("Way of life"), "person": N_("The person"), "notes": N_("Notes")}
ABOUT = ("sensitive", "source", "noted_on")  # said of every entry, no part of its content


class Section(msgspec.Struct, frozen=True, dict=True):
    """id: the table's name too. noun: of its events. single: at most one entry stands. none: how to say there is none.

    line: an entry in one line, in the reader's language. head: the field that names an entry, where one does.
    figure: what is worked out from an entry: (text, formula's id, source's id), or None where too little was said.
    """

    id: str
    noun: str
    group: str
    title: str
    new: type[msgspec.Struct]
    shape: type[Entry]
    line: Callable[[Any], str]
    add: str
    none: str = ""
    head: str = ""
    single: bool = False
    figure: Callable[[Any, date], tuple[str, str, str] | None] = lambda _one, _today: None

    @property
    def fields(self) -> tuple[str, ...]:
        return self.new.__struct_fields__

    @property
    def content(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in ABOUT)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The fields of which several may be chosen; stored with commas between."""
        return frozenset(name for name, hint in get_type_hints(self.new).items() if get_origin(hint) is list)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(name for name, hint in get_type_hints(self.new).items() if {int, float} & set(get_args(hint)))

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(field.name for field in msgspec.structs.fields(self.new) if field.required)

    def choices(self, name: str) -> dict[str, str]:
        """What can be chosen in a field: value → word's id; empty for what is typed."""
        return self.new.choices.get(name, {})

    def label(self, name: str) -> str:
        """A field's name in the reader's language."""
        return _(label(self.id, name))

    def told(self, one: Entry | msgspec.Struct) -> list[tuple[str, str]]:
        """What an entry says, field by field, as people read it."""
        return [(name, self._shown(name, getattr(one, name))) for name in self.fields]

    def _shown(self, name: str, value: Any) -> str:
        if name == "sensitive":
            return _("yes") if value else ""
        if name == "code" and (known := named(value)):
            return f"{value} {known.name}"
        if name in self.lists:
            return _(", ").join(_(self.choices(name)[one]) for one in split(value))
        if self.choices(name):
            return _(self.choices(name)[value]) if value else ""
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def typed(self, entry: Entry) -> dict[str, Any]:
        """An entry as it would be typed, to fill a form."""
        values = {name: getattr(entry, name) for name in self.fields}
        values |= {name: split(values[name]) for name in self.lists}
        values |= {"sensitive": bool(values["sensitive"])} if "sensitive" in values else {}
        return {name: f"{value:g}" if isinstance(value, float) else value for name, value in values.items()}

    def values(self, one: Any) -> dict[str, Any]:
        """What an entry says, without what was left blank: what its event keeps."""
        said = {name: getattr(one, name) for name in self.content}
        return {name: value for name, value in said.items() if value not in ("", None, [])}

    def retold(self, values: dict[str, Any]) -> str:
        """The line of what an event kept; fields it did not know are blank."""
        blank = {name: None if name in self.numbers else "" for name in self.content}
        return self.line(SimpleNamespace(**(blank | values)))


def split(value: str | list[str]) -> list[str]:
    return [one for one in value.split(",") if one] if isinstance(value, str) else list(value)
