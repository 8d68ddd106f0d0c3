"""The sections of the record: which table, which words, what is typed and what is read."""

from typing import Any

import msgspec

from app.clinic.records.shapes import (
    CHOICES,
    Allergy,
    Condition,
    Entry,
    Medication,
    NewAllergy,
    NewCondition,
    NewMedication,
    NewNote,
    Note,
)
from app.core import events
from app.core.errors import NotFound
from app.core.words import N_, _


class Section(msgspec.Struct, frozen=True):
    """id: the table's name too. noun: of its events. head: the field that names an entry. none: how to say there is none."""

    id: str
    noun: str
    title: str
    head: str
    new: type[msgspec.Struct]
    shape: type[Entry]
    add: str
    none: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return self.new.__struct_fields__

    def told(self, entry: Entry | msgspec.Struct) -> list[tuple[str, str]]:
        """What an entry says, field by field, as people read it."""
        return [(name, _shown(name, getattr(entry, name))) for name in self.fields]


def _shown(name: str, value: Any) -> str:
    if name == "sensitive":
        return _("yes") if value else ""
    return _(CHOICES[name][value]) if name in CHOICES else str(value or "")


SECTIONS = {one.id: one for one in (
    Section("conditions", "condition", N_("Conditions"), "text", NewCondition, Condition,
            N_("Add a condition"), N_("No known conditions")),
    Section("allergies", "allergy", N_("Allergies"), "substance", NewAllergy, Allergy,
            N_("Add an allergy"), N_("No known allergies")),
    Section("medications", "medication", N_("Medicines"), "drug", NewMedication, Medication,
            N_("Add a medicine"), N_("Takes no medicines")),
    Section("notes", "note", N_("Notes"), "text", NewNote, Note, N_("Add a note")),
)}


def section(id: str) -> Section:
    """Raises NotFound for a section that does not exist."""
    found = SECTIONS.get(id)
    if found is None:
        raise NotFound()
    return found


SECRET = N_("a sensitive entry")
TOLD = {
    "condition": (N_("Condition: %(what)s"), N_("Condition corrected: %(what)s (%(reason)s)"),
                  N_("Condition taken out: %(what)s (%(reason)s)")),
    "allergy": (N_("Allergy: %(what)s"), N_("Allergy corrected: %(what)s (%(reason)s)"),
                N_("Allergy taken out: %(what)s (%(reason)s)")),
    "medication": (N_("Medicine: %(what)s"), N_("Medicine corrected: %(what)s (%(reason)s)"),
                   N_("Medicine taken out: %(what)s (%(reason)s)")),
    "note": (N_("Note: %(what)s"), N_("Note corrected: %(what)s (%(reason)s)"), N_("Note taken out: %(what)s (%(reason)s)")),
}
NONE_KNOWN = {"condition": N_("No known conditions"), "allergy": N_("No known allergies"), "medication": N_("Takes no medicines")}


def _teller(sentence: str):
    def tell(details: dict[str, Any]) -> str:
        """A sensitive entry's content never stands in its event."""
        what = _(SECRET) if details.get("sensitive") else details.get("what", "—")
        return _(sentence, what=what, reason=details.get("reason", "—"))
    return tell


def _declare() -> None:
    for noun, sentences in TOLD.items():
        for verb, sentence in zip(("recorded", "corrected", "withdrawn"), sentences, strict=True):
            events.declare(f"{noun}.{verb}", "", clinical=True, describe=_teller(sentence))
    for noun, sentence in NONE_KNOWN.items():
        events.declare(f"{noun}.none_known", sentence, clinical=True)


_declare()
