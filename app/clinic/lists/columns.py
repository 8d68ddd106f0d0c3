"""What a line can show. Each column reads for a page of people at once."""

import json
from collections.abc import Callable
from datetime import date

import msgspec

from app.clinic import cards, patients, staff, tags
from app.clinic.lists.shapes import USUAL, Row, View
from app.core import clock
from app.core.access import Actor, May
from app.core.db import Database
from app.core.words import LANGUAGES, N_, _

Texts = dict[int, str]  # patient id → what stands in the cell


class Column(msgspec.Struct, frozen=True):
    """read(db, rows, today). mask: what of it may stand on a screen anybody can see; show: how it is read in full.

    digits: set in figures of one width.
    """

    name: str
    label: str
    read: Callable[[Database, list[Row], date], Texts]
    mask: Callable[[str], str] | None = None
    show: Callable[[str], str] | None = None
    clinical: bool = False
    digits: bool = False


def _ids(rows: list[Row]) -> str:
    return json.dumps([row.id for row in rows])


def told(row: Row, today: date) -> str:
    """女 78"""
    age = row.age(today)
    return row.sex_name if age is None else f"{row.sex_name} {age}"


def _ages(_db: Database, rows: list[Row], today: date) -> Texts:
    ages = {row.id: row.age(today) for row in rows}
    return {id: str(age) for id, age in ages.items() if age is not None}


def _crew(attribute: str) -> Callable[[Database, list[Row], date], Texts]:
    def read(db: Database, rows: list[Row], _today: date) -> Texts:
        names = staff.names(db)
        return {row.id: names.get(getattr(row, attribute), "") for row in rows}

    return read


def _phones(db: Database, rows: list[Row], _today: date) -> Texts:
    return patients.phones_of(db, [row.id for row in rows])


def _cards(db: Database, rows: list[Row], _today: date) -> Texts:
    return cards.numbers(db, [row.id for row in rows])


CARD_TYPES = """
SELECT k.patient_id, c.type_id, coalesce(c.valid_until, '') FROM card_people k JOIN cards c ON c.id = k.card_id
WHERE k.patient_id IN (SELECT value FROM json_each(:ids)) AND k.removed_event_id IS NULL
"""


def _card_types(db: Database, rows: list[Row], _today: date) -> Texts:
    names = {one.id: one.name for one in cards.types(db)}
    return {id: names.get(type_id, "") for id, type_id, _until in db.all(tuple, CARD_TYPES, ids=_ids(rows))}


def _card_ends(db: Database, rows: list[Row], _today: date) -> Texts:
    return {id: until for id, _type, until in db.all(tuple, CARD_TYPES, ids=_ids(rows))}


DOCUMENTS = """
SELECT patient_id, value FROM patient_identifiers WHERE patient_id IN (SELECT value FROM json_each(:ids))
  AND system NOT LIKE 'sender:%' AND retired_event_id IS NULL ORDER BY system <> 'resident_id', id DESC
"""


def _documents(db: Database, rows: list[Row], _today: date) -> Texts:
    return {id: value for id, value in reversed(db.all(tuple, DOCUMENTS, ids=_ids(rows)))}


PLAIN = "SELECT id, {column} FROM patients WHERE id IN (SELECT value FROM json_each(:ids))"


def _plain(column: str) -> Callable[[Database, list[Row], date], Texts]:
    return lambda db, rows, _today: dict(db.all(tuple, PLAIN.format(column=column), ids=_ids(rows)))


def _languages(db: Database, rows: list[Row], today: date) -> Texts:
    return {id: LANGUAGES[code] for id, code in _plain("language")(db, rows, today).items()}


REGISTERED = """
SELECT p.id, e.at FROM patients p JOIN events e ON e.id = p.created_event_id WHERE p.id IN (SELECT value FROM json_each(:ids))
"""


def _registered(db: Database, rows: list[Row], _today: date) -> Texts:
    return {id: clock.to_local(at).date().isoformat() for id, at in db.all(tuple, REGISTERED, ids=_ids(rows))}


REACHED = """
SELECT patient_id, substr(max(at), 1, 10) FROM contacts
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND outcome = 'reached'
  AND withdrawn_event_id IS NULL GROUP BY patient_id
"""
DUE = """
SELECT patient_id, min(due_on) FROM work_items
WHERE patient_id IN (SELECT value FROM json_each(:ids)) AND closed_event_id IS NULL AND due_on IS NOT NULL GROUP BY patient_id
"""


def _tags(db: Database, rows: list[Row], _today: date) -> Texts:
    return {id: _(", ").join(tag.name for tag in found) for id, found in tags.current_of(db, [row.id for row in rows]).items()}


def mask_number(number: str) -> str:
    """8600 2117 → **** 2117"""
    return "**** " + number[-4:]


COLUMNS = {column.name: column for column in (
    Column("who", N_("Sex and age"), lambda db, rows, today: {row.id: told(row, today) for row in rows}),
    Column("sex", N_("Sex"), lambda db, rows, today: {row.id: row.sex_name for row in rows}),
    Column("age", N_("Age"), _ages),
    Column("born", N_("Birth date"), lambda db, rows, today: {row.id: row.born_told for row in rows}, digits=True),
    Column("phone", N_("Phone"), _phones, patients.mask_phone, patients.show_phone, digits=True),
    Column("number", N_("Number"), lambda db, rows, today: {row.id: row.number for row in rows}, digits=True),
    Column("card", N_("Card"), _cards, mask_number, digits=True),
    Column("card_type", N_("Card type"), _card_types),
    Column("card_until", N_("Card valid until"), _card_ends, digits=True),
    Column("doctor", N_("Doctor"), _crew("doctor_id")),
    Column("manager", N_("Health manager"), _crew("manager_id")),
    Column("document", N_("ID number"), _documents, patients.mask_document, digits=True),
    Column("address", N_("Address"), _plain("address"), lambda text: "***"),
    Column("language", N_("Language for reports"), _languages),
    Column("registered", N_("Registered on"), _registered, digits=True),
    Column("last_contact", N_("Last reached"), lambda db, rows, today: dict(db.all(tuple, REACHED, ids=_ids(rows))), clinical=True, digits=True),
    Column("due", N_("Next thing due"), lambda db, rows, today: dict(db.all(tuple, DUE, ids=_ids(rows))), clinical=True, digits=True),
    Column("tags", N_("Tags"), _tags, clinical=True),
)}  # fmt: skip
APART = {"who": ("sex", "age", "born")}  # in a file these are columns of their own


def columns(view: View, actor: Actor) -> list[Column]:
    """Those chosen, else the usual ones, as far as this actor may see them; in the order of COLUMNS."""
    chosen = set(view.columns or USUAL)
    return [one for one in COLUMNS.values() if one.name in chosen and (actor.may(May.SEE_CLINICAL) or not one.clinical)]


def columns_of_file(view: View, actor: Actor) -> list[Column]:
    names = [name for one in columns(view, actor) for name in APART.get(one.name, (one.name,))]
    return [COLUMNS[name] for name in dict.fromkeys(["number", *names])]


def choices(actor: Actor) -> list[tuple[str, str]]:
    """Columns to choose from: (name, label in the reader's language)."""
    return [
        (one.name, _(one.label)) for one in COLUMNS.values()
        if one.name not in ("sex", "age") and (actor.may(May.SEE_CLINICAL) or not one.clinical)
    ]
