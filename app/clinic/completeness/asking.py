"""What was answered, read field by field: nothing is written here, and every field says its own error."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from app.clinic import observations, patients, records
from app.clinic.completeness.shapes import Ask
from app.core import clock
from app.core.errors import Refusal
from app.core.forms import Field, Form, bind
from app.core.words import N_, _

CONTRADICTS = N_("The number says %(says)s, but the record says %(known)s.")


def _birth(text: str) -> patients.Birth:
    return patients.read_birth(text, clock.today())


class Person(msgspec.Struct, frozen=True):
    """What may be missing about who somebody is, as typed."""

    name: Annotated[str, Field(most=60)] = ""
    sex: Literal["", "female", "male"] = ""
    birth: Annotated[patients.Birth | None, Field(parse=_birth)] = None
    document_kind: Literal["resident_id", "passport", "hk_macau_permit", "taiwan_permit", "foreign_residence", "none"] = "resident_id"
    document: Annotated[str, Field(most=60)] = ""
    phone: Annotated[str | None, Field(parse=patients.read_phone)] = None
    address: Annotated[str, Field(most=120)] = ""
    doctor_id: int | None = None
    consent_how: patients.Way | None = None
    consent_by: Annotated[str, Field(most=60)] = ""


class Entry(msgspec.Struct, frozen=True):
    """An entry to be recorded. at: the beginning of its fields' names on the form."""

    ask: str
    at: str
    section: records.Section
    new: msgspec.Struct


class Asked(msgspec.Struct):
    """What a form that was sent says. given: the asks that were answered; told: each answer as people read it."""

    raw: dict[str, Any]
    errors: dict[str, str]
    given: dict[str, str]
    facts: dict[str, Any]
    document: patients.Document | None = None
    consent: patients.Consent | None = None
    doctor_id: int | None = None
    entries: list[Entry] = []
    nones: dict[str, records.Section] = {}
    values: list[observations.NewValue] = []
    taken_at: str = ""

    @property
    def form(self) -> Form:
        return Form(self.raw, self.errors)


def asked(
    patient: patients.Patient, asks: Mapping[str, Ask], data: Mapping[str, Any], standing: Mapping[str, dict[str, Any]],
) -> Asked:
    """Read an answered form. standing: of what stands once, its section → the entry as it would be typed."""
    raw = {name: (given[-1] if isinstance(given, list) and name != "sure" else given) for name, given in data.items()}
    answers = Asked(raw, {}, {}, {}, entries=[], nones={}, values=[], taken_at=_moment(str(raw.get("taken_at", ""))))
    _read_person(answers, patient, {ask.patient for ask in asks.values() if ask.patient})
    for id, ask in asks.items():
        if ask.section:
            _read_section(answers, id, ask, standing.get(ask.section, {}))
    _read_values(answers, [ask.indicator for ask in asks.values() if ask.indicator])
    return answers


def _moment(text: str) -> str:
    """To the minute; what cannot be read is now."""
    try:
        return clock.wall(datetime.fromisoformat(text))
    except ValueError:
        return clock.wall()


def _read_person(answers: Asked, patient: patients.Patient, wanted: set[str]) -> None:
    form = bind(Person, {name: answers.raw.get(name, "") for name in _fields(wanted)})
    answers.errors |= form.errors
    given = form.value
    if given is None:
        return
    facts = {
        "name": given.name, "sex": given.sex, "birth_date": given.birth, "phone": given.phone, "address": given.address,
    }
    answers.facts = {name: value for name, value in facts.items() if name in wanted and value}
    answers.given |= {name: str(answers.raw.get("birth" if name == "birth_date" else name, "")) for name in answers.facts}
    if "document" in wanted:
        _read_document(answers, patient, given)
    if "doctor" in wanted and given.doctor_id:
        answers.doctor_id = given.doctor_id
        answers.given["doctor"] = str(given.doctor_id)
    if "consent" in wanted and given.consent_how:
        answers.consent = patients.Consent(
            patients.consent_text().version, given.consent_how, clock.today().isoformat(), given.consent_by or patient.name)
        answers.given["consent"] = _(patients.WAYS[given.consent_how])


