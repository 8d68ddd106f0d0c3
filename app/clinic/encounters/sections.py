"""The sections of a consultation, in the order of the page: what each asks, and which lines it has."""

import re

import msgspec

from app.core.errors import NotFound
from app.core.words import N_

MOST_LINES = 12
MOST_CHARACTERS = 8000  # of one field
CERTAINTIES = {
    "provisional": N_("Provisional"), "confirmed": N_("Confirmed"), "differential": N_("To be told apart"), "refuted": N_("Ruled out"),
}  # fmt: skip
_LINE = re.compile(r"([a-z]+)_([1-9]|1[0-2])")


class Section(msgspec.Struct, frozen=True):
    """fields: name → its label's id; one named `text` goes by the section's title. lines: the fields of each of its lines."""

    id: str
    title: str
    fields: dict[str, str]
    hint: str = ""
    lines: dict[str, str] = {}
    optional: bool = False

    def takes(self, name: str) -> bool:
        found = _LINE.fullmatch(name)
        return name in self.fields or bool(found and found[1] in self.lines)

    def label(self, name: str) -> str:
        """The words' id of a field, a line's included."""
        found = _LINE.fullmatch(name)
        return self.lines[found[1]] if found and found[1] in self.lines else self.fields[name]


SECTIONS = {one.id: one for one in (
    Section("complaint", N_("Chief complaint"), {"text": N_("Chief complaint")}, N_("What brings them, and since when")),
    Section("illness", N_("History of present illness"), {"text": N_("History of present illness")}),
    Section("history", N_("Past, family, allergies, medicines"), {"text": N_("What else was told")}),
    Section("examination", N_("Examination"), {"text": N_("Examination")}),
    Section("tcm", N_("Chinese medicine"), {"tongue": N_("Tongue"), "pulse": N_("Pulse"), "text": N_("Pattern and reasoning")}, optional=True),
    Section("needs", N_("Psychological and social needs"), {"text": N_("Psychological and social needs")},
            N_("Mood, worries, family, money, who helps at home")),
    Section("assessment", N_("Assessment"), {"text": N_("Reasoning")},
            lines={"text": N_("Assessment"), "code": N_("ICD-10 code"), "certainty": N_("Certainty"), "record": N_("Also in the record")}),
    Section("plan", N_("Plan"), {"text": N_("Plan")}, lines={"what": N_("What was promised"), "on": N_("By when")}),
    Section("advice", N_("Advice to the person, in plain words"), {"text": N_("Advice to the person, in plain words")},
            N_("It is printed large on their own copy.")),
)}


def sections(tcm: bool) -> list[Section]:
    """Those this clinic uses."""
    return [one for one in SECTIONS.values() if tcm or not one.optional]


def section(id: str) -> Section:
    """Raises NotFound for one that does not exist."""
    found = SECTIONS.get(id)
    if found is None:
        raise NotFound()
    return found
