"""Answers that belong in the record are offered to staff, and written by the record's own verbs when somebody takes them over."""

from typing import Any

import msgspec

from app.clinic import records
from app.clinic.responses import queries
from app.clinic.responses.completing import filed
from app.clinic.responses.lines import Line, lines
from app.clinic.responses.recorded import field_of, typed_of
from app.clinic.responses.shapes import Response
from app.clinic.responses.sitting import definition_of
from app.clinic.responses.telling import details_of
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import NotFound
from app.core.forms import bind
from app.core.words import N_, _

ANSWERED = N_("From a questionnaire")


class Offer(msgspec.Struct, frozen=True):
    """An entry the record would get. key: names it on the page. entry_id: the standing one it would take the place of.

    differs: (what, as answered, as it stands). errors: why the record would not take it.
    """

    key: str
    section: records.Section
    new: msgspec.Struct | None
    entry_id: int | None
    differs: list[tuple[str, str, str]]
    errors: list[str]

    @property
    def title(self) -> str:
        return _(self.section.title)


def offers(db: Database, actor: Actor, one: Response) -> list[Offer]:
    """What is not in the record yet, and was not taken over once. Nothing where a sensitive entry stands that the actor may not see."""
    done = {offer for *_filed, offer in queries.filed(db, one.id)}
    entries = _entries(lines(definition_of(db, one), queries.fhir(db, one.id)))
    made = (_offer(db, actor, one, key, *entry) for key, entry in entries.items() if key not in done)
    return [offer for offer in made if offer]


def _entries(answered: list[Line]) -> dict[str, tuple[records.Section, dict[str, Any]]]:
    """Fields by the entry they belong to: one of a section, or one for each repetition or each of several answers."""
    found: dict[str, tuple[records.Section, dict[str, Any]]] = {}
    for line in answered:
        mapped = field_of(line.item)
        if not line.values or mapped is None:
            continue
        section, name = mapped
        several = not section.single and line.item.repeats and name not in section.lists
        for n, each in enumerate([[value] for value in line.values] if several else [line.values]):
            around = "" if section.single else line.path.rpartition("/")[0]
            key = f"{section.id}:{around}:{n if several else ''}"
            found.setdefault(key, (section, {}))[1][name] = typed_of(line.item, section, name, each)
    return found


def _offer(
    db: Database, actor: Actor, one: Response, key: str, section: records.Section, typed: dict[str, Any],
) -> Offer | None:
    standing = records.entries(db, one.patient_id, section)
    if any(getattr(entry, "sensitive", 0) for entry in standing) and not actor.may(May.SEE_SENSITIVE):
        return None
    old = standing[0] if section.single and standing else None
    about = {"source": "clinic" if one.asked_by == "staff" else "patient", "noted_on": one.day}
    form = bind(section.new, _as_typed(section.typed(old) if old else {}) | typed | about)
    if not form.ok:
        return Offer(key, section, None, None, [(section.label(name), _in_words(said), "") for name, said in typed.items()], list(form.errors.values()))
    if any(section.values(entry) == section.values(form.value) for entry in standing):
        return None
    return Offer(key, section, form.value, old and old.id, _differs(section, form.value, old, set(typed)), [])


def _differs(section: records.Section, new: msgspec.Struct, old: records.Entry | None, names: set[str]) -> list[tuple[str, str, str]]:
    was = dict(section.told(old)) if old else {}
    told = [(name, text, was.get(name, "")) for name, text in section.told(new) if name in names]
    return [(section.label(name), text, before) for name, text, before in told if text != before]


def _as_typed(values: dict[str, Any]) -> dict[str, Any]:
    """As a browser would send it."""
    return {name: ("on" if value else "") if isinstance(value, bool) else value for name, value in values.items()}


def _in_words(said: Any) -> str:
    return ", ".join(said) if isinstance(said, list) else said


def take_over(db: Database, actor: Actor, one: Response, key: str) -> None:
    """Write one of the offers into the record. Raises NotFound where it is not offered (any more)."""
    with db.aside():
        offer = next((each for each in offers(db, actor, one) if each.key == key and each.new), None)
        if offer is None:
            raise NotFound()
        with db.change(actor, "response.recorded", one.patient_id) as details:
            if offer.entry_id:
                entry = records.correct(db, actor, one.patient_id, offer.section, offer.entry_id, offer.new, _(ANSWERED))
            else:
                entry = records.record(db, actor, one.patient_id, offer.section, offer.new)
            filed(db, one, details.event_id, section=offer.section.id, entry_id=entry, offer=key)
            details |= details_of(one) | {"section": offer.section.id}
