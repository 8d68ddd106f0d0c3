"""The file as people read it: sections of lines, in the reader's language, in pieces that can be drawn."""

import json
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace

import msgspec

from app.clinic import cards, catalogue, patients, records, tags, work
from app.clinic.dossiers import answered, visits
from app.clinic.dossiers.looking import LOOKED
from app.clinic.dossiers.resources import struck, when
from app.clinic.dossiers.rows import Everything, Row
from app.core import clock, events
from app.core.text import plain_line
from app.core.words import N_, _

ROWS = 40  # of one table: the library takes long over long ones
FIRST = 5  # of the one that stays on one page with its heading
LINES = 1200  # of one drawing

ENTRIES = {
    "price": N_("Price"), "credit": N_("Credit"), "granted": N_("Included"), "counted": N_("Counted again"), "used": N_("Used"),
    "undone": N_("Taken back"),
}  # fmt: skip
SAID = {"noted_on", "note", "sensitive"}  # in a place of their own, or for nobody outside the house
Lines = list[tuple[str, ...]]


class Sheet(msgspec.Struct, frozen=True):
    """title: blank where a section goes on. lines: (day, what, who and why)."""

    title: str
    lines: Lines


def pieces(known: Everything) -> list[list[Sheet]]:
    """What is drawn in one go, each of at most so many lines."""
    found: list[list[Sheet]] = [[]]
    filled = 0
    for title, lines in sections(known):
        starts = [0, *range(FIRST, len(lines), ROWS)]
        for start, end in pairwise([*starts, len(lines)]):
            if filled >= LINES:
                found.append([])
                filled = 0
            found[-1].append(Sheet("" if start else title, lines[start:end]))
            filled += end - start
    return found


def sections(known: Everything) -> Iterator[tuple[str, Lines]]:
    told = [
        (_("Who this is"), _identity(known)), (_("How to reach them"), _reaching(known)), (_("Cards"), _cards(known)),
        *((_(section.title), _record(known, section)) for section in records.SECTIONS.values()),
        (_("What is really taken"), _reviews(known)), (_("Results"), _results(known)), (_("Findings"), _findings(known)),
        (_("Tags"), _tags(known)), (_("Work"), _work(known)), (_("Contacts"), _contacts(known)),
        (_("Consultation"), visits.lines(known)), (_("Questionnaires"), answered.lines(known)),
        (_("Health reports and attachments"), _documents(known)), (_("Everything that happened"), _events(known)),
        (_("Who looked"), _looks(known)),
    ]
    return ((title, lines) for title, lines in told if lines)


def _by(known: Everything, event_id: int | None) -> str:
    found = known.when.get(event_id) if event_id else None
    if not found:
        return ""
    at = clock.to_local(found[0]).strftime("%Y-%m-%d %H:%M")
    return f"{at} {known.staff.get(found[1], _('The house itself'))}"


def _day(known: Everything, event_id: int | None) -> str:
    at = when(known, event_id)
    return clock.to_local(at).date().isoformat() if at else ""


def _identity(known: Everything) -> Lines:
    one = known.patient
    said = [
        (_("Name"), one.name), (_("Number"), one.number), (_("Sex"), one.sex_name), (_("Born"), one.born_told), (_("Address"), one.address),
        (_("Occupation"), one.occupation_told), (_("Workplace"), one.workplace), (_("Responsible doctor"), known.staff.get(one.doctor_id, "")),
        *((_(patients.DOCUMENTS.get(row["system"], N_("Number elsewhere"))), row["value"]) for row in known.tables["patient_identifiers"]),
    ]
    return [("", f"{label}: {text}", "") for label, text in said if text]


def _reaching(known: Everything) -> Lines:
    tables = known.tables
    phones = [("", f"{patients.show_phone(row['number'])} {patients.Phone(row['number'], row['relation'], row['whose']).whose_told}",
               _ended(known, row)) for row in tables["patient_phones"]]
    people = [("", f"{one.kind_told}: {one.name} {one.relation_told} {one.phone_told}", _ended(known, row))
              for row in tables["related_people"] if row["patient_id"] in known.joined
              for one in [patients.Related(row["kind"], row["name"], row["relation"], row["phone"])]]
    ways = [(_day(known, row["event_id"]), f"{_(patients.CHANNELS[row['channel']])}: {_('yes') if row['allowed'] else _('no')}", _ended(known, row))
            for row in tables["channel_consents"]]
    consents = [(row["given_on"], _("Consent text %(version)s", version=row["text_version"]) + f" · {_(patients.WAYS.get(row['how'], row['how']))}",
                 row["given_by"]) for row in tables["consents"]]
    return phones + people + ways + consents


def _ended(known: Everything, row: Row) -> str:
    ended = row.get("retired_event_id")
    return _("until %(when)s", when=_by(known, ended)) if ended else _by(known, row["event_id"])


def _cards(known: Everything) -> Lines:
    lines: Lines = [(row["opened_on"], f"{row['number']} · ¥ {cards.yuan(row['price_fen'])}",
                     _("Valid until %(day)s", day=row["valid_until"]) if row["valid_until"] else "") for row in known.tables["cards"]]
    return lines + [(row["day"], f"{_(ENTRIES[row['what']])} {row['amount']:+d} → {row['balance']} {row['note']}", _by(known, row["event_id"]))
                    for row in known.tables["card_entries"]]


