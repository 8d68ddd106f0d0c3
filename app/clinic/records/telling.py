"""The record's events, and what they say on the timeline. A sensitive entry's content never stands in its event."""

from typing import Any

from app.clinic import patients
from app.clinic.records.section import Section
from app.clinic.records.sections import SECTIONS
from app.core import events
from app.core.text import plain_line
from app.core.words import N_, _

SECRET = N_("a sensitive entry")
TOLD = {
    "recorded": N_("%(section)s: %(what)s"), "corrected": N_("%(section)s corrected: %(what)s (%(reason)s)"),
    "withdrawn": N_("%(section)s taken out: %(what)s (%(reason)s)"),
    "restored": N_("%(section)s put back: %(what)s"),
    "verified": N_("%(section)s checked: %(what)s"), "unverified": N_("%(section)s, check taken back: %(what)s"),
}
# One entry is told by what it is, not by the name of its section.
NAMES = {
    "condition": N_("Condition"), "allergy": N_("Allergy"), "medication": N_("Medication"), "procedure": N_("Operation"),
    "injury": N_("Injury"), "transfusion": N_("Transfusion"), "immunization": N_("Vaccination"),
    "disability": N_("Disability"), "need": N_("Need"), "note": N_("Note"),
}


def details_of(section: Section, entry_id: int, one: Any) -> dict[str, Any]:
    """What the event says; nothing of a sensitive entry."""
    if getattr(one, "sensitive", False):
        return {"entry": entry_id, "sensitive": True}
    if not section.head:
        return {"entry": entry_id, "sensitive": False, "values": section.values(one)}
    what = _first_line(section, getattr(one, section.head))
    code = {"code": one.code} if getattr(one, "code", "") else {}
    return {"entry": entry_id, "sensitive": False, "what": what, **code}


def _first_line(section: Section, text: str) -> str:
    """Of a note, which is Markdown, the words alone; older events kept its signs."""
    return (plain_line(text) if section.id == "notes" else text.strip().splitlines()[0])[:80]


def _teller(section: Section, sentence: str):
    def tell(details: dict[str, Any]) -> str:
        what = section.retold(details["values"]) if "values" in details else _first_line(section, details.get("what", "—"))
        return _(sentence, section=_(NAMES.get(section.noun, section.title)), reason=details.get("reason", "—"),
                 what=_(SECRET) if details.get("sensitive") else what or "—")
    return tell


def _declare(section: Section) -> None:
    for verb, sentence in TOLD.items():
        events.declare(f"{section.noun}.{verb}", "", clinical=True, describe=_teller(section, sentence))
    if section.none:
        events.declare(f"{section.noun}.none_known", section.none, clinical=True)
    if section.single:
        patients.belongs(section.id, alike=(), ended="retired_event_id")
    else:
        patients.belongs(section.id)


for _section in SECTIONS.values():
    _declare(_section)
patients.belongs("none_known", alike=("section",), ended="retired_event_id")