FIELDS = {"birth_date": ("birth",), "document": ("document_kind", "document"), "doctor": ("doctor_id",),
          "consent": ("consent_how", "consent_by")}


def _fields(wanted: set[str]) -> list[str]:
    return [field for name in wanted for field in FIELDS.get(name, (name,))]


def _read_document(answers: Asked, patient: patients.Patient, given: Person) -> None:
    if given.document_kind == "none" and not given.document:
        answers.facts["no_document"] = True
        answers.given["document"] = _("none")
    elif given.document:
        kind = patients.recognised(given.document) or given.document_kind
        try:
            read = patients.read_document(kind, given.document, clock.today())
        except Refusal as refusal:
            answers.errors["document"] = str(refusal)
            return
        answers.document, answers.given["document"] = read, read.number
        _follow(answers, patient, read)


def _follow(answers: Asked, patient: patients.Patient, read: patients.Document) -> None:
    """A number that says sex and birth date fills them in, and must not contradict what is known or typed."""
    if not read.birth_date:
        return
    typed = answers.facts.get("birth_date")
    born = typed.on if typed and not typed.about else None if patient.birth_about else patient.born
    sex = answers.facts.get("sex") or patient.sex
    if born and born != read.birth_date:
        _contradicts(answers, read.birth_date.isoformat(), born.isoformat())
    elif sex not in ("unknown", read.sex):
        _contradicts(answers, _(patients.SEXES[read.sex]), _(patients.SEXES[sex]))
    else:
        answers.facts |= {"sex": read.sex, "birth_date": patients.Birth(read.birth_date)}


def _contradicts(answers: Asked, says: str, known: str) -> None:
    answers.errors["document"] = _(CONTRADICTS, says=says, known=known)


def _read_section(answers: Asked, id: str, ask: Ask, standing: dict[str, Any]) -> None:
    section = records.section(ask.section)
    typed_rows = 0
    for row in range(ask.rows):
        at = f"{id}.{row}."
        typed = {name: str(answers.raw.get(at + name, "")).strip() for name in ask.fields}
        if any(typed.values()):
            typed_rows += 1
            _read_entry(answers, id, at, section, standing, typed)
    if answers.raw.get(f"{id}.none") and section.none:
        if typed_rows:
            answers.errors[f"{id}.none"] = _(BOTH)
        else:
            answers.nones[id] = section
            answers.given[id] = _(section.none)


BOTH = N_("Something is entered above, so it cannot be “none”.")


def _read_entry(
    answers: Asked, id: str, at: str, section: records.Section, standing: dict[str, Any], typed: dict[str, str]
) -> None:
    said = {"source": str(answers.raw.get("source", "")) or "patient"}
    form = bind(section.new, _as_sent(standing) | said | typed)
    answers.errors |= {at + name: text for name, text in form.errors.items()}
    if form.value is not None:
        answers.entries.append(Entry(id, at, section, form.value))
        answers.given[id] = "; ".join(part for part in (answers.given.get(id, ""), section.line(form.value)) if part)


def _as_sent(standing: dict[str, Any]) -> dict[str, Any]:
    """An entry that stands, as its form would send it."""
    return {name: value if isinstance(value, list) else "" if value in (None, False) else "on" if value is True else str(value)
            for name, value in standing.items() if name not in ("noted_on", "source")}


def _read_values(answers: Asked, codes: list[str]) -> None:
    fields = [
        observations.Typed(code, str(answers.raw.get(f"value_{code}", "")).strip()[:60], str(answers.raw.get(f"unit_{code}", "")))
        for code in codes
    ]
    sure = answers.raw.get("sure", [])
    entry = observations.understand(fields, frozenset(sure if isinstance(sure, list) else [sure]))
    answers.errors |= {f"value_{code}": _(message, **params) for code, (message, params) in entry.errors.items()}
    answers.raw["unsure"] = entry.unsure
    answers.values = entry.values
    answers.given |= {field.code: f"{field.text} {field.unit}".strip() for field in fields if field.text}
