"""Every kind of entry that can be with the wrong person: how it is read, struck out and filed again."""

from msgspec.structs import replace

from app.clinic import attachments, cards, observations, records, tags, work
from app.clinic.mistakes.answered import ANSWERED
from app.clinic.mistakes.said import SAID
from app.clinic.mistakes.shapes import Entry, Kind
from app.clinic.mistakes.visits import VISITS
from app.clinic.patients import Patient
from app.core.access import Actor, May
from app.core.db import Database
from app.core.errors import Forbidden, NotFound
from app.core.words import N_, _


# ── the record ──

def _of_section(section: records.Section) -> Kind:
    def find(db: Database, actor: Actor, patient_id: int, entry_id: int) -> Entry | None:
        one = records.entry(db, patient_id, section, entry_id) and records.newest(db, patient_id, section, entry_id)
        if one is None:
            return None
        if any(version.sensitive for version in records.history(db, patient_id, section, one.id)) and not actor.may(May.SEE_SENSITIVE):
            raise Forbidden()
        told = [(section.label(name), text) for name, text in section.told(one) if text]
        return Entry(one.id, _(section.title), told, f"/record/{section.id}/{one.id}", one, bool(one.retired), bool(one.sensitive))

    def strike(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
        records.withdraw(db, actor, patient.id, section, entry.id, reason)

    def refile(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
        records.record(db, actor, patient.id, section, section.new(**{name: getattr(entry.whole, name) for name in section.fields}))

    return Kind(section.id, section.title, find, strike, refile)


def _none(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = next((one for one in records.nothings(db, patient_id) if one.id == id), None)
    if one is None:
        return None
    section = records.SECTIONS[one.section]
    return Entry(id, _(section.title), [(_(section.title), _(section.none))], f"/record#{section.id}", section, bool(one.gone))


def _strike_none(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    records.take_back_none(db, actor, patient.id, entry.id, reason)


def _refile_none(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    records.record_none(db, actor, patient.id, entry.whole)


# ── results ──

def _report(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = observations.report(db, patient_id, id)
    if one is None:
        return None
    values = observations.last_values(db, patient_id, one)
    told = [(_("Day"), one.taken_at.replace("T", " ")), *((value.indicator.name, value.shown) for value in values)]
    return Entry(id, _("Results"), told, f"/results/{id}", (one, values), one.withdrawn_event_id is not None)


def _strike_report(db: Database, actor: Actor, _patient: Patient, entry: Entry, reason: str) -> None:
    observations.withdraw_report(db, actor, entry.id, reason)


def _refile_report(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    observations.file_again(db, actor, patient, *entry.whole)


def _value(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = observations.observation(db, patient_id, id)
    if one is None or one.derived or one.report_id is None:
        return None
    told = [(_("Day"), one.taken_at.replace("T", " ")), (one.indicator.name, one.shown)]
    return Entry(id, one.indicator.name, told, f"/indicators/{one.code}", one, one.retired_event_id is not None)


def _strike_value(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    observations.correct(db, actor, patient, entry.id, None, reason)


def _refile_value(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    one = entry.whole
    observations.file_again(db, actor, patient, observations.report(db, one.patient_id, one.report_id), [one])


# ── contacts, tags ──

def _contact(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = work.contact(db, patient_id, id)
    if one is None:
        return None
    told = [(_("Day"), one.at.replace("T", " ")), (_("How"), _(work.CHANNELS[one.channel])), (_("How did it go?"), _(work.REACHED[one.outcome]))]
    told += [(_("What was said"), one.note)] if one.note else []
    return Entry(id, _("Contact"), told, "/follow-up", one, bool(one.withdrawn))


def _strike_contact(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    work.retract(db, actor, patient.id, entry.id, reason)


def _refile_contact(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    work.file_again(db, actor, patient.id, entry.whole)


def _label(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = next((tag for tag in tags.by_hand(db, patient_id) if tag.id == id), None)
    return one and Entry(id, _("Tag"), [(_("Tag"), one.code), (_("Reason"), one.reason)], "/tags", one, bool(one.gone))


def _strike_label(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    tags.take_off(db, actor, patient.id, entry.id, reason)


def _refile_label(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    tags.label(db, actor, patient.id, tags.Labelled(entry.whole.code, entry.whole.reason))


# ── cards, attachments ──

def _card(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    one = cards.get(db, patient_id, id)
    if one is None:
        return None
    told = [(_("Number"), one.shown), (_("Card type"), one.name), (_("Opened"), one.opened_on)]
    return Entry(id, _("Card"), told, "/cards", one, bool(one.closed))


def _strike_card(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    """Only just opened it is as if it never was, price and all; later it is closed. What it had asked for goes."""
    opened = next((step for step in cards.steps(db, entry.id) if step.kind == "opened"), None)
    last = cards.last_step(db, entry.id)
    if last and last == opened:
        cards.undo(db, actor, patient.id, entry.id, last.id)
    else:
        cards.close(db, actor, patient.id, entry.id, reason)
    if opened:
        work.withdraw_following(db, patient.id, opened.event_id)


def _refile_card(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    cards.open_card(db, actor, patient.id, entry.whole.type_id)


def _attachment(db: Database, actor: Actor, patient_id: int, id: int) -> Entry | None:
    newest = attachments.newest(db, id) if attachments.get(db, actor, patient_id, id) else None
    one = newest and attachments.get(db, actor, patient_id, newest)
    if not one:
        return None
    one = replace(one, sensitive=int(attachments.secret(db, patient_id, one.id)))  # it may be so only for what it hangs on
    told = [(_("What is it?"), one.name), (_("Day"), one.taken_on)]
    return Entry(one.id, _("Attachment"), told, f"/attachments/{one.id}", one, bool(one.retired), bool(one.sensitive))


def _strike_attachment(db: Database, actor: Actor, patient: Patient, entry: Entry, reason: str) -> None:
    attachments.withdraw(db, actor, patient.id, entry.id, reason)


def _refile_attachment(db: Database, actor: Actor, patient: Patient, entry: Entry) -> None:
    attachments.file_again(db, actor, patient.id, entry.whole)


KINDS = {one.id: one for one in (
    *(_of_section(section) for section in records.SECTIONS.values()),
    Kind("none", N_("Said to be none"), _none, _strike_none, _refile_none),
    Kind("results", N_("Results"), _report, _strike_report, _refile_report),
    Kind("values", N_("Result"), _value, _strike_value, _refile_value),
    Kind("contacts", N_("Contact"), _contact, _strike_contact, _refile_contact),
    Kind("tags", N_("Tag"), _label, _strike_label, _refile_label, May.TAG),
    Kind("cards", N_("Card"), _card, _strike_card, _refile_card, May.HANDLE_CARDS, "card"),
    *SAID,
    *VISITS,
    *ANSWERED,
    Kind("attachments", N_("Attachment"), _attachment, _strike_attachment, _refile_attachment),
)}


def find(db: Database, actor: Actor, patient_id: int, kind_id: str, entry_id: int) -> tuple[Kind, Entry]:
    """The kind and the entry, if it is this person's and for these eyes. Raises NotFound or Forbidden."""
    kind = KINDS.get(kind_id)
    if kind is None:
        raise NotFound()
    if not actor.may(kind.needs):
        raise Forbidden()
    entry = kind.find(db, actor, patient_id, entry_id)
    if entry is None:
        raise NotFound()
    return kind, entry