def _record(known: Everything, section: records.Section) -> Lines:
    rows = sorted(known.tables[section.id], key=lambda row: (row["noted_on"], row["id"]), reverse=True)
    none = [(_day(known, row["event_id"]), _(section.none), _ended(known, row)) for row in known.tables["none_known"] if row["section"] == section.id]
    return [(row["noted_on"], _line(section, row), _state(known, row)) for row in rows] + none


def _line(section: records.Section, row: Row) -> str:
    """What it says at a glance, then every other field by its name."""
    if section.id == "notes":
        return plain_line(row["text"])
    line = section.line(SimpleNamespace(**row))
    rest = [f"{section.label(name)}: {text}" for name, text in section.told(SimpleNamespace(**row)) if text and name not in SAID and text not in line]
    return " · ".join(filter(None, (line, *rest, row.get("note", ""))))


def _state(known: Everything, row: Row) -> str:
    """Who wrote it and why, and what became of it."""
    why = f" ({row['reason']})" if row["reason"] else ""
    if struck(row):
        return _("Taken out: %(reason)s", reason=row["retired_reason"]) + " · " + _by(known, row["retired_event_id"])
    if row["retired_event_id"]:
        return _("replaced by a newer version %(when)s", when=_by(known, row["retired_event_id"]))
    return _by(known, row["event_id"]) + why


def _reviews(known: Everything) -> Lines:
    """Medicine by medicine, and what was noticed and agreed."""
    drugs = {row["id"]: row["drug"] for row in known.tables["medications"]}
    found: Lines = []
    for row in known.tables["medication_reviews"]:
        answers = [
            f"{drugs.get(line['medication_id'], '')}: {_(records.TAKES[line['takes']])} {line['how']} {line['why']}".strip()
            for line in known.parts["medication_review_lines"].get(row["id"], [])
        ]
        said = [*answers, *(row[name] for name in ("noticed", "agreed") if row[name])]
        found += [(row["reviewed_on"], text, _state(known, row)) for text in said or [""]]
    return found


def _results(known: Everything) -> Lines:
    rows = sorted(known.tables["observations"], key=lambda row: (row["taken_at"], row["id"]), reverse=True)
    return [(row["taken_at"].replace("T", " "), _result(row), _("struck out") if row["retired_event_id"] else _by(known, row["event_id"])) for row in rows]


def _result(row: Row) -> str:
    indicator = catalogue.indicators()[row["code"]]
    return f"{indicator.name}: {catalogue.quantity(indicator, row['value'], row['text'], row['comparator'])}"


def _findings(known: Everything) -> Lines:
    return [(row["opened_on"], catalogue.name_of(row["code"]), _("until %(when)s", when=_by(known, row["ended_event_id"])) if row["ended_event_id"] else "")
            for row in known.tables["findings"]]


def _tags(known: Everything) -> Lines:
    return [(_day(known, row["set_event_id"]), tags.name_of(row["code"]),
             _("until %(when)s", when=_by(known, row["removed_event_id"])) if row["removed_event_id"] else row["reason"])
            for row in known.tables["tags"] if not row["code"].startswith(tags.ALARM)]


def _work(known: Everything) -> Lines:
    return [(row["due_on"] or "", str(work.pathways()[row["pathway"]].title), _by(known, row["closed_event_id"]))
            for row in known.tables["work_items"] if not work.pathways()[row["pathway"]].alarm]


def _contacts(known: Everything) -> Lines:
    return [(row["at"].replace("T", " "), " · ".join(filter(None, (_(work.CHANNELS[row["channel"]]), _(work.REACHED[row["outcome"]]), row["note"]))),
             row["withdrawn_reason"] or _by(known, row["event_id"])) for row in known.tables["contacts"]]


def _documents(known: Everything) -> Lines:
    reports: Lines = [(_day(known, row["wanted_event_id"]), _("Health report %(number)s", number=row["number"]), "") for row in known.tables["reports"]]
    return reports + [(row["taken_on"], row["title"] or row["kind"], _state(known, row)) for row in known.tables["attachments"]]


def _events(known: Everything) -> Lines:
    rows = sorted(known.tables["events"], key=lambda row: row["id"], reverse=True)
    told = [(row, _told(row)) for row in rows]
    return [(clock.to_local(row["at"]).strftime("%Y-%m-%d %H:%M"), said, known.staff.get(row["actor_id"], _("The house itself"))) for row, said in told if said]


def _told(row: Row) -> str:
    """What calls a person goes to a person and not onto this paper; blank where nothing else was in it."""
    details = json.loads(row["details"]) or {}
    codes = details.get("codes", [])
    left = [code for code in codes if not code.startswith(tags.ALARM)]
    if (codes and not left) or str(details.get("pathway", "")).startswith(tags.ALARM):
        return ""
    return events.tell(row["kind"], details | ({"codes": left} if codes else {})) if row["kind"] in events.KINDS else row["kind"]


def _looks(known: Everything) -> Lines:
    rows = sorted(known.tables["looks"], key=lambda row: row["at"], reverse=True)
    return [(clock.to_local(row["at"]).strftime("%Y-%m-%d %H:%M"), known.staff.get(row["actor_id"], ""), _(LOOKED[row["how"]])) for row in rows]
